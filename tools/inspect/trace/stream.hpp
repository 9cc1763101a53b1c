// From the octets of one connection, in both directions, to its packets: cut, numbered, checked.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "inspect/trace/conversation.hpp"
#include "inspect/trace/packet_fields.hpp"

namespace mqtk::inspect {

using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

/// What is wrong with how much of a connection is there.
enum class Incident : std::uint8_t {
  None,
  CutShort,     ///< the octets of the packet end before it does
  Gap,          ///< octets are missing
  NoBeginning,  ///< the connection began earlier
  PassedOver,   ///< octets behind a gap in which no packet begins
};
/// "cut_short"
std::string_view name(Incident incident);

struct TracedPacket {
  WallTime time{};
  std::uint64_t connection = 0;  ///< from 1
  Side from = Side::Client;
  wire::ProtocolVersion version = wire::ProtocolVersion::V311;
  /// The whole packet, or the octets behind the last one when they are none; valid during the call.
  Bytes octets;
  bool is_packet = true;  ///< whole or cut short
  Incident incident = Incident::None;
  std::string why;  ///< of the incident, for people
  std::vector<Violation> violations;
};
using PacketSink = std::function<void(const TracedPacket&)>;

class TraceStream {
 public:
  TraceStream(std::uint64_t connection, PacketSink sink)
      : connection_(connection), sink_(std::move(sink)) {}

  void feed(Side side, Bytes octets, WallTime time);
  /// So many octets of `side` are missing: what follows is shown from the next packet on that
  /// begins what is fed.
  void skip(Side side, std::uint64_t missing, WallTime time);
  /// What is fed first is not the beginning of the connection.
  void no_beginning(WallTime time);
  /// Of what is fed something will be missing: only what is wrong with a packet by itself is named.
  void incomplete() { conversation_.miss(); }
  /// Nothing more comes from `side`; `why` as in "the capture ends".
  void end(Side side, std::string_view why, WallTime time);
  /// The same inside what carries the packets: so many octets of a frame of WebSocket came.
  void end_in_frame(Side side, std::string_view why, std::size_t octets, WallTime time);

 private:
  struct Direction {
    wire::Framer framer{};
    std::string tail;        ///< of an incomplete packet, as much as is shown
    std::size_t kept = 0;    ///< its octets so far
    bool broken = false;     ///< no MQTT from here on
    bool searching = false;  ///< for the beginning of a packet
    std::uint64_t passed = 0;
  };
  void tell(TracedPacket packet);
  void tell(Incident incident, Side side, std::string why, WallTime time);
  void cut_short(Side side, std::string_view why, WallTime time);
  void keep(Direction& direction, Bytes octets);
  bool found(Side side, Bytes octets, WallTime time);

  std::uint64_t connection_;
  PacketSink sink_;
  Direction directions_[2];
  Conversation conversation_;
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
/// "12:34:56", now.
std::string clock_text();

}  // namespace mqtk::inspect
