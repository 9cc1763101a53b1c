// TCP connections put together again from captured frames: what each side said, in order, without
// repetitions. Any octets may come as a frame.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "inspect/capture_file.hpp"

namespace mqtk::inspect {

/// An address and a port, as octets: comparable, and the same for equal ones.
struct TcpEnd {
  std::string address;
  std::uint16_t port = 0;
  auto operator<=>(const TcpEnd&) const = default;
};
std::string to_string(const TcpEnd& end);

struct TcpSegment {
  TcpEnd from, to;
  std::uint32_t sequence = 0;
  bool syn = false;
  bool ack = false;
  Bytes octets;
};
/// Of an Ethernet, Linux cooked, loopback or raw IP frame with IPv4 or IPv6; nullopt when there is
/// no whole TCP header in it, or it is a fragment.
std::optional<TcpSegment> tcp_segment(const CapturedFrame& frame);

class TcpStreams {
 public:
  /// `client` began the connection, as far as is known; `from_client` tells who says `octets`.
  struct Piece {
    std::uint64_t connection = 0;
    const TcpEnd& client;
    const TcpEnd& server;
    bool from_client = true;
    Bytes octets;
    WallTime time{};
  };
  explicit TcpStreams(std::function<void(const Piece&)> said) : said_(std::move(said)) {}

  void add(const CapturedFrame& frame);
  /// Octets that were never captured, over all connections: what came behind them is not shown.
  std::uint64_t missing() const;

 private:
  struct Half {
    bool known = false;
    std::uint32_t next = 0;
    std::map<std::uint64_t, std::string> later;  ///< by distance from the first octet
    std::uint64_t position = 0;                  ///< of `next`
    std::size_t waiting = 0;
  };
  struct Stream {
    std::uint64_t number = 0;
    TcpEnd client, server;
    Half halves[2];
  };
  Stream& stream(const TcpSegment& segment);
  void deliver(Stream& stream, bool from_client, Bytes octets, WallTime time);

  std::function<void(const Piece&)> said_;
  std::map<std::pair<TcpEnd, TcpEnd>, Stream> streams_;
  std::uint64_t connections_ = 0;
};

}  // namespace mqtk::inspect
