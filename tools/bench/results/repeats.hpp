// Several results made one: the runs of --repeat pooled, the shards of one run merged.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "bench/results/run_result.hpp"
#include "stats/inference.hpp"

namespace mqtk::bench {

/// A figure over all runs.
struct RepeatFigure {
  std::string path;
  MedianInterval interval;  ///< in the unit of the path
};
/// The figures that matter, as far as every run has measured them.
std::vector<RepeatFigure> repeat_summary(const std::vector<RunResult>& repeats);

/// One run after the other: counts, time and histograms add up; rates are those of all the time.
/// `repeats` holds the runs without their series. Not empty.
RunResult pool_repeats(std::vector<RunResult> runs);

/// At the same time, on several processes or machines: histograms and counts add up exactly, the
/// series interval by interval. BadInput (65) when they are not shards of one run, and why.
Result<RunResult> merge_shards(const std::vector<RunResult>& shards);

}  // namespace mqtk::bench
