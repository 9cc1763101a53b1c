#include "session/backoff.hpp"

#include <set>

#include "support/catch.hpp"

using namespace mqtk;

TEST_CASE("the delay doubles up to the cap, with a quarter of jitter below") {
  Backoff backoff(1s, 60s, 42);
  for (const Duration step : {Duration(1s), Duration(2s), Duration(4s), Duration(8s), Duration(16s),
                              Duration(32s), Duration(60s), Duration(60s), Duration(60s)}) {
    const Duration delay = backoff.next();
    INFO(step.count() << " " << delay.count());
    CHECK(delay <= step);
    CHECK(delay > step - step / 4);
  }
  backoff.reset();
  CHECK(backoff.next() <= 1s);
}

TEST_CASE("clients that lost the same broker come back at different times") {
  std::set<Duration::rep> delays;
  for (std::uint64_t seed = 1; seed <= 200; seed += 2) {
    Backoff backoff(1s, 60s, seed * 0x9E37'79B9'7F4A'7C15U);
    delays.insert(backoff.next().count());
  }
  CHECK(delays.size() > 95);
}

TEST_CASE("limits that are zero or upside down") {
  Backoff none(0ns, 0ns, 0);
  for (int i = 0; i < 5; ++i) CHECK(none.next() == 0ns);
  Backoff capped(5s, 1s, 7);
  for (int i = 0; i < 5; ++i) CHECK(capped.next() <= 5s);
  Backoff tiny(3ns, 3ns, 7);
  CHECK(tiny.next() == 3ns);
}
