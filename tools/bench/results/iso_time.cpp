#include "bench/results/iso_time.hpp"

#include <fmt/core.h>

#include <chrono>

#include "base/units.hpp"

namespace mqtk::bench {

namespace {

using std::chrono::days;
using std::chrono::nanoseconds;
using std::chrono::sys_days;

std::optional<std::int64_t> number(std::string_view text, std::uint64_t high) {
  const auto value = parse_number(text, 0, high);
  if (!value) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

}  // namespace

std::int64_t unix_now_ns() {
  return std::chrono::duration_cast<nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string iso_time(std::int64_t unix_ns) {
  const nanoseconds since_epoch(unix_ns);
  const auto day = std::chrono::floor<days>(since_epoch);
  const std::chrono::year_month_day date{sys_days(day)};
  const std::chrono::hh_mm_ss time(since_epoch - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

std::optional<std::int64_t> parse_iso_time(std::string_view text) {
  // 0123456789012345678
  // YYYY-MM-DDThh:mm:ss[.fraction]Z
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':' || text.back() != 'Z') {
    return std::nullopt;
  }
  const auto year = number(text.substr(0, 4), 2261), month = number(text.substr(5, 2), 12),
             day = number(text.substr(8, 2), 31), hour = number(text.substr(11, 2), 23),
             minute = number(text.substr(14, 2), 59), second = number(text.substr(17, 2), 60);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;

  std::int64_t fraction = 0;
  const std::string_view rest = text.substr(19, text.size() - 20);
  if (!rest.empty()) {
    if (rest.front() != '.' || rest.size() < 2 || rest.size() > 10) return std::nullopt;
    const std::string digits = std::string(rest.substr(1)) + std::string(10 - rest.size(), '0');
    const auto value = number(digits, 999'999'999);
    if (!value) return std::nullopt;
    fraction = *value;
  }
  const std::int64_t days_since = sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = ((days_since * 24 + *hour) * 60 + *minute) * 60 + *second;
  return seconds * 1'000'000'000 + fraction;
}

}  // namespace mqtk::bench
