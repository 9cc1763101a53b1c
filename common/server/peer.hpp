// One accepted connection as a broker sees it: packets in, packets out, over plain, TLS or
// WebSocket transports. One loop; not thread-safe. Callbacks may destroy the peer.
#pragma once

#include <cstdint>
#include <memory>

#include "base/unique_fd.hpp"
#include "net/stream.hpp"
#include "net/tls/tls.hpp"
#include "wire/codec.hpp"
#include "wire/framer.hpp"

namespace mqtk {

class Peer;

class PeerListener {
 public:
  virtual ~PeerListener() = default;
  /// Every layer stands.
  virtual void on_open(Peer&) {}
  /// Octets as they came, for who passes on what may be no MQTT. True: they were taken, no frame is
  /// made of them.
  virtual bool on_octets(Peer&, Bytes) { return false; }
  /// One whole packet, not decoded; valid during the call.
  virtual void on_frame(Peer&, const wire::Frame&) = 0;
  /// All frames of one read were handed out; what was sent meanwhile is flushed next.
  virtual void on_batch_end(Peer&) {}
  /// Peer::ask_for_room() was called, and less than kLowWater waits to be sent.
  virtual void on_room(Peer&) {}
  /// The client ended the connection, it failed, or the bytes were no MQTT. The peer is closed.
  virtual void on_end(Peer&, const Error& why) = 0;
};

/// What stands above TCP.
struct PeerLayers {
  TlsContext* tls = nullptr;  ///< of TlsRole::Server; the caller's; nullptr: none
  bool websocket = false;
};

class Peer final : private StreamUser {
 public:
  static constexpr std::size_t kLowWater = Stream::kLowWater;

  Peer(EventLoop& loop, UniqueFd fd, PeerListener& listener);
  ~Peer() { close(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// Begins; on_open() may come before this returns. An error: a layer cannot be made.
  Result<void> start(const PeerLayers& layers = {});

  /// 3.1.1 until set, by whoever reads the CONNECT.
  wire::ProtocolVersion version() const { return version_; }
  void set_version(wire::ProtocolVersion version) { version_ = version; }

  /// Encoders append here; flush() follows, unless a frame is being handled.
  SendQueue& out() { return stream_.out(); }
  void send(const wire::Packet& packet);
  void send_raw(Bytes bytes);
  /// Writes what the client takes now.
  void flush();
  /// on_room() follows, not before the next turn of the loop.
  void ask_for_room();
  /// Frames that were read already still come.
  void pause_reading(bool paused) { stream_.pause_reading(paused); }

  /// Sends what is queued and ends our direction; the client's end is waited for, then on_end().
  void finish() { stream_.finish(); }
  /// Ends at once. No callback follows.
  void close();
  /// The same with an RST.
  void reset();
  bool is_open() const { return stream_.attached(); }

 private:
  Result<void> add_layer();
  void drive();
  void lose(Error why);

  void on_stream_handshake() override { drive(); }
  void on_stream_data(Bytes data) override;
  Duration on_stream_pause(TimePoint) override { return 0ns; }
  void on_stream_writable() override;
  void on_stream_end(StreamEnd how, const Error& why) override;

  PeerListener& listener_;
  Stream stream_;
  PeerLayers layers_;  ///< those still to be added
  wire::Framer framer_;
  wire::ProtocolVersion version_ = wire::ProtocolVersion::V311;
  bool in_batch_ = false;
  bool room_wanted_ = false;
};

}  // namespace mqtk
