// What a run shall keep to: "e2e.p99<20ms", "messages.lost==0", "rate>=1000/s".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "bench/results/metric.hpp"
#include "bench/results/run_result.hpp"

namespace mqtk::bench {

struct Assertion {
  enum class Comparison : std::uint8_t {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    Unequal
  };

  std::string expression;  ///< as it was typed
  Metric metric;
  Comparison comparison = Comparison::Less;
  double limit = 0;  ///< in the unit of the metric

  bool holds(double value) const;
};

/// PATH OP NUMBER[UNIT], spaces allowed between them. OP is < <= > >= == or !=. A latency needs its
/// unit (20ms, 350us); rates may end in /s, sizes in KiB or MB, shares in %. Errors are of kind
/// Usage.
Result<Assertion> parse_assertion(std::string_view text);

/// What was not measured does not pass.
AssertionOutcome check_assertion(const Assertion& assertion, const RunResult& result);

/// "e2e.p99<20ms failed: it was 31.2 ms".
std::string outcome_text(const AssertionOutcome& outcome);

}  // namespace mqtk::bench
