#include "net/event_loop.hpp"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "base/process.hpp"
#include "base/unique_fd.hpp"

namespace mqtk {

namespace {

// libuv wants a handle alive until its close callback, so every Impl is deleted there.
template <typename Impl>
void close_and_delete(Impl* impl) {
  impl->closed = true;
  uv_close(reinterpret_cast<uv_handle_t*>(&impl->handle),
           [](uv_handle_t* handle) { delete static_cast<Impl*>(handle->data); });
}

/// Nothing works without it, and there is nobody yet to hand an error to.
void require(int status, const char* what) {
  if (status >= 0) return;
  end_for_want(what, uv_strerror(status), "allow it more open files (ulimit -n)");
}

/// libuv aborts where its first loop finds no descriptors left for its pipes.
void require_descriptors() {
  constexpr std::size_t kOfFirstLoop = 6;
  std::array<UniqueFd, kOfFirstLoop> held;
  for (UniqueFd& each : held) {
    each.reset(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0));
    if (!each && errno == EMFILE) require(-errno, "there are too few file descriptors");
  }
}

uv_loop_t* loop_of(const EventLoop& loop) {
  return static_cast<uv_loop_t*>(loop.native());
}

// Until the loop has something to do.
void wait_exactly(const uv_loop_t* loop, Duration wait) {
  pollfd ready{uv_backend_fd(loop), POLLIN, 0};
#ifdef __linux__
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait);
  const timespec limit{static_cast<time_t>(seconds.count()),
                       static_cast<long>((wait - seconds).count())};
  ::ppoll(&ready, 1, &limit, nullptr);
#else
  using std::chrono::milliseconds;
  ::poll(&ready, 1, static_cast<int>(std::chrono::ceil<milliseconds>(wait).count()));
#endif
}

}  // namespace

struct EventLoop::Impl {
  uv_loop_t loop{};
  std::unique_ptr<char[]> scratch;
  /// A descriptor that is not watched for a moment.
  struct Rest {
    FdWatcher::Impl* watcher;
    TimePoint end;
  };

  unsigned events = 0;   ///< of descriptors, in the turn that run_until() ran last
  bool changed = false;  ///< the system does not know yet of all that is waited for
  bool running = false;  ///< run() is on the stack
  bool stopped = false;  ///< by stop(), for run()
  std::vector<Rest> rests{};
  uv_timer_t alarm{};     ///< of run_until(), for its whole milliseconds
  TimePoint alarm_for{};  ///< what it was set for

  bool alarm_is_set(TimePoint when) const;
  Duration time_to(TimePoint when);
  TimePoint first_rest() const;
  void end_rests(TimePoint now);
  bool set_alarm(TimePoint when, Duration wait);
};

bool EventLoop::Impl::alarm_is_set(TimePoint when) const {
  return when == alarm_for && uv_is_active(reinterpret_cast<const uv_handle_t*>(&alarm)) != 0;
}

// Until then, or until a timer of the loop is due.
Duration EventLoop::Impl::time_to(TimePoint when) {
  uv_timer_stop(&alarm);
  uv_update_time(&loop);
  const int timer_ms = uv_loop_alive(&loop) != 0 ? uv_backend_timeout(&loop) : -1;
  const Duration wait = when == kNever ? Duration(1h) : when - monotonic_now();
  const Duration most =
      timer_ms < 0 ? Duration::max() : Duration(std::chrono::milliseconds(timer_ms));
  return std::clamp(wait, Duration(0), most);
}

// False: the wait is shorter than what libuv can wait.
bool EventLoop::Impl::set_alarm(TimePoint when, Duration wait) {
  constexpr Duration kWakesLate = 100us;
  const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(wait - kWakesLate);
  if (whole <= 0ms) return false;
  // Due before the turn waits, it must keep the turn from waiting.
  uv_timer_start(
      &alarm, [](uv_timer_t* due) { uv_stop(due->loop); },
      static_cast<std::uint64_t>(whole.count()), 0);
  alarm_for = when;
  return true;
}

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {
  [[maybe_unused]] static const bool enough = (require_descriptors(), true);
  require(uv_loop_init(&impl_->loop), "no event loop can be made");
  impl_->loop.data = impl_.get();
  uv_timer_init(&impl_->loop, &impl_->alarm);
}

EventLoop::~EventLoop() {
  // Watchers are gone by now; what is left are their close callbacks.
  uv_close(reinterpret_cast<uv_handle_t*>(&impl_->alarm), nullptr);
  bool more = true;
  while (uv_loop_close(&impl_->loop) == UV_EBUSY && more) {
    more = uv_run(&impl_->loop, UV_RUN_ONCE) != 0;
  }
}

