#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <limits>

namespace mqtk {

namespace {

struct Unit {
  std::string_view name;
  double factor;
};

// Reads "12", "1.5" (no sign, no exponent) from the front of text. Exact up to 15 digits, more than
// any unit needs; std::from_chars would bring the library of mathematics
// into programs that start in a millisecond.
std::optional<double> take_decimal(std::string_view& text) {
  double digits = 0;
  double scale = 1;
  std::size_t n = 0;
  bool any = false;
  bool point = false;
  for (; n < text.size(); ++n) {
    if (text[n] >= '0' && text[n] <= '9') {
      any = true;
      digits = digits * 10 + (text[n] - '0');
      if (point) scale *= 10;
    } else if (text[n] == '.' && !point) {
      point = true;
    } else {
      break;
    }
  }
  const double value = digits / scale;
  if (!any || !(value <= std::numeric_limits<double>::max())) return std::nullopt;
  text.remove_prefix(n);
  return value;
}

std::string_view take_word(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() &&
         ((text[n] >= 'a' && text[n] <= 'z') || (text[n] >= 'A' && text[n] <= 'Z'))) {
    ++n;
  }
  const std::string_view word = text.substr(0, n);
  text.remove_prefix(n);
  return word;
}

template <std::size_t N>
std::optional<double> factor_of(const std::array<Unit, N>& units, std::string_view word) {
  for (const Unit& unit : units) {
    if (unit.name == word) return unit.factor;
  }
  return std::nullopt;
}

constexpr std::array<Unit, 8> kTimeUnits = {{{"ns", 1},
                                             {"us", 1e3},
                                             {"ms", 1e6},
                                             {"s", 1e9},
                                             {"m", 60e9},
                                             {"min", 60e9},
                                             {"h", 3600e9},
                                             {"d", 86400e9}}};
constexpr std::array<Unit, 14> kSizeUnits = {{{"", 1},
                                              {"B", 1},
                                              {"k", 1024},
                                              {"kB", 1e3},
                                              {"KB", 1e3},
                                              {"K", 1024},
                                              {"KiB", 1024},
                                              {"M", 1048576},
                                              {"MB", 1e6},
                                              {"MiB", 1048576},
                                              {"G", 1073741824},
                                              {"GB", 1e9},
                                              {"GiB", 1073741824},
                                              {"b", 1}}};
constexpr std::array<Unit, 5> kCountUnits = {
    {{"", 1}, {"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"m", 1e6}}};

// The programs leave the numeric locale alone, so the point is a point.
void append_fixed(std::string& out, double value, int digits) {
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  if (size > 0) out.append(text.data(), std::min(text.size() - 1, static_cast<std::size_t>(size)));
}

// Of a number that is not negative.
std::int64_t rounded(double value) {
  return static_cast<std::int64_t>(value + 0.5);
}

std::string short_decimal(double value, int digits) {
  std::string out;
  append_fixed(out, value, digits);
  if (out.ends_with(".0")) out.resize(out.size() - 2);
  return out;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  double total = 0;
  bool first = true;
  while (!text.empty()) {
    const auto value = take_decimal(text);
    if (!value) return std::nullopt;
    const std::string_view word = take_word(text);
    if (word.empty()) {
      if (!first || !text.empty()) return std::nullopt;
      total += *value * 1e9;
    } else {
      const auto factor = factor_of(kTimeUnits, word);
      if (!factor) return std::nullopt;
      total += *value * *factor;
    }
    first = false;
  }
  if (total > 9e18) return std::nullopt;
  return Duration(rounded(total));
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto value = take_decimal(text);
  if (!value) return std::nullopt;
  const auto factor = factor_of(kSizeUnits, take_word(text));
  if (!factor || !text.empty()) return std::nullopt;
  const double total = *value * *factor;
  if (total > 9e18) return std::nullopt;
  return static_cast<std::uint64_t>(rounded(total));
}

std::optional<double> parse_rate(std::string_view text) {
  const auto value = take_decimal(text);
  if (!value) return std::nullopt;
  const auto factor = factor_of(kCountUnits, take_word(text));
  if (!factor) return std::nullopt;
  double seconds = 1;
  if (!text.empty()) {
    if (text == "/s") {
      seconds = 1;
    } else if (text == "/m" || text == "/min") {
      seconds = 60;
    } else if (text == "/h") {
      seconds = 3600;
    } else {
      return std::nullopt;
    }
  }
  return *value * *factor / seconds;
}

std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t low,
                                          std::uint64_t high) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (value < low || value > high) return std::nullopt;
  return value;
}

// The borders lie where the printed digits would round up to the next unit.
std::string format_duration(Duration duration) {
  const double ns = static_cast<double>(duration.count());
  if (duration.count() == 0) return "0s";
  if (ns < 1e3) return std::to_string(duration.count()) + "ns";
  if (ns < 999.5e3) return short_decimal(ns / 1e3, ns < 9.95e3 ? 1 : 0) + "us";
  if (ns < 999.5e6) return short_decimal(ns / 1e6, ns < 9.95e6 ? 1 : 0) + "ms";
  if (ns < 59.95e9) return short_decimal(ns / 1e9, 1) + "s";
  std::string out;
  std::int64_t seconds = rounded(ns / 1e9);
  const std::int64_t hours = seconds / 3600;
  seconds %= 3600;
  if (hours > 0) out += std::to_string(hours) + "h";
  if (seconds >= 60) out += std::to_string(seconds / 60) + "m";
  if (seconds % 60 > 0) out += std::to_string(seconds % 60) + "s";
  return out;
}

std::string format_size(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 4> kNames = {" B", " KiB", " MiB", " GiB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1023.95 && unit + 1 < kNames.size()) {
    value /= 1024;
    ++unit;
  }
  std::string out;
  append_fixed(out, value, 1);
  return out.append(kNames[unit]);
}

}  // namespace mqtk
