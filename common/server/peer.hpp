// One accepted connection as a broker sees it: packets in, packets out, over plain, TLS or
// WebSocket transports. One loop; not thread-safe. Callbacks may destroy the peer.
#pragma once

#include <cstdint>
#include <memory>

#include "base/life.hpp"
#include "base/send_queue.hpp"
#include "base/unique_fd.hpp"
#include "net/event_loop.hpp"
#include "net/tls/tls.hpp"
#include "net/transport.hpp"
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

class Peer {
 public:
  static constexpr std::size_t kLowWater = 64 * 1024;

  Peer(EventLoop& loop, UniqueFd fd, PeerListener& listener);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// Begins; on_open() may come before this returns. An error: a layer cannot be made.
  Result<void> start(const PeerLayers& layers = {});

  /// 3.1.1 until set, by whoever reads the CONNECT.
  wire::ProtocolVersion version() const { return version_; }
  void set_version(wire::ProtocolVersion version) { version_ = version; }

  /// Encoders append here; flush() follows, unless a frame is being handled.
  SendQueue& out() { return out_; }
  void send(const wire::Packet& packet);
  void send_raw(Bytes bytes);
  /// Writes what the client takes now.
  void flush();
  /// on_room() follows, not before the next turn of the loop.
  void ask_for_room();
  /// Frames that were read already still come.
  void pause_reading(bool paused);

  /// Sends what is queued and ends our direction; the client's end is waited for, then on_end().
  void finish();
  /// Ends at once. No callback follows.
  void close();
  /// The same with an RST.
  void reset();
  bool is_open() const { return transport_ != nullptr; }

 private:
  Result<void> add_layer();
  void drive();
  void ready(unsigned mask);
  void read_some();
  void read_again_soon();
  bool handle(Bytes data);
  void write_some();
  void update_watch();
  void lose(Error why);

  EventLoop& loop_;
  PeerListener& listener_;
  std::unique_ptr<Transport> transport_;
  PeerLayers layers_;  ///< those still to be added
  int fd_;
  std::unique_ptr<FdWatcher> watcher_;
  std::unique_ptr<Timer> read_again_;
  wire::Framer framer_;
  SendQueue out_;
  wire::ProtocolVersion version_ = wire::ProtocolVersion::V311;
  HandshakeStatus handshake_ = HandshakeStatus::WantRead;
  bool in_batch_ = false;
  bool reading_paused_ = false;
  bool write_blocked_ = false;
  bool room_wanted_ = false;
  bool finishing_ = false;
  Lifetime lifetime_;  ///< until close()
};

}  // namespace mqtk
