// The percentiles that results show, and how their names are spelt: "p99_9" is 99.9 %.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace mqtk::bench {

struct Percentile {
  std::string_view key;    ///< in JSON and in paths
  std::string_view title;  ///< for people
  double percent;
};

inline constexpr std::array<Percentile, 7> kPercentiles = {{{"p50", "p50", 50},
                                                            {"p75", "p75", 75},
                                                            {"p90", "p90", 90},
                                                            {"p95", "p95", 95},
                                                            {"p99", "p99", 99},
                                                            {"p99_9", "p99.9", 99.9},
                                                            {"p99_99", "p99.99", 99.99}}};

/// "p99", "p99_9" and "p99.9"; any percentage above 0 and up to 100 is one.
std::optional<double> parse_percentile(std::string_view word);

}  // namespace mqtk::bench
