// Durations, sizes and rates as people type them, and how we print them.
// Durations: 500ms 30s 10m 1h30m 2d, a bare number is seconds. Sizes: 64KiB = 1024 each, 1MB =
// 10^6. Rates: 50k/s, 1000/s, 10/m.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace mqtk {

/// nullopt when the text is not one (empty, negative, unknown unit, overflow, trailing characters).
std::optional<Duration> parse_duration(std::string_view text);
std::optional<std::uint64_t> parse_size(std::string_view text);
/// Events per second.
std::optional<double> parse_rate(std::string_view text);
/// A whole decimal number and nothing else, within [low, high].
std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t low,
                                          std::uint64_t high);

/// "1.5s", "250ms", "2m30s": the shortest form that says it.
std::string format_duration(Duration duration);
/// "512 B", "64.0 KiB".
std::string format_size(std::uint64_t bytes);

}  // namespace mqtk
