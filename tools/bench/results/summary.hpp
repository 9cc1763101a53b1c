// A result for people: aligned, to be compared at a glance, corrected and uncorrected latencies one
// below the other.
#pragma once

#include <string>

#include "bench/results/run_result.hpp"

namespace mqtk::bench {

/// Plain text of at most about 100 columns, harmless on a terminal, with a newline at its end.
std::string summary_text(const RunResult& result);

}  // namespace mqtk::bench
