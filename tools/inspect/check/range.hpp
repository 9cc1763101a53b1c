// Thresholds as monitoring plugins write them, and times as payloads do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mqtk::inspect {

/// "10": alert below 0 or above 10; "10:", "~:10", "10:20" likewise; "@10:20": alert inside.
struct AlertRange {
  std::string text;
  double low = 0;
  double high = 0;
  bool inside = false;

  bool alerts(double value) const { return (value >= low && value <= high) == inside; }
};
std::optional<AlertRange> parse_range(std::string_view text);
/// Alert above `high`.
AlertRange at_most(double high);
/// Alert below `low`.
AlertRange at_least(double low);

/// Seconds since 1970 of "2026-11-20T23:42:27.2Z" (an offset like +01:00 instead of Z), or of a
/// number of seconds, milliseconds, microseconds or nanoseconds, told apart by its size.
std::optional<double> parse_time(std::string_view text);

}  // namespace mqtk::inspect
