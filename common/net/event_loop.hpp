// The loop everything runs on: readiness of descriptors, timers, wake-ups from other threads,
// signals, all on libuv. One thread owns a loop; only Waker::wake() may be called from another.
// Callbacks may destroy the object they belong to.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/clock.hpp"

namespace mqtk {

class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Runs until stop(), or until nothing is left that could happen.
  void run();
  /// One turn: waits for events (at most until the next timer) when `wait`, handles them.
  void run_once(bool wait = true);
  /// One turn that waits for events at most until `when`, as exactly as the system can: for loops
  /// that act by the clock between turns. What Deferred holds back runs in the turn after it.
  void run_until(TimePoint when);
  /// For loops that serve many descriptors alike: waits before the next turn, so that more gathers
  /// on each of them, but not longer than until a timer is due.
  void rest(Duration at_most);
  void stop();

  /// A buffer of kScratchSize octets that whoever is being called back may use until it returns.
  char* scratch();
  static constexpr std::size_t kScratchSize = 256 * 1024;

  /// The libuv loop, for the files of net/ only.
  void* native() const;

 private:
  friend class FdWatcher;
  friend class Deferred;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Calls back when a descriptor is ready. The descriptor stays the caller's; unwatch before closing
/// it.
class FdWatcher {
 public:
  static constexpr unsigned kReadable = 1;
  static constexpr unsigned kWritable = 2;
  /// `ready` gets the mask of what is ready; after an error both bits are set, and reading tells
  /// more.
  using Callback = std::function<void(unsigned ready)>;

  FdWatcher(EventLoop& loop, int fd, Callback ready);
  ~FdWatcher();
  FdWatcher(const FdWatcher&) = delete;
  FdWatcher& operator=(const FdWatcher&) = delete;
  /// Sets what to wait for; 0 pauses.
  void watch(unsigned mask);
  unsigned mask() const;
  /// Where only kReadable is watched: nothing is, for `length` (of micro- or milliseconds, as
  /// exactly as the system can), so that more gathers meanwhile. All else in the loop goes on; a
  /// change of the mask ends it.
  void rest(Duration length);

 private:
  friend class EventLoop;
  struct Impl;
  Impl* impl_;
};

/// Fires once at or after a time point: never early, and at most a millisecond late while the loop
/// is idle. Timers live in the loop's one heap.
class Timer {
 public:
  Timer(EventLoop& loop, std::function<void()> fire);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  void at(TimePoint when);
  void after(Duration delay);
  void cancel();
  bool pending() const;

 private:
  struct Impl;
  Impl* impl_;
};

/// Calls back once before the loop waits again, however often schedule() was called in between.
class Deferred {
 public:
  Deferred(EventLoop& loop, std::function<void()> call);
  ~Deferred();
  Deferred(const Deferred&) = delete;
  Deferred& operator=(const Deferred&) = delete;
  void schedule();
  void cancel();

 private:
  struct Impl;
  Impl* impl_;
};

/// Wakes a loop from any thread; several wake() calls may become one callback.
class Waker {
 public:
  Waker(EventLoop& loop, std::function<void()> woken);
  ~Waker();
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;
  void wake();

 private:
  struct Impl;
  Impl* impl_;
};

/// Calls back in the loop when the process receives `number`.
class SignalWatcher {
 public:
  SignalWatcher(EventLoop& loop, int number, std::function<void()> received);
  ~SignalWatcher();
  SignalWatcher(const SignalWatcher&) = delete;
  SignalWatcher& operator=(const SignalWatcher&) = delete;

 private:
  struct Impl;
  Impl* impl_;
};

}  // namespace mqtk
