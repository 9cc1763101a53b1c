// What went wrong in a run so that its figures are none: connections that failed or were lost,
// subscriptions that were denied, messages of which none arrived. It comes before any question of
// who was the limit.
#pragma once

#include <string>

#include "bench/results/run_result.hpp"

namespace mqtk::bench {

struct RunFailures {
  std::string void_because;  ///< empty: the figures may be judged
  /// INTERFACE 3: that of the most frequent error for connections and subscriptions (69, 77 ...),
  /// 77 for messages that were not allowed, 1 for others that were not delivered, 0.
  int exit_code = 0;
};

/// Reads counts, errors and the scenario.
RunFailures find_failures(const RunResult& result);

/// That of the cause that occurred most; nullptr without any.
const ErrorCount* most_frequent_error(const RunResult& result);

}  // namespace mqtk::bench
