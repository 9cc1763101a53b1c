// The files besides the JSON: the series as CSV, the latencies as a log for the tools of
// HdrHistogram.
#pragma once

#include <string>

#include "bench/results/run_result.hpp"

namespace mqtk::bench {

/// A header and a line for each interval; the columns are the keys of `series`, and for every
/// latency LATENCY_count, LATENCY_p50_us and so on.
std::string series_csv(const RunResult& result);

/// One series for each latency: interval by interval where the intervals add up to the whole, else
/// the whole as one interval. "LATENCY.uncorrected" is always one interval.
std::string latency_log(const RunResult& result);

}  // namespace mqtk::bench
