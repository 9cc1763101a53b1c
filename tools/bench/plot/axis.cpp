#include "bench/plot/axis.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "bench/results/figures.hpp"

namespace mqtk::bench {

namespace {

/// 1, 2 or 5 times a power of ten, so that about `wanted` steps fit into `range`.
double round_step(double range, double wanted) {
  const double rough = range / wanted;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (rough <= factor * power * 1.0001) return factor * power;
  }
  return 10 * power;
}

std::string short_latency(double ns) {
  if (ns < 999) return fmt::format("{:.0f} ns", ns);
  if (ns < 999e3) return fmt::format("{:.0f} us", ns / 1e3);
  if (ns < 999e6) return fmt::format("{:.0f} ms", ns / 1e6);
  return fmt::format("{:.0f} s", ns / 1e9);
}

}  // namespace

double Axis::place(double value) const {
  const double inside = std::clamp(value, low, high);
  const double share =
      logarithmic ? std::log(inside / low) / std::log(high / low) : (inside - low) / (high - low);
  return from + share * (to - from);
}

Axis latency_axis(double least_ns, double most_ns, double from, double to) {
  const double least = std::max(1.0, least_ns), most = std::max(least, most_ns);
  // Down and up to 1, 2 or 5 times a power of ten.
  const auto round_down = [](double value) {
    const double power = std::pow(10, std::floor(std::log10(value)));
    return power * (value >= 5 * power ? 5 : value >= 2 * power ? 2 : 1);
  };
  const double low = round_down(least / 1.02);
  double high = round_down(most);
  while (high < most * 1.02) high = round_down(high * 2.6);
  return {low, high, from, to, true};
}

std::vector<Tick> latency_ticks(const Axis& axis) {
  std::vector<Tick> out;
  const bool few = axis.high / axis.low < 150;
  const double first = std::pow(10, std::floor(std::log10(axis.low) + 1e-9));
  for (double power = first; power <= axis.high * 1.001; power *= 10) {
    for (int digit = 1; digit <= 9; ++digit) {
      const double value = power * digit;
      if (value < axis.low * 0.999 || value > axis.high * 1.001) continue;
      const bool labelled = digit == 1 || (few && (digit == 2 || digit == 5));
      out.push_back({value, labelled ? short_latency(value) : ""});
    }
  }
  return out;
}

Axis linear_axis(double most, double from, double to) {
  const double above = std::max(most, 1e-9) * 1.05;
  const double step = round_step(above, 4);
  return {0, std::ceil(above / step) * step, from, to};
}

std::vector<Tick> rate_ticks(const Axis& axis) {
  std::vector<Tick> out;
  const double step = round_step(axis.high, 4);
  for (int i = 0; step * i <= axis.high * 1.001; ++i) {
    const double value = step * i;
    out.push_back({value, step >= 1 ? count_text(static_cast<std::uint64_t>(std::llround(value)))
                                    : fmt::format("{:g}", value)});
  }
  return out;
}

std::vector<Tick> time_ticks(const Axis& axis) {
  std::vector<Tick> out;
  const double step = round_step(axis.high - axis.low, 10);
  for (double i = std::ceil(axis.low / step - 1e-6); i * step <= axis.high * 1.0001; ++i) {
    out.push_back({i * step, fmt::format("{:g} s", i * step)});
  }
  return out;
}

Axis percentile_axis(double samples, double from, double to) {
  return {0, std::max(1.0, std::log10(std::max(10.0, samples))), from, to};
}

double nines(double share) {
  return share >= 1 ? 1e9 : -std::log10(1 - share);
}

std::vector<Tick> percentile_ticks(const Axis& axis) {
  std::vector<Tick> out = {{0, "0 %"}, {nines(0.5), "50 %"}};
  for (int i = 1; i <= axis.high + 1e-6 && i < 9; ++i) {
    std::string label = i == 1 ? "90" : "99";
    if (i > 2) label.append(".").append(static_cast<std::size_t>(i - 2), '9');
    out.push_back({static_cast<double>(i), label + " %"});
  }
  return out;
}

}  // namespace mqtk::bench
