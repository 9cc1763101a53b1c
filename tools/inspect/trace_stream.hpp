// From the octets of one connection, in both directions, to its packets: cut, numbered, checked.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "inspect/conversation.hpp"
#include "inspect/packet_fields.hpp"

namespace mqtk::inspect {

using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

struct TracedPacket {
  WallTime time{};
  std::uint64_t connection = 0;  ///< from 1
  Side from = Side::Client;
  wire::ProtocolVersion version = wire::ProtocolVersion::V311;
  /// The whole packet, or the octets behind the last one when they are none; valid during the call.
  Bytes octets;
  bool is_packet = true;
  std::vector<Violation> violations;
};
using PacketSink = std::function<void(const TracedPacket&)>;

class TraceStream {
 public:
  TraceStream(std::uint64_t connection, PacketSink sink)
      : connection_(connection), sink_(std::move(sink)) {}

  void feed(Side side, Bytes octets, WallTime time);
  /// Of packets and of octets that are none.
  std::uint64_t violations() const { return violations_; }

 private:
  struct Direction {
    wire::Framer framer{};
    bool broken = false;
  };
  void tell(TracedPacket packet);

  std::uint64_t connection_;
  PacketSink sink_;
  Direction directions_[2];
  Conversation conversation_;
  std::uint64_t violations_ = 0;
};

/// How packets are shown.
struct TraceFormat {
  enum class Detail : std::uint8_t { Lines, Fields, Octets };
  Detail detail = Detail::Octets;
  bool json = false;
  bool secrets = false;       ///< passwords and authentication data are shown
  std::size_t payload = 256;  ///< octets shown of each value; 0: all
};

void append_packet(std::string& out, const TracedPacket& packet, const TraceFormat& format);
/// "12:34:56.123456", local; in JSON "ts" is used.
std::string wall_text(WallTime time);

}  // namespace mqtk::inspect
