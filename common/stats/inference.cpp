#include "stats/inference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace mqtk {

namespace {

/// What the division of large counts may add in its last digits.
constexpr double kSlack = 1e-9;

/// Twice the rank of each value among all, so that shared ranks are whole numbers.
std::vector<std::size_t> doubled_ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<std::size_t> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    // Ranks first + 1 to end share their mean.
    for (std::size_t i = first; i < end; ++i) ranks[order[i]] = first + 1 + end;
    first = end;
  }
  return ranks;
}

/// shares[s]: the share of all choices of `chosen` ranks whose sum is s.
std::vector<double> sum_shares(const std::vector<std::size_t>& ranks, std::size_t chosen) {
  const std::size_t most = std::accumulate(ranks.begin(), ranks.end(), std::size_t{0});
  // ways[k][s] is a share as well: of the choices of k among the ranks seen so far.
  std::vector<std::vector<double>> ways(chosen + 1, std::vector<double>(most + 1, 0.0));
  ways[0][0] = 1;
  double seen = 0;
  for (const std::size_t rank : ranks) {
    ++seen;
    for (std::size_t k = std::min(chosen, static_cast<std::size_t>(seen)); k > 0; --k) {
      // Of the choices of k among `seen`, k / seen hold the last one.
      const double with = static_cast<double>(k) / seen;
      for (std::size_t s = most + 1; s-- > 0;) {
        const double before = s >= rank ? ways[k - 1][s - rank] : 0;
        ways[k][s] = (1 - with) * ways[k][s] + with * before;
      }
    }
  }
  return ways[chosen];
}

/// P(X <= k) for a fair coin thrown n times.
double coin_share(std::size_t n, std::size_t k) {
  double term = std::pow(0.5, static_cast<double>(n)), total = 0;
  for (std::size_t i = 0; i <= k; ++i) {
    total += term;
    term *= static_cast<double>(n - i) / static_cast<double>(i + 1);
  }
  return total;
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

MedianInterval median_interval(std::vector<double> values, double wanted) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const std::size_t n = values.size();
  // From the k-th smallest to the k-th largest: wrong when fewer than k lie on one side.
  std::size_t k = 0;
  while (2 * (k + 1) < n && 1 - 2 * coin_share(n, k + 1) >= wanted - kSlack) ++k;
  return {.count = n,
          .median = median(values),
          .low = values[k],
          .high = values[n - 1 - k],
          .confidence = std::max(0.0, 1 - 2 * coin_share(n, k))};
}

RankComparison compare_ranks(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) return {};
  std::vector<double> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  const std::vector<std::size_t> ranks = doubled_ranks(all);
  const std::size_t sum_b = std::accumulate(ranks.begin() + static_cast<std::ptrdiff_t>(a.size()),
                                            ranks.end(), std::size_t{0});
  const std::vector<double> shares = sum_shares(ranks, b.size());
  RankComparison out{0, 0};
  for (std::size_t s = 0; s < shares.size(); ++s) {
    if (s >= sum_b) out.p_larger += shares[s];
    if (s <= sum_b) out.p_smaller += shares[s];
  }
  return {std::min(1.0, out.p_larger), std::min(1.0, out.p_smaller)};
}

std::optional<RatioInterval> ratio_interval(std::span<const double> a, std::span<const double> b,
                                            double wanted) {
  const auto above_zero = [](double value) { return value > 0 && std::isfinite(value); };
  if (a.empty() || b.empty() || !std::ranges::all_of(a, above_zero) ||
      !std::ranges::all_of(b, above_zero)) {
    return std::nullopt;
  }
  std::vector<double> ratios;
  for (const double from : a) {
    for (const double to : b) ratios.push_back(to / from);
  }
  std::ranges::sort(ratios);

  // The number of pairs with b > a has the distribution of the rank sum less its smallest value;
  // without ties all choices are possible, and each step of 2 in the doubled sum is one pair.
  std::vector<std::size_t> ranks(a.size() + b.size());
  for (std::size_t i = 0; i < ranks.size(); ++i) ranks[i] = 2 * (i + 1);
  const std::vector<double> shares = sum_shares(ranks, b.size());
  const std::size_t smallest = b.size() * (b.size() + 1);
  double tail = 0;  // both ends: at most `k` pairs on one side
  std::size_t k = 0;
  double confidence = 0;
  for (std::size_t pairs = 0; 2 * pairs < ratios.size(); ++pairs) {
    tail += 2 * shares[smallest + 2 * pairs];
    if (pairs > 0 && 1 - tail < wanted - kSlack) break;
    k = pairs;
    confidence = 1 - tail;
  }
  return RatioInterval{.ratio = median(ratios),
                       .low = ratios[k],
                       .high = ratios[ratios.size() - 1 - k],
                       .confidence = std::max(0.0, confidence)};
}

double smallest_p(std::size_t a, std::size_t b) {
  double ways = 1;
  for (std::size_t i = 1; i <= b; ++i) {
    ways = ways * static_cast<double>(a + i) / static_cast<double>(i);
  }
  return 1 / ways;
}

std::size_t values_needed(double p) {
  std::size_t n = 1;
  while (n < 1000 && smallest_p(n, n) > p * (1 + kSlack)) ++n;
  return n;
}

}  // namespace mqtk
