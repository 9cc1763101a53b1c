// Waiting by the clock: never too short, and over when it is over.
#include "net/event_loop.hpp"

#include <sys/socket.h>

#include <array>
#include <memory>
#include <vector>

#include "base/unique_fd.hpp"
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

namespace {

struct Sockets {
  Sockets() {
    std::array<int, 2> fds{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds.data()) == 0);
    ours.reset(fds[0]);
    theirs.reset(fds[1]);
  }
  void say() const { REQUIRE(::send(theirs.get(), "x", 1, 0) == 1); }
  UniqueFd ours;
  UniqueFd theirs;
};

}  // namespace

TEST_CASE("a descriptor that rests keeps nothing else in its loop waiting") {
  EventLoop loop;
  const Sockets resting;
  const Sockets other;
  int woken = 0;
  FdWatcher first(loop, resting.ours.get(), [&](unsigned) {
    ++woken;
    first.rest(1h);
    other.say();
  });
  bool timer_fired = false;
  Timer timer(loop, [&] {
    timer_fired = true;
    loop.stop();
  });
  bool served = false;
  FdWatcher second(loop, other.ours.get(), [&](unsigned) {
    served = true;
    second.watch(0);
    timer.after(1ms);
  });
  first.watch(FdWatcher::kReadable);
  second.watch(FdWatcher::kReadable);
  resting.say();
  loop.run();
  CHECK(served);
  CHECK(timer_fired);
  CHECK(woken == 1);
  CHECK(first.mask() == FdWatcher::kReadable);
}

TEST_CASE("a rest is over at its time, whichever way the loop is run") {
  for (const bool whole : {true, false}) {
    EventLoop loop;
    const Sockets sockets;
    std::vector<TimePoint> woken;
    FdWatcher watcher(loop, sockets.ours.get(), [&](unsigned) {
      woken.push_back(monotonic_now());
      if (woken.size() == 3) {
        watcher.watch(0);
        loop.stop();
      } else {
        watcher.rest(woken.size() == 1 ? Duration(200us) : Duration(2ms));
      }
    });
    watcher.watch(FdWatcher::kReadable);
    sockets.say();
    if (whole) {
      loop.run();
    } else {
      for (int turns = 0; turns < 100 && woken.size() < 3; ++turns) loop.run_once();
    }
    REQUIRE(woken.size() == 3);
    CHECK(woken[1] - woken[0] >= 200us);
    CHECK(woken[2] - woken[1] >= 2ms);
  }
}

TEST_CASE("a change of what is waited for ends a rest, and so does the end of the watcher") {
  EventLoop loop;
  const Sockets sockets;
  int woken = 0;
  auto watcher = std::make_unique<FdWatcher>(loop, sockets.ours.get(), [&](unsigned) { ++woken; });
  watcher->watch(FdWatcher::kReadable);
  watcher->rest(1h);
  watcher->watch(FdWatcher::kReadable | FdWatcher::kWritable);
  loop.run_once();
  CHECK(woken == 1);
  watcher->watch(FdWatcher::kReadable);
  watcher->rest(1h);
  watcher.reset();
  loop.run();  // nothing is left that could happen
  CHECK(woken == 1);
}

TEST_CASE("a loop that is told to stop before it runs does not wait") {
  EventLoop loop;
  const Waker keeps_it_alive(loop, [] {});
  loop.stop();
  loop.run();
  SUCCEED();
}
