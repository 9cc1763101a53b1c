// From what was captured or typed to packets: plain MQTT, MQTT in WebSocket, and a word about the
// rest.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "inspect/tcp_streams.hpp"
#include "inspect/trace_stream.hpp"

namespace mqtk::inspect {

/// One direction of a WebSocket connection: the HTTP head is passed over, the payload of binary and
/// continuation frames comes out. Any octets may be fed.
class WebSocketOctets {
 public:
  /// Appends the payload; false when this is no WebSocket from here on.
  bool feed(Bytes octets, std::string& out);

 private:
  std::string pending_;
  bool upgraded_ = false;
  bool data_ = false;  ///< the message under way is binary
};

class CaptureTrace {
 public:
  explicit CaptureTrace(PacketSink sink);

  Result<void> read(Bytes content);
  /// What is to be said at the end: TLS, gaps, damage.
  std::vector<std::string> notes(const std::string& path) const;
  std::uint64_t connections() const { return traces_.size(); }

 private:
  enum class Kind : std::uint8_t { Unknown, Mqtt, WebSocket, Tls, Other };
  struct Trace {
    Kind kind = Kind::Unknown;
    std::unique_ptr<TraceStream> packets;
    WebSocketOctets websocket[2];
  };
  void said(const TcpStreams::Piece& piece);

  PacketSink sink_;
  std::map<std::uint64_t, Trace> traces_;
  std::set<std::string> tls_servers_;
  std::uint64_t others_ = 0;
  std::uint64_t missing_ = 0;
  std::string damage_;
};

/// Hex text (white space is passed over) as octets; nullopt when it is none.
std::optional<std::string> octets_of_hex(std::string_view text);

}  // namespace mqtk::inspect
