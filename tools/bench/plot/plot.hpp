// A run, or several side by side, as a picture: latency by percentile, rate and latency over time,
// and the figures in a table below.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "bench/results/run_result.hpp"

namespace mqtk::bench {

struct PlotOptions {
  std::optional<Latency> latency;   ///< none: end to end, else what the acknowledgements took
  std::vector<std::string> labels;  ///< one for each result
  std::string title;                ///< empty: the scenario of the first
};

/// At most six results; the same ones give the same octets. BadInput (65) when none of them has
/// measured the latency.
Result<std::string> plot_svg(const std::vector<RunResult>& results, const PlotOptions& options);

}  // namespace mqtk::bench
