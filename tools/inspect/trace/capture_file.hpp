// Captures of network traffic, pcap and pcapng: read whole, as far as they are sound, and written.
// Any octets may be given to the reader.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "inspect/trace/stream.hpp"

namespace mqtk::inspect {

/// One captured frame with its link layer.
struct CapturedFrame {
  WallTime time{};
  std::uint32_t link_type = 1;  ///< LINKTYPE_*: 1 Ethernet, 101 raw IP, ...
  Bytes octets;                 ///< as much as was captured
};

struct Capture {
  std::vector<CapturedFrame> frames;  ///< views of what was read
  std::string damage;                 ///< why reading ended early; empty: it did not
};

bool is_capture(Bytes content);
/// Errors are of kind BadInput: it is no capture at all.
Result<Capture> read_capture(Bytes content);

/// What a pcapng file begins with, for frames of raw IP.
std::string pcapng_head();

/// A connection written as if it had been captured: IPv4 and TCP around the octets, in the clear.
class CaptureStream {
 public:
  /// Client and broker get addresses and ports of their own, by the number of the connection.
  CaptureStream(std::uint64_t connection, std::uint16_t broker_port);
  /// Appends the handshake; the blocks that follow hold what each side says, and its end.
  void open(std::string& out, WallTime time);
  void say(std::string& out, Side side, Bytes octets, WallTime time);
  void close(std::string& out, Side side, WallTime time);

 private:
  void segment(std::string& out, Side side, unsigned flags, Bytes octets, WallTime time);
  std::uint32_t next_[2] = {1000, 1000};  ///< sequence numbers
  std::uint32_t addresses_[2];
  std::uint16_t ports_[2];
};

}  // namespace mqtk::inspect
