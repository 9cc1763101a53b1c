// The pacer as a function of times: a stream is described by its wake-ups, what comes out is how
// long each would have slept.
#include "session/batch_pacer.hpp"

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
  Duration wake(std::size_t may_gather = kPlenty) { return wake({may_gather, false}); }
  Duration wake(BatchPacer::Gather may) {
    const Duration waited = std::max(delay_, interval_);
    const TimePoint woke = now_ + waited;
    now_ = woke + 10us;
    const auto packets = static_cast<std::size_t>((waited + 10us) / interval_);
    delay_ = pacer_.after(woke, now_, std::max<std::size_t>(packets, 1), may);
    return delay_;
  }
  Duration wake_many(int times, std::size_t may_gather = kPlenty) {
    for (int i = 0; i < times; ++i) wake(may_gather);
    return delay_;
  }
  Duration wake_after(Duration pause, std::size_t packets) {
    const TimePoint woke = now_ + delay_ + pause;
    now_ = woke + 10us;
    delay_ = pacer_.after(woke, now_, packets, {kPlenty, false});
    return delay_;
  }

 private:
  Duration interval_;
  BatchPacer pacer_;
  TimePoint now_{1h};
  Duration delay_ = 0ns;
};

/// A peer that sends a packet each `service`, and none while `window` wait for our answer. It is
/// answered at the end of each wake-up; sleeps last a little longer than asked for.
class Peer {
 public:
  Peer(std::size_t window, Duration service) : window_(window), service_(service) {}

  struct Rate {
    double interval_ns;  ///< between packets
    double packets;      ///< a wake-up
  };
  Rate run(BatchPacer::Gather may, bool sleeping) {
    constexpr int kWakeUps = 4000;
    const TimePoint began = now_;
    std::size_t read = 0;
    for (int i = 0; i < kWakeUps; ++i) {
      TimePoint woke = delay_ > 0ns ? now_ + delay_ + 60us : now_;
      send_until(woke);
      if (unread_ == 0) {
        woke = std::max(woke, next_);
        send_until(woke);
      }
      const std::size_t packets = unread_;
      now_ = woke + 10us;
      send_until(now_);
      if (unread_ == window_) next_ = now_ + service_;
      unread_ -= packets;
      read += packets;
      delay_ = pacer_.after(woke, now_, packets, may);
      longest_ = std::max(longest_, delay_);
      if (!sleeping) delay_ = 0ns;
    }
    return {static_cast<double>((now_ - began).count()) / static_cast<double>(read),
            static_cast<double>(read) / kWakeUps};
  }
  Duration longest() const { return longest_; }

 private:
  void send_until(TimePoint time) {
    for (; unread_ < window_ && next_ <= time; next_ += service_) ++unread_;
  }

  std::size_t window_;
  Duration service_;
  BatchPacer pacer_;
  TimePoint now_{1h};
  TimePoint next_{1h};
  std::size_t unread_ = 0;
  Duration delay_ = 0ns;
  Duration longest_ = 0ns;
};

}  // namespace

TEST_CASE("the first wake-ups of a stream never sleep") {
  Stream stream(20us);
  for (int i = 0; i < 4; ++i) CHECK(stream.wake() == 0ns);
  CHECK(stream.wake() > 0ns);
}

TEST_CASE("a quick stream of small reads sleeps, at most two milliseconds") {
  for (const Duration interval : {Duration(5us), Duration(20us), Duration(50us), Duration(90us)}) {
    INFO(interval.count());
    Stream stream(interval);
    stream.wake_many(10);
    for (int i = 0; i < 100; ++i) {
      const Duration delay = stream.wake();
      CHECK(delay >= 100us);
      CHECK(delay <= 2ms);
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

TEST_CASE("whoever asks says how short and how long a sleep may be") {
  Stream usual(10us);
  Stream shorter(10us);
  Stream limited(10us);
  Stream useless(10us);
  for (int i = 0; i < 100; ++i) {
    CHECK(usual.wake(8) == 0ns);
    const Duration delay = shorter.wake({8, false, 50us});
    const Duration short_of_it = limited.wake({8, false, 50us, 70us});
    CHECK(useless.wake({8, false, 40us, 45us}) == 0ns);  // hardly any would gather
    if (i < 4) continue;
    CHECK(delay >= 50us);
    CHECK(delay <= 8 * 20us);
    CHECK(short_of_it >= 60us);
    CHECK(short_of_it <= 70us);
  }
}

TEST_CASE("a peer with a window that it does not tell hardly ever waits for us") {
  for (const Duration service : {Duration(5us), Duration(15us), Duration(30us)}) {
    for (const std::size_t window : {1U, 2U, 5U, 10U, 20U, 40U, 100U, 1000U}) {
      for (const std::size_t gather : {20U, 50U}) {
        INFO(service.count() << " ns each, " << window << " at a time, " << gather
                             << " may gather");
        const double awake = Peer(window, service).run({gather, true}, false).interval_ns;
        CHECK(Peer(window, service).run({gather, true}, true).interval_ns < awake * 1.2);
      }
    }
  }
}

TEST_CASE("a peer with a large window that it does not tell is read in batches") {
  Peer peer(100, 15us);
  CHECK(peer.run({20, true}, true).packets > 8);
  CHECK(peer.longest() <= 20 * 15us + 1us);
}

TEST_CASE("sleeps do not make the peer's rate, which would make longer sleeps") {
  Peer peer(20, 15us);
  peer.run({50, true}, true);
  CHECK(peer.longest() < 1ms);
}
