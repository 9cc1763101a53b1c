#include "stats/inference.hpp"

#include <algorithm>
#include <numeric>
#include <random>

#include "support/catch.hpp"

namespace mqtk::test {

namespace {

/// By definition: all ways of dealing the values, each counted.
RankComparison counted(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> all = a;
  all.insert(all.end(), b.begin(), b.end());
  const auto rank = [&all](double value) {
    double out = 0.5;
    for (const double other : all) out += other < value ? 1 : other == value ? 0.5 : 0;
    return out;
  };
  double seen = 0;
  for (const double value : b) seen += rank(value);
  std::vector<bool> chosen(all.size());
  std::fill(chosen.begin() + static_cast<std::ptrdiff_t>(a.size()), chosen.end(), true);
  double ways = 0, larger = 0, smaller = 0;
  do {
    double sum = 0;
    for (std::size_t i = 0; i < all.size(); ++i) sum += chosen[i] ? rank(all[i]) : 0;
    ++ways;
    larger += sum >= seen - 1e-9 ? 1 : 0;
    smaller += sum <= seen + 1e-9 ? 1 : 0;
  } while (std::next_permutation(chosen.begin(), chosen.end()));
  return {larger / ways, smaller / ways};
}

}  // namespace

TEST_CASE("medians") {
  CHECK(median({}) == 0);
  CHECK(median({5}) == 5);
  CHECK(median({9, 1, 5}) == 5);
  CHECK(median({9, 1, 5, 7}) == 6);
}

TEST_CASE("the interval of a median and what it is worth") {
  CHECK(median_interval({}) == MedianInterval{});
  const MedianInterval one = median_interval({7});
  CHECK(one.low == 7);
  CHECK(one.high == 7);
  CHECK(one.confidence == 0);

  // Five values are not enough for 95 %: their range holds the median 15 times of 16.
  const MedianInterval five = median_interval({3, 1, 4, 2, 5});
  CHECK(five.median == 3);
  CHECK(five.low == 1);
  CHECK(five.high == 5);
  CHECK(five.confidence == Catch::Approx(0.9375));

  const MedianInterval six = median_interval({6, 3, 1, 4, 2, 5});
  CHECK(six.low == 1);
  CHECK(six.high == 6);
  CHECK(six.confidence == Catch::Approx(0.96875));

  // The tables say: of 20 values the 6th and the 15th, at 95.86 %.
  std::vector<double> twenty(20);
  std::iota(twenty.begin(), twenty.end(), 1.0);
  const MedianInterval many = median_interval(twenty);
  CHECK(many.median == 10.5);
  CHECK(many.low == 6);
  CHECK(many.high == 15);
  CHECK(many.confidence == Catch::Approx(0.9586).epsilon(0.001));
}

TEST_CASE("the interval of a median holds it as often as it says") {
  std::mt19937_64 random(11);
  std::lognormal_distribution<double> values(0, 1);
  int held = 0;
  constexpr int kTrials = 4000;
  double promised = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<double> sample(9);
    for (double& value : sample) value = values(random);
    const MedianInterval interval = median_interval(sample);
    promised = interval.confidence;
    held += interval.low <= 1 && 1 <= interval.high ? 1 : 0;
  }
  CHECK(promised == Catch::Approx(0.9609).epsilon(0.001));
  CHECK(static_cast<double>(held) / kTrials == Catch::Approx(promised).margin(0.015));
}

TEST_CASE("the rank test counts every way of dealing") {
  // All of b above all of a: one way of 70, one of 252.
  const std::vector<double> low = {1, 2, 3, 4}, high = {5, 6, 7, 8};
  CHECK(compare_ranks(low, high).p_larger == Catch::Approx(1.0 / 70));
  CHECK(compare_ranks(low, high).p_smaller == Catch::Approx(1));
  CHECK(compare_ranks(high, low).p_smaller == Catch::Approx(1.0 / 70));
  CHECK(smallest_p(4, 4) == Catch::Approx(1.0 / 70));
  CHECK(smallest_p(3, 3) == Catch::Approx(0.05));
  CHECK(values_needed(0.05) == 3);
  CHECK(values_needed(0.05 / 3) == 4);
  CHECK(values_needed(0.01) == 5);

  // All alike says nothing.
  const std::vector<double> same = {2, 2, 2};
  CHECK(compare_ranks(same, same).p_larger == Catch::Approx(1));
  CHECK(compare_ranks(same, same).p_smaller == Catch::Approx(1));

  std::mt19937_64 random(5);
  for (int trial = 0; trial < 30; ++trial) {
    std::vector<double> a(2 + random() % 4), b(2 + random() % 4);
    for (double& value : a) value = static_cast<double>(random() % 6);
    for (double& value : b) value = static_cast<double>(random() % 8);
    const RankComparison fast = compare_ranks(a, b), slow = counted(a, b);
    CHECK(fast.p_larger == Catch::Approx(slow.p_larger).margin(1e-12));
    CHECK(fast.p_smaller == Catch::Approx(slow.p_smaller).margin(1e-12));
  }
}

TEST_CASE("the rank test cries wolf no more often than it says") {
  std::mt19937_64 random(2);
  std::lognormal_distribution<double> values(3, 1);
  int alarms = 0;
  constexpr int kTrials = 4000;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<double> a(6), b(6);
    for (double& value : a) value = values(random);
    for (double& value : b) value = values(random);
    alarms += compare_ranks(a, b).p_larger <= 0.05 ? 1 : 0;
  }
  // The largest p of 6 and 6 that is at most 0.05 is 0.0465.
  CHECK(static_cast<double>(alarms) / kTrials == Catch::Approx(0.0465).margin(0.01));
}

TEST_CASE("the ratio of two sets and its interval") {
  const std::vector<double> a = {10, 11, 12, 13, 14}, b = {20, 22, 24, 26, 28};
  const auto interval = ratio_interval(a, b);
  REQUIRE(interval);
  CHECK(interval->ratio == Catch::Approx(2));
  CHECK(interval->low > 1);
  CHECK(interval->low < 2);
  CHECK(interval->high > 2);
  // 5 and 5: at most 2 pairs on one side, 1 - 2 * 4 / 252.
  CHECK(interval->confidence == Catch::Approx(1 - 8.0 / 252));

  const std::vector<double> three = {1, 2, 3};
  REQUIRE(ratio_interval(three, three));
  CHECK(ratio_interval(three, three)->confidence == Catch::Approx(0.9));
  CHECK(ratio_interval(three, three)->low == Catch::Approx(1.0 / 3));
  CHECK(ratio_interval(three, three)->high == Catch::Approx(3));

  CHECK_FALSE(ratio_interval(a, std::vector<double>{0, 1}));
  CHECK_FALSE(ratio_interval({}, b));
}

TEST_CASE("the interval of a ratio holds it as often as it says") {
  std::mt19937_64 random(8);
  std::lognormal_distribution<double> values(0, 0.5);
  int held = 0;
  constexpr int kTrials = 3000;
  double promised = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<double> a(6), b(6);
    for (double& value : a) value = values(random);
    for (double& value : b) value = 3 * values(random);
    const auto interval = ratio_interval(a, b);
    REQUIRE(interval);
    promised = interval->confidence;
    held += interval->low <= 3 && 3 <= interval->high ? 1 : 0;
  }
  CHECK(promised >= 0.95);
  CHECK(static_cast<double>(held) / kTrials == Catch::Approx(promised).margin(0.015));
}

}  // namespace mqtk::test
