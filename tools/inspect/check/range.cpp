#include "inspect/check/range.hpp"

#include <charconv>
#include <cmath>
#include <ctime>
#include <limits>

#include "base/numbers.hpp"

namespace mqtk::inspect {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Takes `size` digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t size) {
  int out = 0;
  if (text.size() < size) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + size, out);
  if (error != std::errc() || end != text.data() + size || out < 0) return std::nullopt;
  text.remove_prefix(size);
  return out;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// "Z", "+01:00", "-0530"; seconds east of Greenwich.
std::optional<int> offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  const bool west = !text.empty() && text.front() == '-';
  if (!west && !take(text, '+')) return std::nullopt;
  if (west) text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  take(text, ':');
  const auto minutes = take_digits(text, 2);
  if (!hours || !minutes || !text.empty()) return std::nullopt;
  return (west ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

std::optional<double> parse_iso_time(std::string_view text) {
  std::tm utc{};
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || (!take(text, 'T') && !take(text, ' '))) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute) return std::nullopt;
  double second = 0;
  if (take(text, ':')) {
    const auto read = take_double(text);
    if (!read || *read < 0) return std::nullopt;
    second = *read;
  }
  const auto east = offset(text);
  const bool real = *month >= 1 && *month <= 12 && *day >= 1 && *day <= 31 && *hour < 24 &&
                    *minute < 60 && second < 61;
  if (!east || !real) return std::nullopt;
  utc.tm_year = *year - 1900;
  utc.tm_mon = *month - 1;
  utc.tm_mday = *day;
  utc.tm_hour = *hour;
  utc.tm_min = *minute;
  return static_cast<double>(::timegm(&utc) - *east) + second;
}

}  // namespace

std::optional<AlertRange> parse_range(std::string_view text) {
  AlertRange out;
  out.text = text;
  out.inside = take(text, '@');
  const auto colon = text.find(':');
  out.high = kInfinity;
  if (colon != std::string_view::npos) {
    const auto low = text.substr(0, colon);
    const auto number = parse_double(low);
    if (low == "~") {
      out.low = -kInfinity;
    } else if (number) {
      out.low = *number;
    } else if (!low.empty()) {
      return std::nullopt;
    }
    text.remove_prefix(colon + 1);
  } else if (text.empty()) {
    return std::nullopt;
  }
  if (!text.empty()) {
    const auto number = parse_double(text);
    if (!number) return std::nullopt;
    out.high = *number;
  }
  if (out.low > out.high) return std::nullopt;
  return out;
}

AlertRange at_most(double high) {
  return {double_text(high), 0, high, false};
}

AlertRange at_least(double low) {
  return {double_text(low) + ":", low, kInfinity, false};
}

std::optional<double> parse_time(std::string_view text) {
  if (auto time = parse_iso_time(text)) return time;
  auto number = parse_double(text);
  if (!number || *number < 0) return std::nullopt;
  for (const double unit : {1e17, 1e14, 1e11}) {
    if (*number >= unit) return *number / (unit / 1e8);
  }
  return number;
}

}  // namespace mqtk::inspect
