// Passes TCP connections on to a target, understands MQTT on the way, and does to them what
// networks do: delay, loss of packets, resets, half-closed and stalled connections. One loop; not
// thread-safe (Hosted<Relay> in loop_thread.hpp gives it a thread of its own).
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/endpoint.hpp"
#include "net/event_loop.hpp"
#include "server/listener.hpp"
#include "support/relay_record.hpp"
#include "support/relay_rules.hpp"

namespace mqtk {

class RelayConnection;

struct RelayOptions {
  ListenAddress listen{};
  std::string target_host = "127.0.0.1";
  std::uint16_t target_port = 1883;
  std::string target_unix_path{};         ///< instead of host and port
  std::size_t buffer_limit = 256 * 1024;  ///< octets held for each direction of a connection
  int socket_buffer = 0;           ///< SO_SNDBUF and SO_RCVBUF of both sides; 0: the system's
  Duration delay_to_target = 0ns;  ///< octets are held for so long
  Duration delay_to_client = 0ns;
  std::size_t payload_octets = 0;     ///< of a PUBLISH that a record keeps
  bool keep_octets = false;           ///< a record keeps the packet, as far as payload_octets reach
  std::size_t max_records = 100'000;  ///< later ones are not kept
  std::string log_file{};             ///< seconds since the start and to_text() of each record
};

struct RelayCounts {
  std::uint64_t accepted = 0;  ///< connections
  std::uint64_t open = 0;
  std::uint64_t octets_to_target = 0;
  std::uint64_t octets_to_client = 0;
};

class Relay {
 public:
  static Result<std::unique_ptr<Relay>> start(EventLoop& loop, RelayOptions options);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::uint16_t port() const { return listener_->port(); }
  RelayCounts counts() const;
  const std::vector<RelayRecord>& records() const { return records_; }
  void clear_records() { records_.clear(); }
  /// Called for every record, before it is kept.
  void observe(std::function<void(const RelayRecord&)> observer) {
    observer_ = std::move(observer);
  }

  /// For octets that arrive from now on.
  void set_delay(RelayDirection direction, Duration delay);
  void add(const RelayCut& cut) { rules_.add(cut); }
  void add(const RelaySwallow& swallow) { rules_.add(swallow); }
  void add(const RelayDisorder& disorder) { rules_.add(disorder); }
  void clear_rules() { rules_.clear(); }
  /// Reads nothing more from where this direction begins: what is sent there fills the buffers.
  void stall(RelayDirection direction, bool stalled);
  /// So many octets a second pass in this direction of each connection, and no more are read; 0: as
  /// they come.
  void set_rate(RelayDirection direction, std::uint64_t octets_a_second);
  /// Takes what comes in this direction and passes nothing on, as a network that lost its link
  /// does while everybody still waits.
  void black_hole(RelayDirection direction, bool on);

  /// Ends all connections now; what is held is dropped.
  void cut(RelayEnding ending = RelayEnding::Fin);
  /// Ends this direction of all connections in an orderly way; the other one goes on.
  void half_close(RelayDirection direction);
  /// New connections are refused until it is told otherwise, or for so long.
  void refuse(bool refused);
  void refuse_for(Duration time);
  /// New connections wait in the system's queue: they stand, and nothing answers.
  void pause_accepting(bool paused) { listener_->pause_accepting(paused); }

 private:
  friend class RelayConnection;
  struct Direction {
    Duration delay = 0ns;
    std::uint64_t rate = 0;
    bool stalled = false;
    bool black_hole = false;
    std::uint64_t octets = 0;
  };
  struct LogCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  Relay(EventLoop& loop, RelayOptions options);
  Result<void> open();
  void accept(UniqueFd client);
  void keep(RelayRecord record);
  Direction& direction(RelayDirection which) { return directions_[static_cast<int>(which)]; }
  void each_connection(const std::function<void(RelayConnection&)>& call);
  void ended(std::uint64_t id);

  EventLoop& loop_;
  RelayOptions options_;
  TimePoint started_ = monotonic_now();
  RelayRules rules_;
  Direction directions_[2];
  std::unique_ptr<Listener> listener_;
  std::map<std::uint64_t, std::unique_ptr<RelayConnection>> connections_;
  std::vector<std::uint64_t> ended_;
  std::unique_ptr<Deferred> sweep_;
  std::unique_ptr<Timer> refusal_;
  std::uint64_t accepted_ = 0;
  std::vector<RelayRecord> records_;
  std::function<void(const RelayRecord&)> observer_;
  std::unique_ptr<std::FILE, LogCloser> log_;
};

}  // namespace mqtk
