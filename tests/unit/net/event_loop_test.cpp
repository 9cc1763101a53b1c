// Waiting by the clock: never too short, and over when it is over.
#include "net/event_loop.hpp"

#include "support/catch.hpp"

using namespace mqtk;

namespace {

void pass_time_until(TimePoint when) {
  while (monotonic_now() < when) {
  }
}

}  // namespace

TEST_CASE("a turn of the loop ends at its time, whatever part of a millisecond that is") {
  EventLoop loop;
  const Waker keeps_it_alive(loop, [] {});
  for (const Duration wait : {30us, 1ms + 50us, 1ms + 150us, 2ms + 999us, 7ms + 1us}) {
    const TimePoint when = monotonic_now() + wait;
    int turns = 0;
    while (monotonic_now() < when) {
      loop.run_until(when);
      ++turns;
    }
    CHECK(turns <= 4);
  }
}

TEST_CASE("a turn whose time is over before it begins does not wait") {
  EventLoop loop;
  Waker waker(loop, [] {});
  bool rescued = false;
  Timer rescue(loop, [&rescued] { rescued = true; });
  rescue.after(20s);
  loop.run_once(false);  // the first turn only makes descriptors known
  const TimePoint when = monotonic_now() + 5ms;
  waker.wake();
  loop.run_until(when);  // ends early: there was something to do
  pass_time_until(when);
  loop.run_until(when);
  CHECK_FALSE(rescued);
}
