// Numbers as people read them: three digits that count, thousands set apart.
#pragma once

#include <cstdint>
#include <string>

#include "bench/results/metric.hpp"

namespace mqtk::bench {

/// "1,234,567".
std::string count_text(std::uint64_t count);
/// "850 ns", "312 us", "1.25 ms", "61.2 s".
std::string latency_text(double ns);
/// "0.5/s", "1,000/s".
std::string rate_text(double per_s);
/// "12 %", "0.1 %".
std::string percent_text(double percent);
/// What people call it: "end to end", "TCP connect".
std::string latency_title(Latency kind);
/// A figure in its unit.
std::string figure_text(double value, Unit unit);

}  // namespace mqtk::bench
