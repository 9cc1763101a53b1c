// The pacer as a function of times: a stream is described by its wake-ups, what comes out is how
// long each would have slept.
#include "client/batch_pacer.hpp"

#include <algorithm>

#include "support/catch.hpp"

using namespace mqtk;

namespace {

constexpr std::size_t kPlenty = 1000;

/// A stream with a packet each `interval`, read by a loop that sleeps as long as the pacer says.
class Stream {
 public:
  explicit Stream(Duration interval) : interval_(interval) {}

  /// The next wake-up, when at least one packet is there; the delay that the pacer asks for.
  Duration wake(std::size_t may_gather = kPlenty) {
    const Duration waited = std::max(delay_, interval_);
    const TimePoint woke = now_ + waited;
    now_ = woke + 10us;
    const auto packets = static_cast<std::size_t>((waited + 10us) / interval_);
    delay_ = pacer_.after(woke, now_, std::max<std::size_t>(packets, 1), may_gather);
    return delay_;
  }
  Duration wake_many(int times, std::size_t may_gather = kPlenty) {
    for (int i = 0; i < times; ++i) wake(may_gather);
    return delay_;
  }
  Duration wake_after(Duration pause, std::size_t packets) {
    const TimePoint woke = now_ + delay_ + pause;
    now_ = woke + 10us;
    delay_ = pacer_.after(woke, now_, packets, kPlenty);
    return delay_;
  }

 private:
  Duration interval_;
  BatchPacer pacer_;
  TimePoint now_{1h};
  Duration delay_ = 0ns;
};

}  // namespace

TEST_CASE("the first wake-ups of a stream never sleep") {
  Stream stream(20us);
  for (int i = 0; i < 4; ++i) CHECK(stream.wake() == 0ns);
  CHECK(stream.wake() > 0ns);
}

TEST_CASE("a quick stream of small reads sleeps, at most a millisecond") {
  for (const Duration interval : {Duration(5us), Duration(20us), Duration(50us), Duration(90us)}) {
    INFO(interval.count());
    Stream stream(interval);
    stream.wake_many(10);
    for (int i = 0; i < 100; ++i) {
      const Duration delay = stream.wake();
      CHECK(delay >= 100us);
      CHECK(delay <= 1ms);
    }
  }
}

TEST_CASE("a message after a pause is not delayed") {
  Stream stream(20us);
  REQUIRE(stream.wake_many(50) > 0ns);
  CHECK(stream.wake_after(10ms, 1) == 0ns);
  CHECK(stream.wake() == 0ns);
}

TEST_CASE("a slow stream is never delayed") {
  for (const Duration interval : {Duration(200us), Duration(1ms), Duration(4ms), Duration(100ms)}) {
    Stream stream(interval);
    INFO(interval.count());
    for (int i = 0; i < 100; ++i) CHECK(stream.wake() == 0ns);
  }
}

TEST_CASE("a wake-up without a packet ends the streak") {
  Stream stream(20us);
  REQUIRE(stream.wake_many(50) > 0ns);
  CHECK(stream.wake_after(0ns, 0) == 0ns);
  CHECK(stream.wake() == 0ns);
}

TEST_CASE("a small window is never left to run dry") {
  for (const std::size_t window : {0U, 1U, 5U}) {
    Stream stream(20us);
    for (int i = 0; i < 100; ++i) CHECK(stream.wake(window) == 0ns);
  }
  Stream stream(20us);
  stream.wake_many(100, 20);
  for (int i = 0; i < 100; ++i) CHECK(stream.wake(20) <= 20 * 30us);
}
