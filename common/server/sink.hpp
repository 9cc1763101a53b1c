// A broker that only accepts: it answers what must be answered, counts, and forgets. After a
// SUBSCRIBE it can feed messages as fast as they are taken. One loop; not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/result.hpp"
#include "net/event_loop.hpp"
#include "server/listener.hpp"
#include "server/peer.hpp"

namespace mqtk {

struct SinkOptions {
  ListenAddress listen{};
  PeerLayers layers{};
  /// Messages sent to every subscription; the QoS is the one asked for.
  std::uint64_t feed = 0;
  std::size_t feed_size = 64;        ///< octets of payload
  std::uint16_t feed_window = 1000;  ///< unacknowledged ones of QoS 1 and 2
  bool stall = false;                ///< answers CONNECT and reads nothing more
};

struct SinkCounts {
  std::uint64_t connections = 0;
  std::uint64_t open = 0;
  std::uint64_t connects = 0;
  std::array<std::uint64_t, 3> publishes{};  ///< by QoS
  std::uint64_t duplicates = 0;              ///< of them, with the DUP flag
  std::uint64_t publish_octets = 0;          ///< whole packets
  std::uint64_t pubrels = 0;
  std::uint64_t subscribes = 0;
  std::uint64_t pings = 0;
  std::uint64_t disconnects = 0;
  std::uint64_t fed = 0;
  std::uint64_t fed_acknowledged = 0;  ///< PUBACK or PUBCOMP
  std::uint64_t malformed = 0;         ///< connections that broke the protocol
  TimePoint first_publish{};           ///< when the first and the last ones were read
  TimePoint last_publish{};

  std::uint64_t all_publishes() const { return publishes[0] + publishes[1] + publishes[2]; }
};

/// One line.
std::string to_json(const SinkCounts& counts);

class Sink : private PeerListener {
 public:
  static Result<std::unique_ptr<Sink>> start(EventLoop& loop, SinkOptions options);
  ~Sink() override;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  std::uint16_t port() const { return listener_->port(); }
  const SinkCounts& counts() const { return counts_; }
  /// Turns the loop until what clients that are gone have left in their sockets is counted too.
  void drain();

 private:
  struct Client;

  Sink(EventLoop& loop, SinkOptions options);
  void accept(UniqueFd fd);
  void on_frame(Peer& peer, const wire::Frame& frame) override;
  void on_batch_end(Peer& peer) override;
  void on_room(Peer& peer) override;
  void on_end(Peer& peer, const Error& why) override;
  void publish(Peer& peer, const wire::Frame& frame);
  bool connect(Peer& peer, const wire::Frame& frame);
  bool subscribe(Peer& peer, const wire::Frame& frame);
  bool unsubscribe(Peer& peer, const wire::Frame& frame);
  void other(Peer& peer, const wire::Frame& frame);
  void drop(Peer& peer);

  EventLoop& loop_;
  SinkOptions options_;
  SinkCounts counts_;
  std::uint64_t published_before_ = 0;  ///< when the last batch ended
  std::unique_ptr<Listener> listener_;
  std::unordered_map<Peer*, std::unique_ptr<Client>> clients_;
};

}  // namespace mqtk