void EventLoop::run() {
  Impl& own = *impl_;
  bool more = true;
  own.running = true;
  while (more && !own.stopped) {
    if (own.rests.empty()) {
      uv_run(&own.loop, UV_RUN_DEFAULT);
    } else {
      run_until(kNever);
    }
    more = uv_loop_alive(&own.loop) != 0 || !own.rests.empty();
  }
  own.running = own.stopped = false;
}

void EventLoop::run_once(bool wait) {
  if (!impl_->rests.empty()) {
    run_until(wait ? kNever : monotonic_now());
    return;
  }
  uv_run(&impl_->loop, wait ? UV_RUN_ONCE : UV_RUN_NOWAIT);
  if (!impl_->running) impl_->stopped = false;
}

// libuv waits whole milliseconds, one system call with the turn; what is left of the wait is done
// here, on the descriptor behind its loop. A turn that follows a busy one does not wait at all.
void EventLoop::run_until(TimePoint when) {
  uv_loop_t* loop = &impl_->loop;
  bool busy = std::exchange(impl_->events, 0) > 1;
  const bool changed = std::exchange(impl_->changed, false);
  if (!impl_->rests.empty()) {
    // What was asked for in the last turn, the system learns in the next.
    busy = changed;
    when = std::min(when, impl_->first_rest());
  }
  bool alarm = !busy && impl_->alarm_is_set(when);
  if (!busy && !alarm) {
    const Duration wait = impl_->time_to(when);
    alarm = impl_->set_alarm(when, wait);
    if (!alarm && wait > 0ns) wait_exactly(loop, wait);
  }
  uv_run(loop, alarm ? UV_RUN_ONCE : UV_RUN_NOWAIT);
  if (!impl_->rests.empty()) impl_->end_rests(monotonic_now());
  if (!impl_->running) impl_->stopped = false;
}

void EventLoop::rest(Duration at_most) {
  const Duration length = std::min(at_most, impl_->time_to(kNever));
  if (length > 0ns) std::this_thread::sleep_for(length);
}

void EventLoop::stop() {
  impl_->stopped = true;
  uv_stop(&impl_->loop);
}
void* EventLoop::native() const {
  return &impl_->loop;
}

char* EventLoop::scratch() {
  if (!impl_->scratch) impl_->scratch.reset(new char[kScratchSize]);
  return impl_->scratch.get();
}

struct FdWatcher::Impl {
  uv_poll_t handle{};
  Callback callback;
  unsigned mask = 0;
  bool closed = false;
  bool resting = false;

  EventLoop::Impl& of_loop() const { return *static_cast<EventLoop::Impl*>(handle.loop->data); }
  void apply();
  void end_rest();
};

TimePoint EventLoop::Impl::first_rest() const {
  TimePoint first = kNever;
  for (const Rest& each : rests) first = std::min(first, each.end);
  return first;
}

void EventLoop::Impl::end_rests(TimePoint now) {
  std::erase_if(rests, [now](const Rest& each) {
    if (each.end > now) return false;
    each.watcher->resting = false;
    each.watcher->apply();
    return true;
  });
}

void FdWatcher::Impl::end_rest() {
  if (!std::exchange(resting, false)) return;
  std::erase_if(of_loop().rests, [this](const auto& each) { return each.watcher == this; });
}

FdWatcher::FdWatcher(EventLoop& loop, int fd, Callback ready) : impl_(new Impl) {
  impl_->callback = std::move(ready);
  require(uv_poll_init(loop_of(loop), &impl_->handle, fd), "a connection cannot be watched");
  impl_->handle.data = impl_;
}

FdWatcher::~FdWatcher() {
  impl_->end_rest();
  uv_poll_stop(&impl_->handle);
  close_and_delete(impl_);
}

void FdWatcher::watch(unsigned mask) {
  if (mask == impl_->mask) return;
  impl_->mask = mask;
  impl_->end_rest();
  impl_->apply();
}

void FdWatcher::rest(Duration length) {
  if (impl_->mask != kReadable || impl_->resting) return;
  EventLoop::Impl& loop = impl_->of_loop();
  uv_poll_stop(&impl_->handle);
  impl_->resting = true;
  loop.rests.push_back({impl_, monotonic_now() + length});
  if (loop.running) uv_stop(&loop.loop);
}

void FdWatcher::Impl::apply() {
  of_loop().changed = true;
  if (mask == 0) {
    uv_poll_stop(&handle);
    return;
  }
  const int events =
      ((mask & kReadable) != 0 ? UV_READABLE : 0) | ((mask & kWritable) != 0 ? UV_WRITABLE : 0);
  uv_poll_start(&handle, events, [](uv_poll_t* polled, int status, int ready_events) {
    auto* impl = static_cast<Impl*>(polled->data);
    if (impl->closed) return;
    ++impl->of_loop().events;
    unsigned ready = 0;
    if (status < 0) {
      // An error stops the poll; reading and writing will say which one it is.
      impl->mask = 0;
      ready = kReadable | kWritable;
    } else {
      if ((ready_events & UV_READABLE) != 0) ready |= kReadable;
      if ((ready_events & UV_WRITABLE) != 0) ready |= kWritable;
    }
    impl->callback(ready);
  });
}

