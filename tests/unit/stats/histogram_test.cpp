#include "stats/histogram.hpp"

#include <cmath>
#include <random>

#include "support/catch.hpp"

namespace mqtk::test {

namespace {

/// One value to a decimal digit of its own: cells of 1, so that every statistic is exact.
constexpr Histogram::Range kExact{.lowest = 1, .highest = 3'600'000'000, .digits = 3};

}  // namespace

TEST_CASE("an empty histogram is all zero") {
  const Histogram histogram;
  CHECK(histogram.empty());
  CHECK(histogram.min() == 0);
  CHECK(histogram.max() == 0);
  CHECK(histogram.mean() == 0);
  CHECK(histogram.stddev() == 0);
  CHECK(histogram.percentile(50) == 0);
}

TEST_CASE("statistics of small values are exact") {
  Histogram histogram(kExact);
  for (std::uint64_t i = 1; i <= 1000; ++i) histogram.record(i);
  CHECK(histogram.count() == 1000);
  CHECK(histogram.min() == 1);
  CHECK(histogram.max() == 1000);
  CHECK(histogram.mean() == Catch::Approx(500.5));
  CHECK(histogram.stddev() == Catch::Approx(std::sqrt(999'999.0 / 12)));
  CHECK(histogram.percentile(0) == 1);
  CHECK(histogram.percentile(0.1) == 1);
  CHECK(histogram.percentile(0.11) == 2);
  CHECK(histogram.percentile(50) == 500);
  CHECK(histogram.percentile(50.05) == 501);
  CHECK(histogram.percentile(90) == 900);
  CHECK(histogram.percentile(99) == 990);
  CHECK(histogram.percentile(99.9) == 999);
  CHECK(histogram.percentile(100) == 1000);
}

TEST_CASE("every value is found again within a thousandth") {
  std::uint64_t value = 1000;
  while (value < 3'600'000'000'000) {
    for (const std::uint64_t each : {value - 1, value, value + 1, value + value / 3}) {
      Histogram histogram;
      histogram.record(each);
      CAPTURE(each);
      CHECK(histogram.min() <= each);
      CHECK(histogram.max() >= std::min<std::uint64_t>(each, 3'600'000'000'000));
      // A cell is 512 ns wide at the low end, and never wider than a thousandth of the value.
      CHECK(histogram.max() - histogram.min() <= std::max<std::uint64_t>(511, each / 1000));
      CHECK(histogram.percentile(50) == histogram.max());
    }
    value *= 2;
  }
}

TEST_CASE("what is out of range counts at its end") {
  Histogram histogram;
  histogram.record(Duration(-5s));
  CHECK(histogram.max() < 1000);
  histogram.record(Duration(10h));
  CHECK(histogram.count() == 2);
  CHECK(histogram.max() >= 3'600'000'000'000);
  CHECK(histogram.max() <= 3'604'000'000'000);
  histogram.record(std::numeric_limits<std::uint64_t>::max());
  CHECK(histogram.count() == 3);
}

TEST_CASE("ranges that make sense") {
  CHECK(Histogram::Range{}.valid());
  CHECK(Histogram::Range{.lowest = 1, .highest = 2, .digits = 1}.valid());
  CHECK_FALSE(Histogram::Range{.lowest = 0, .highest = 1000, .digits = 3}.valid());
  CHECK_FALSE(Histogram::Range{.lowest = 1, .highest = 1000, .digits = 0}.valid());
  CHECK_FALSE(Histogram::Range{.lowest = 1, .highest = 1000, .digits = 6}.valid());
  CHECK_FALSE(Histogram::Range{.lowest = 600, .highest = 1000, .digits = 3}.valid());
  CHECK_FALSE(Histogram::Range{.lowest = 1, .highest = UINT64_MAX, .digits = 3}.valid());
}

TEST_CASE("parts of the samples added up are the same as all samples in one") {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> latency(12, 2);
  Histogram all, first, second;
  for (int i = 0; i < 100'000; ++i) {
    const auto value = static_cast<std::uint64_t>(latency(random));
    all.record(value);
    (random() % 3 == 0 ? first : second).record(value);
  }
  CHECK(first != all);
  REQUIRE(first.add(second));
  CHECK(first == all);
  CHECK(first.count() == 100'000);
  for (const double percent :
       {0.0, 1.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 99.99, 99.999, 100.0}) {
    CHECK(first.percentile(percent) == all.percentile(percent));
  }
  CHECK(first.mean() == all.mean());
  CHECK(first.stddev() == all.stddev());

  Histogram other(kExact);
  CHECK_FALSE(other.add(all));
  CHECK(other.empty());
}

TEST_CASE("an interval is what came since") {
  Histogram running;
  running.record_n(5'000, 10);
  running.record(Duration(2ms));
  const Histogram before = running;
  running.record_n(5'000, 3);
  running.record(Duration(700ms));
  const Histogram interval = running.since(before);
  Histogram expected;
  expected.record_n(5'000, 3);
  expected.record(Duration(700ms));
  CHECK(interval == expected);
  CHECK(running.since(running).empty());
  CHECK(running.since(Histogram()) == running);
  running.clear();
  CHECK(running.empty());
  CHECK(running == Histogram());
}

TEST_CASE("a stall of a paced sampler counts what was missed") {
  Histogram corrected(kExact), expected(kExact);
  corrected.record_corrected(Duration(1000), Duration(100));
  for (std::uint64_t value = 100; value <= 1000; value += 100) expected.record(value);
  CHECK(corrected == expected);

  corrected.clear();
  expected.clear();
  corrected.record_corrected(Duration(1050), Duration(100));
  for (std::uint64_t value = 150; value <= 1050; value += 100) expected.record(value);
  CHECK(corrected == expected);

  corrected.clear();
  corrected.record_corrected(Duration(100), Duration(100));
  CHECK(corrected.count() == 1);
  corrected.record_corrected(Duration(199), Duration(100));
  CHECK(corrected.count() == 2);
  corrected.record_corrected(Duration(200), Duration(100));
  CHECK(corrected.count() == 4);
  corrected.record_corrected(Duration(5000), Duration(0));
  CHECK(corrected.count() == 5);

  // An hour of a sampler that was due every microsecond, and beyond the range: still at once.
  Histogram huge;
  huge.record_corrected(Duration(2h), Duration(1us));
  CHECK(huge.count() == 7'200'000'000);
  CHECK(huge.percentile(25) == Catch::Approx(1800e9).epsilon(0.001));
  CHECK(huge.percentile(75) >= 3'600'000'000'000);
}

}  // namespace mqtk::test
