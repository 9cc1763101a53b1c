#include "bench/results/figures.hpp"

#include <fmt/core.h>

#include <array>
#include <cmath>

#include "base/units.hpp"

namespace mqtk::bench {

namespace {

/// With as many decimals as make three digits, at least none.
std::string three_digits(double value) {
  if (value < 9.995) return fmt::format("{:.2f}", value);
  if (value < 99.95) return fmt::format("{:.1f}", value);
  return fmt::format("{:.0f}", value);
}

std::uint64_t whole(double value) {
  return value <= 0 ? 0 : static_cast<std::uint64_t>(std::llround(value));
}

}  // namespace

std::string count_text(std::uint64_t count) {
  std::string out = std::to_string(count);
  for (std::size_t at = out.size(); at > 3;) {
    at -= 3;
    out.insert(at, 1, ',');
  }
  return out;
}

std::string latency_text(double ns) {
  static constexpr std::array<const char*, 3> kUnits = {" us", " ms", " s"};
  if (ns < 999.5) return fmt::format("{:.0f} ns", ns);
  double value = ns / 1000;
  std::size_t unit = 0;
  // The next unit begins where three digits would round up to it.
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return three_digits(value) + kUnits[unit];
}

std::string rate_text(double per_s) {
  if (per_s < 99.95 && per_s != std::floor(per_s)) return fmt::format("{:.1f}/s", per_s);
  return count_text(whole(per_s)) + "/s";
}

std::string percent_text(double percent) {
  if (percent < 9.95 && percent != std::floor(percent)) return fmt::format("{:.1f} %", percent);
  return fmt::format("{:.0f} %", percent);
}

std::string latency_title(Latency kind) {
  switch (kind) {
    case Latency::Connect:
      return "TCP connect";
    case Latency::Tls:
      return "TLS handshake";
    case Latency::Connack:
      return "CONNACK";
    case Latency::Suback:
      return "SUBACK";
    case Latency::Puback:
      return "PUBACK";
    case Latency::Pubcomp:
      return "PUBCOMP";
    case Latency::EndToEnd:
      return "end to end";
    case Latency::RoundTrip:
      return "ping";
    case Latency::Count_:
      break;
  }
  return {};
}

std::string figure_text(double value, Unit unit) {
  switch (unit) {
    case Unit::Microseconds:
      return latency_text(value * 1000);
    case Unit::Seconds:
      return latency_text(value * 1e9);
    case Unit::PerSecond:
      return rate_text(value);
    case Unit::Bytes:
      return format_size(whole(value));
    case Unit::BytesPerSecond:
      return format_size(whole(value)) + "/s";
    case Unit::Percent:
      return percent_text(value);
    case Unit::Count:
      break;
  }
  return value == std::floor(value) ? count_text(whole(value)) : fmt::format("{:.3g}", value);
}

}  // namespace mqtk::bench
