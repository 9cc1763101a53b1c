// Who was the limit of a run, in one plain sentence, and whether its figures tell something about
// the broker at all.
#pragma once

#include "bench/results/run_result.hpp"

namespace mqtk::bench {

/// Where the generator begins to falsify what it measures.
struct JudgeLimits {
  /// Lateness (p99) that no figure is blamed for, and its largest share of the latency (p99).
  double late_ns = 2e6;
  double late_share = 0.25;
  double busy_percent = 95;    ///< of a core, the busiest worker thread: it had no time left
  double waiting_share = 0.2;  ///< of the time of all workers, waiting for a processor
  double shortfall = 0.01;     ///< of the rate asked for: less is not met
};

/// Reads everything but `verdict` and `assertions`. Runs that were pooled have been judged before:
/// one that is worth nothing spoils the sum.
Verdict judge(const RunResult& result, const JudgeLimits& limits = {});

/// That of find_failures() when the run is void, else 75 when this program was the limit, else 1
/// (or 77) when messages were not delivered or an assertion failed, else 0.
int exit_code(const RunResult& result);

}  // namespace mqtk::bench
