// TCP connections put together again from captured frames: what each side said, in order, without
// repetitions. Any octets may come as a frame.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "inspect/trace/link_layer.hpp"

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
  std::uint32_t acknowledged = 0;  ///< with `ack`: what `from` has received
  bool syn = false;
  bool ack = false;
  bool fin = false;
  bool reset = false;
  Bytes octets;
  std::size_t cut = 0;  ///< octets that follow, which the capture left out
};
/// nullopt: there is no whole TCP header in it, and `passed` says why.
std::optional<TcpSegment> tcp_segment(const CapturedFrame& frame, PassedOver& passed);

/// Why nothing more comes.
enum class Ending : std::uint8_t { Closed, Reset, CaptureEnds };

/// What is heard of the connections.
class TcpListener {
 public:
  /// `client` began the connection, as far as is known; `from_client` tells who says `octets`.
  struct Piece {
    std::uint64_t connection = 0;
    const TcpEnd& client;
    const TcpEnd& server;
    bool from_client = true;
    bool begun = true;  ///< the connection's beginning was captured
    /// Octets before these that were never captured.
    std::uint64_t missing = 0;
    Bytes octets;  ///< empty: nothing follows what is missing
    WallTime time{};
  };
  virtual void on_piece(const Piece& piece) = 0;
  /// No more comes from this side.
  virtual void on_ending(std::uint64_t connection, bool from_client, Ending how, WallTime time) = 0;

 protected:
  ~TcpListener() = default;
};

class TcpStreams {
 public:
  explicit TcpStreams(TcpListener& listener) : listener_(listener) {}

  void add(const CapturedFrame& frame);
  /// The capture is over: what waits behind a gap is told, and every connection ends.
  void finish();
  /// Frames of which the capture holds a part only.
  std::uint64_t cut_frames() const { return cut_frames_; }
  /// Frames in which no TCP was found, by the reason.
  const std::map<PassedOver, std::uint64_t>& passed() const { return passed_; }

 private:
  struct Half {
    bool known = false;
    bool closed = false;  ///< FIN was seen, at `end`
    bool ended = false;   ///< and told
    std::uint32_t next = 0;
    std::map<std::uint64_t, std::string> later;  ///< by distance from the first octet
    std::uint64_t position = 0;                  ///< of `next`
    std::uint64_t end = 0;                       ///< the furthest octet that is known to be there
    std::size_t waiting = 0;
    WallTime waiting_since{};
  };
  struct Stream {
    std::uint64_t number = 0;
    bool begun = false;
    TcpEnd client, server;
    Half halves[2];  ///< the client's, the server's
    WallTime last{};
  };
  Stream& stream(const TcpSegment& segment, WallTime time);
  void take(Stream& stream, bool from_client, const TcpSegment& segment, WallTime time);
  void deliver(Stream& stream, bool from_client, Bytes octets, std::uint64_t missing,
               WallTime time);
  /// What waits and now follows.
  void deliver_later(Stream& stream, bool from_client, WallTime time);
  void skip_gap(Stream& stream, bool from_client, WallTime time);
  void end(Stream& stream, bool from_client, Ending how, WallTime time);
  void finish(Stream& stream, Ending how);

  TcpListener& listener_;
  std::map<std::pair<TcpEnd, TcpEnd>, Stream> streams_;
  std::uint64_t connections_ = 0;
  std::uint64_t cut_frames_ = 0;
  std::map<PassedOver, std::uint64_t> passed_;
};

}  // namespace mqtk::inspect
