// The figures of a result by their path: "e2e.p99", "messages.lost", "throughput.sent_per_s". One
// grammar for --assert, compare, search and the summary of repeats.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "bench/results/run_result.hpp"

namespace mqtk::bench {

/// The unit of a figure, as the result writes it.
enum class Unit : std::uint8_t {
  Microseconds,
  Seconds,
  PerSecond,
  Bytes,
  BytesPerSecond,
  Percent,
  Count
};

/// Whether a larger figure is good, bad, or neither.
enum class Better : std::uint8_t { Higher, Lower, Neither };

struct Metric {
  std::string path;  ///< in full, without "latency_us."
  Unit unit = Unit::Count;
  Better better = Better::Neither;
  /// nullopt: this run did not measure it.
  std::function<std::optional<double>(const RunResult&)> value;
};

/// Paths stand as in the JSON, "latency_us." left out; besides: "errors" for the sum,
/// "errors.CAUSE", every percentile ("e2e.p97.5"), and without their group the figures of
/// "messages" and "throughput", "rate" for throughput.sent_per_s. Errors are of kind Usage and name
/// the nearest.
Result<Metric> find_metric(std::string_view path);

/// All paths, each once, with the usual percentiles only.
std::vector<std::string> metric_paths();

/// Derived figures; nullopt when there is nothing to derive them from.
std::optional<double> cpu_percent(const RunResult& result);  ///< of one core, all threads
std::optional<double> bytes_per_connection(const RunResult& result);
std::optional<double> cpu_us_per_message(const RunResult& result);  ///< sent or received

}  // namespace mqtk::bench
