// A connection from "which broker" to "bytes flow": resolving, TCP, proxy, TLS and WebSocket, each
// phase timed and with its own time-out, then reading and writing in large blocks. Knows nothing of
// MQTT.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "net/chain.hpp"
#include "net/dialer.hpp"
#include "net/endpoint.hpp"
#include "net/proxy/proxy.hpp"
#include "net/stream.hpp"

namespace mqtk {

/// What to connect to and how. The pointers stay the caller's.
struct ConnectPlan {
  Endpoint endpoint;
  IpFamily family = IpFamily::Any;
  std::string bind_address;
  bool tcp_nodelay = true;
  const ProxyConfig* proxy = nullptr;  ///< nullptr: none
  /// Needed when the endpoint uses TLS; stays the caller's. Asked once a peer has been dialed, so
  /// that it accepts while a TLS library is loaded; an error ends the attempt.
  std::function<Result<TlsContext*>()> tls;
  const WebSocketConfig* websocket = nullptr;  ///< needed when the endpoint uses WebSocket
  ConnectTimeouts timeouts;
};

class ConnectionListener {
 public:
  virtual ~ConnectionListener() = default;
  /// Every layer stands; bytes may flow.
  virtual void on_open() = 0;
  /// Valid during the call. May call Connection::close().
  virtual void on_data(Bytes data) = 0;
  /// After the on_data() calls of one wake-up that began at `woke`. The answer is how long the
  /// connection may sleep before it reads again, so that more arrives at once; zero: not at all.
  virtual Duration on_data_end(TimePoint woke) = 0;
  /// The send queue has become shorter than Connection::kLowWater after it was longer than
  /// kHighWater.
  virtual void on_drained() = 0;
  /// The peer takes bytes again after it took none; what was queued has been written as far as it
  /// goes.
  virtual void on_writable() {}
  /// The connection is about to be lost: what it knows of its layers can still be asked for.
  virtual void on_losing() {}
  /// The connection failed, in whatever phase, or was ended by the peer. It is closed now.
  virtual void on_lost(const Error& why) = 0;
};

class Connection final : private StreamUser {
 public:
  static constexpr std::size_t kHighWater = Stream::kHighWater;
  static constexpr std::size_t kLowWater = Stream::kLowWater;

  Connection(EventLoop& loop, ConnectionListener& listener);
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Begins to connect; on_open() or on_lost() follows, possibly before this returns.
  void open(const ConnectPlan& plan);
  /// Ends at once; unsent bytes are dropped, no callback follows. `reset`: with an RST, as after a
  /// crash.
  void close(bool reset = false);
  /// Sends what is queued, ends our direction and waits for the peer's end, at most `linger`.
  /// `orderly` tells that the peer has ended its direction too, which it does when it has read
  /// everything.
  void finish(Duration linger, std::function<void(bool orderly)> done);

  bool is_open() const { return state_ == State::Open; }
  bool is_idle() const { return state_ == State::Idle; }
  SendQueue& out() { return stream_.out(); }
  const SendQueue& out() const { return stream_.out(); }
  /// Writes as much of out() as the peer takes now.
  void flush() { stream_.flush(); }
  void pause_reading(bool paused) { stream_.pause_reading(paused); }

  /// The phase in progress, or the one that failed.
  Phase phase() const { return phase_; }
  const ConnectTimings& timings() const { return timings_; }
  /// How long the phase in progress has taken so far.
  Duration phase_elapsed() const { return monotonic_now() - phase_started_; }
  const std::vector<DialAttempt>& attempts() const { return dialer_.attempts(); }
  /// All addresses of the host, tried or not.
  const std::vector<SocketAddress>& addresses() const { return dialer_.addresses(); }
  const std::string& peer_address() const { return peer_address_; }
  std::string local_address() const;
  /// How far into the stream of out() the peer's system has acknowledged, in octets since the first
  /// connection. What was written but waits in the system's buffer, or was lost on the way, does
  /// not count, so this grows as long as the way to the peer is open. Through TLS or WebSocket it
  /// is a little less than the truth, since what these add counts as well.
  std::uint64_t octets_taken() const;
  /// What its layers know of the peer.
  ChainFacts facts() const;
  std::uint64_t bytes_read() const { return stream_.bytes_read(); }
  /// During on_data(): when the octets had come, as near as one clock reading a wake-up tells.
  TimePoint arrived() const { return stream_.arrived(); }

 private:
  enum class State : std::uint8_t { Idle, Resolving, Dialing, Handshaking, Open, Finishing };
  /// One layer that a connection may have; another transport is one more.
  struct Link {
    Phase phase;
    Duration ConnectTimeouts::*limit;
    bool (*wanted)(const ConnectPlan& plan);
    Result<std::unique_ptr<Transport>> (Connection::*put)(std::unique_ptr<Transport> lower);
  };
  static const Link kLinks[];

  void begin_phase(Phase phase, Duration limit);
  void end_phase();
  void resolved(Result<std::vector<SocketAddress>> addresses);
  void dialed(Result<Dialed> result);
  bool obtain_tls();
  Result<std::unique_ptr<Transport>> put_proxy(std::unique_ptr<Transport> lower);
  Result<std::unique_ptr<Transport>> put_tls(std::unique_ptr<Transport> lower);
  Result<std::unique_ptr<Transport>> put_websocket(std::unique_ptr<Transport> lower);
  /// Puts the next layer on top of the chain, or opens.
  void next_link();
  void opened();
  void drive_handshake();
  void timed_out();
  void lose(Error why);
  void finished(bool orderly);

  void on_stream_handshake() override { drive_handshake(); }
  void on_stream_data(Bytes data) override;
  Duration on_stream_pause(TimePoint woke) override;
  void on_stream_writable() override;
  void on_stream_drained() override;
  void on_stream_end(StreamEnd how, const Error& why) override;

  // What every read and write needs comes first: with thousands of connections each line of the
  // processor's cache counts.
  ConnectionListener& listener_;
  State state_ = State::Idle;
  Phase phase_ = Phase::Resolve;
  std::uint8_t next_link_ = 0;
  Stream stream_;

  ConnectPlan plan_;
  Resolver resolver_;
  Dialer dialer_;
  TlsContext* tls_context_ = nullptr;
  std::unique_ptr<Timer> timer_;
  TimePoint started_;
  TimePoint phase_started_;
  TimePoint connect_deadline_ = kNever;
  TimePoint phase_deadline_ = kNever;
  ConnectTimings timings_;
  std::string peer_address_;
  std::function<void(bool)> finished_;
};

}  // namespace mqtk
