// The one pump: moves octets between a chain of transports and a send queue, in large blocks, as
// far as the peer and whoever uses it go. Knows no protocol. Callbacks may close or destroy it.
#pragma once

#include <cstdint>
#include <memory>

#include "base/life.hpp"
#include "base/send_queue.hpp"
#include "net/event_loop.hpp"
#include "net/transport.hpp"

namespace mqtk {

/// How one direction of a stream ended.
enum class StreamEnd : std::uint8_t {
  Closed,       ///< the peer ended its direction in an orderly way; all that it sent was told
  Failed,       ///< nothing more can be read
  WriteFailed,  ///< nothing more can be written; what could be read was told before
};

/// Is called once a wake-up or once a block of octets, never once a message.
class StreamUser {
 public:
  /// The descriptor is ready, and Stream::open() was not called yet: the handshake goes on.
  virtual void on_stream_handshake() = 0;
  /// Valid during the call, like everything in EventLoop::scratch().
  virtual void on_stream_data(Bytes data) = 0;
  /// After the blocks of one wake-up that began at `woke`. The answer is how long the stream may
  /// rest before it reads again, so that more arrives at once; zero: not at all.
  virtual Duration on_stream_pause(TimePoint woke) = 0;
  /// The peer takes octets again after it took none, or Stream::ask_writable() was called; what was
  /// queued has been written as far as it goes.
  virtual void on_stream_writable() {}
  /// The queue has become shorter than Stream::kLowWater after it was longer than kHighWater.
  virtual void on_stream_drained() {}
  /// Nothing is closed yet. `why` is a copy that lasts as long as the call.
  virtual void on_stream_end(StreamEnd how, const Error& why) = 0;

 protected:
  ~StreamUser() = default;
};

class Stream {
 public:
  static constexpr std::size_t kHighWater = 256 * 1024;
  static constexpr std::size_t kLowWater = 64 * 1024;

  Stream(EventLoop& loop, StreamUser& user) : loop_(loop), user_(user) {}
  ~Stream() { close(); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  EventLoop& loop() const { return loop_; }

  /// Begins with the lowest transport, over `fd`. What was queued before is dropped.
  void attach(std::unique_ptr<Transport> lowest, int fd);
  bool attached() const { return transport_ != nullptr; }
  int fd() const { return fd_; }
  /// The top of the chain; only while attached.
  Transport& transport() const { return *transport_; }
  /// To put a layer on top: take the chain, give back what stands on it.
  std::unique_ptr<Transport> take_chain() { return std::move(transport_); }
  void set_chain(std::unique_ptr<Transport> top) { transport_ = std::move(top); }

  /// Drives the handshake of the top, and watches for what it waits for.
  HandshakeStatus handshake();
  /// The handshakes are over: octets flow from now on.
  void open() { open_ = true; }
  bool is_open() const { return open_; }
  /// Begins to watch, where no handshake has, and writes what is queued.
  void start();
  /// Reads without waiting for the descriptor: a layer may hold octets already.
  void read_now();

  SendQueue& out() { return out_; }
  const SendQueue& out() const { return out_; }
  /// Writes as much of out() as the peer takes now.
  void flush();
  void ask_writable();

  void pause_reading(bool paused) { limit_reading(paused ? 0 : EventLoop::kScratchSize); }
  /// Octets that a block may have; 0: none is read.
  void limit_reading(std::size_t octets);

  /// Ends our direction once everything queued is written. Reading goes on, without any limit.
  void finish();
  bool finishing() const { return finishing_; }
  /// Ends at once; no callback follows. What is queued stays, for whoever accounts for it. Layers
  /// say their goodbye, as far as the peer takes it now: close_notify (RFC 8446, section 6.1), a
  /// close frame (RFC 6455, section 7.1.2). `reset`: with an RST instead, as after a crash.
  void close(bool reset = false);

  std::uint64_t bytes_read() const { return bytes_read_; }
  /// During on_stream_data(): when the octets had come, as near as one clock reading a wake-up
  /// tells.
  TimePoint arrived() const { return arrived_; }
  /// Ends with close().
  Lifetime& lifetime() { return lifetime_; }

 private:
  void watch(unsigned mask);
  void ready(unsigned mask);
  void read_some(TimePoint woke);
  void read_again_soon();
  void write_some();
  void fail_to_write();
  void update_watch();

  // What every read and write needs comes first: with thousands of connections each line of the
  // processor's cache counts.
  EventLoop& loop_;
  StreamUser& user_;
  std::uint32_t read_size_ = EventLoop::kScratchSize;  ///< of a block; 0: reading is paused
  int fd_ = -1;
  bool open_ = false;
  bool above_high_water_ = false;
  bool write_blocked_ = false;
  bool write_failed_ = false;
  bool read_ended_ = false;
  bool writable_wanted_ = false;
  bool finishing_ = false;
  bool serving_ = false;      ///< ready() is on the stack, and will look at what to wait for
  bool telling_ = false;      ///< the user is looking at a block
  bool failure_due_ = false;  ///< writing failed meanwhile
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<FdWatcher> watcher_;
  Lifetime lifetime_;
  TimePoint arrived_;
  std::uint64_t bytes_read_ = 0;
  SendQueue out_;
  std::unique_ptr<Timer> read_again_;
};

}  // namespace mqtk
