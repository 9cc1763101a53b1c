// What a few repeated measurements allow to say: exact statistics of small samples that assume
// nothing about how the values are distributed.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace mqtk {

double median(std::vector<double> values);

/// The median and two of the values that enclose it.
struct MedianInterval {
  std::size_t count = 0;
  double median = 0;
  double low = 0;
  double high = 0;
  /// How often such an interval holds the true median. Below what was wanted when there are too
  /// few values: then it is their whole range. 6 values are needed for 95 %.
  double confidence = 0;

  bool operator==(const MedianInterval&) const = default;
};
/// `wanted` is the confidence, 0 to 1. The narrowest interval that has it (the sign test turned
/// around).
MedianInterval median_interval(std::vector<double> values, double wanted = 0.95);

/// Two sets of measurements by the ranks of their values (Wilcoxon, Mann and Whitney).
struct RankComparison {
  /// How likely values like these are when both sets come from the same source, counting only
  /// outcomes that speak as much for "b is larger", or for "b is smaller".
  double p_larger = 1;
  double p_smaller = 1;
};
/// Exact, ties included: every way of dealing the values into two sets counts once.
RankComparison compare_ranks(std::span<const double> a, std::span<const double> b);

/// The typical ratio b / a (the median of all pairs) and the interval that belongs to the rank
/// test. nullopt unless all values are above 0.
struct RatioInterval {
  double ratio = 1;
  double low = 0;
  double high = 0;
  double confidence = 0;  ///< below the wanted one when there are too few values
};
std::optional<RatioInterval> ratio_interval(std::span<const double> a, std::span<const double> b,
                                            double wanted = 0.95);

/// The smallest p that compare_ranks() can give for sets of these sizes.
double smallest_p(std::size_t a, std::size_t b);
/// How many values each of two sets needs so that the smallest p is at most `p`.
std::size_t values_needed(double p);

}  // namespace mqtk
