#include "bench/load/pacer.hpp"

#include "support/catch.hpp"

using namespace mqtk;
using namespace mqtk::bench;

TEST_CASE("a constant rate: message n is due after n intervals") {
  const Pacer pacer(1000);
  CHECK(pacer.due(0) == 0ns);
  CHECK(pacer.due(1) == 1ms);
  CHECK(pacer.due(10'000'000) == 10'000s);
  CHECK(pacer.due_by(-1ns) == 0);
  CHECK(pacer.due_by(0ns) == 1);
  CHECK(pacer.due_by(999'999ns) == 1);
  CHECK(pacer.due_by(1ms) == 2);
  CHECK(pacer.due_by(10s - 1ns) == 10'000);
  CHECK(pacer.rate_at(1h) == 1000);
  CHECK(pacer.length() == Duration::max());
}

TEST_CASE("a rate that does not divide a second does not drift") {
  const Pacer pacer(3);
  CHECK(pacer.due(3'000'000) == 1'000'000s);
  CHECK(pacer.due(1) == 333'333'333ns);
  CHECK(pacer.due_by(1'000'000s) == 3'000'001);
}

TEST_CASE("a rising rate: half of the end's by the area under the line") {
  const Pacer pacer({{10s, 0, 100}, {10s, 100, 100}, {10s, 100, 0}});
  CHECK(pacer.due_by(10s - 1ns) == 500);
  CHECK(pacer.due_by(20s - 1ns) == 1500);
  CHECK(pacer.due_by(30s) == 2000);
  CHECK(pacer.due_by(1h) == 2000);
  CHECK(pacer.due(125) == 5s);
  CHECK(pacer.due(600) == 11s);
  CHECK(pacer.due(1875) == 25s);
  CHECK(pacer.due(2000) == Duration::max());
  CHECK(pacer.rate_at(5s) == 50);
  CHECK(pacer.rate_at(25s) == 50);
  CHECK(pacer.rate_at(30s) == 0);
  CHECK(pacer.length() == 30s);
}

TEST_CASE("a pause between stages sends nothing and loses nothing") {
  const Pacer pacer({{1s, 10, 10}, {5s, 0, 0}, {1s, 10, 10}});
  CHECK(pacer.due(9) == 900ms);
  CHECK(pacer.due(10) == 6s);
  CHECK(pacer.due_by(5s) == 10);
  CHECK(pacer.due_by(6s) == 11);
  CHECK(pacer.due_by(1h) == 20);
}

TEST_CASE("due() and due_by() agree everywhere") {
  const Pacer pacer({{700ms, 13, 977}, {1s, 977, 977}, {300ms, 977, 5}});
  Duration before = 0ns;
  std::uint64_t n = 0;
  for (; pacer.due(n) != Duration::max(); ++n) {
    const Duration due = pacer.due(n);
    REQUIRE(due >= before);
    REQUIRE(pacer.due_by(due) >= n + 1);
    REQUIRE((due == 0ns || pacer.due_by(due - 1ns) <= n));
    before = due;
  }
  CHECK(pacer.due_by(2s) == n);
}
