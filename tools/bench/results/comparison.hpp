// Is the second of two results worse than the first? Decided by the exact rank test over the runs
// of
// --repeat, for several figures at once, so that chance alone says "worse" in at most `alpha` of
// all comparisons.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "bench/results/metric.hpp"
#include "bench/results/run_result.hpp"
#include "stats/inference.hpp"

namespace mqtk::bench {

struct CompareOptions {
  std::vector<std::string> paths;    ///< empty: those that stand for the scenario
  std::vector<std::string> varying;  ///< options that may differ: what is being compared
  double alpha = 0.05;
  double tolerance = 0;  ///< 0.05: a figure worse by 5 % is not worse yet
};

enum class Change : std::uint8_t { Better, Same, Worse };

struct FigureComparison {
  Metric metric;
  double median_a = 0, median_b = 0;
  std::optional<RatioInterval> ratio = {};  ///< b / a; none when a value is 0
  double p_worse = 1;  ///< of the rank test, before the correction for several figures
  Change change = Change::Same;
};

struct Comparison {
  std::size_t runs_a = 0, runs_b = 0;
  double alpha = 0.05;
  std::vector<FigureComparison> figures;
  std::vector<std::string> differences;  ///< options that differ, as `varying` allows
  std::vector<std::string> notes;

  bool worse() const;
};

/// BadInput (65), with the reason and what to do, when the two are not comparable: different loads,
/// figures that do not judge the broker, too few runs to tell anything.
Result<Comparison> compare_results(const RunResult& a, const RunResult& b,
                                   const CompareOptions& options);

/// A table, and one sentence that says it all.
std::string comparison_text(const Comparison& comparison);
/// mqtt-bench.comparison/1, with a newline at its end.
std::string comparison_json(const Comparison& comparison);

}  // namespace mqtk::bench