unsigned FdWatcher::mask() const {
  return impl_->mask;
}

struct Timer::Impl {
  uv_timer_t handle{};
  std::function<void()> callback;
  bool closed = false;
  bool firing = false;

  void fire() {
    if (closed) return;
    firing = true;
    callback();
    firing = false;  // still there: it is deleted in a later turn of the loop
  }
};

Timer::Timer(EventLoop& loop, std::function<void()> fire) : impl_(new Impl) {
  impl_->callback = std::move(fire);
  uv_timer_init(loop_of(loop), &impl_->handle);
  impl_->handle.data = impl_;
}

Timer::~Timer() {
  uv_timer_stop(&impl_->handle);
  close_and_delete(impl_);
}

void Timer::at(TimePoint when) {
  if (when == kNever) {
    cancel();
  } else {
    after(when - monotonic_now());
  }
}

void Timer::after(Duration delay) {
  // libuv's time is the clock rounded down, so it is the due time that is rounded up, not the
  // delay.
  constexpr std::uint64_t kTick = 1'000'000;
  uv_loop_t* loop = impl_->handle.loop;
  uv_update_time(loop);
  std::uint64_t ticks = 0;
  if (delay > 0ns) {
    const std::uint64_t due = uv_hrtime() + static_cast<std::uint64_t>(delay.count());
    ticks = due / kTick + (due % kTick != 0 ? 1 : 0) - uv_now(loop);
  }
  // libuv before 1.45 would run it again and again, and nothing else.
  if (ticks == 0 && impl_->firing) ticks = 1;
  uv_timer_start(
      &impl_->handle, [](uv_timer_t* handle) { static_cast<Impl*>(handle->data)->fire(); }, ticks,
      0);
}

void Timer::cancel() {
  uv_timer_stop(&impl_->handle);
}
bool Timer::pending() const {
  return uv_is_active(reinterpret_cast<const uv_handle_t*>(&impl_->handle)) != 0;
}

struct Deferred::Impl {
  uv_prepare_t handle{};
  std::function<void()> callback;
  bool closed = false;
};

Deferred::Deferred(EventLoop& loop, std::function<void()> call) : impl_(new Impl) {
  impl_->callback = std::move(call);
  uv_prepare_init(loop_of(loop), &impl_->handle);
  impl_->handle.data = impl_;
}

Deferred::~Deferred() {
  close_and_delete(impl_);
}

void Deferred::schedule() {
  static_cast<EventLoop::Impl*>(impl_->handle.loop->data)->changed = true;
  uv_prepare_start(&impl_->handle, [](uv_prepare_t* handle) {
    auto* impl = static_cast<Impl*>(handle->data);
    uv_prepare_stop(handle);
    if (!impl->closed) impl->callback();
  });
}

void Deferred::cancel() {
  uv_prepare_stop(&impl_->handle);
}

struct Waker::Impl {
  uv_async_t handle{};
  std::function<void()> callback;
  bool closed = false;
};

Waker::Waker(EventLoop& loop, std::function<void()> woken) : impl_(new Impl) {
  impl_->callback = std::move(woken);
  impl_->handle.data = impl_;
  const auto woken_up = [](uv_async_t* handle) {
    auto* waker = static_cast<Impl*>(handle->data);
    if (!waker->closed) waker->callback();
  };
  require(uv_async_init(loop_of(loop), &impl_->handle, woken_up), "no thread can wake another");
  impl_->handle.data = impl_;
}

Waker::~Waker() {
  close_and_delete(impl_);
}
void Waker::wake() {
  uv_async_send(&impl_->handle);
}

struct SignalWatcher::Impl {
  uv_signal_t handle{};
  std::function<void()> callback;
  bool closed = false;
};

SignalWatcher::SignalWatcher(EventLoop& loop, int number, std::function<void()> received)
    : impl_(new Impl) {
  impl_->callback = std::move(received);
  require(uv_signal_init(loop_of(loop), &impl_->handle), "signals cannot be watched");
  impl_->handle.data = impl_;
  const auto arrived = [](uv_signal_t* handle, int) {
    auto* watcher = static_cast<Impl*>(handle->data);
    if (!watcher->closed) watcher->callback();
  };
  require(uv_signal_start(&impl_->handle, arrived, number), "signals cannot be watched");
  // A signal alone does not keep the loop running.
  uv_unref(reinterpret_cast<uv_handle_t*>(&impl_->handle));
}

SignalWatcher::~SignalWatcher() {
  close_and_delete(impl_);
}

}  // namespace mqtk
