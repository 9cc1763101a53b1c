// From what was captured or typed to packets: plain MQTT, MQTT in WebSocket, and a word about the
// rest.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "inspect/trace/stream.hpp"
#include "inspect/trace/tcp_streams.hpp"

namespace mqtk::inspect {

/// One direction of a WebSocket connection: the HTTP head is passed over, the payload of binary and
/// continuation frames comes out. Any octets may be fed.
class WebSocketOctets {
 public:
  /// Appends the payload; false when this is no WebSocket from here on.
  bool feed(Bytes octets, std::string& out);
  /// Octets of a frame, or of the HTTP head, that has not come whole.
  std::size_t pending() const { return pending_.size(); }

 private:
  std::string pending_;
  bool upgraded_ = false;
  bool data_ = false;  ///< the message under way is binary
};

class CaptureTrace final : TcpListener {
 public:
  explicit CaptureTrace(PacketSink sink);

  /// Errors are of kind BadInput: it is no capture and no MQTT, or nothing of it can be decoded.
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
    bool lost[2] = {};  ///< a gap in WebSocket: what follows cannot be told apart
  };
  void on_piece(const Piece& piece) override;
  void on_ending(std::uint64_t connection, bool from_client, Ending how, WallTime time) override;
  Kind kind_of(const Piece& piece);
  Result<void> judge_passed() const;

  PacketSink sink_;
  std::map<std::uint64_t, Trace> traces_;
  std::set<std::string> tls_servers_;
  std::uint64_t others_ = 0;
  std::uint64_t missing_ = 0;           ///< octets
  std::uint64_t unshown_ = 0;           ///< octets of WebSocket behind a gap
  std::set<std::uint64_t> incomplete_;  ///< connections of which octets are missing
  std::set<std::uint64_t> with_gaps_;   ///< those that carry MQTT
  std::set<std::uint64_t> late_;        ///< connections that began before the capture
  std::uint64_t cut_frames_ = 0;
  std::map<PassedOver, std::uint64_t> passed_;  ///< frames without TCP
  std::uint64_t frames_ = 0;
  bool from_capture_ = false;
  std::string damage_;
};

/// Hex text (white space is passed over) as octets; nullopt when it is none.
std::optional<std::string> octets_of_hex(std::string_view text);

}  // namespace mqtk::inspect
