#include "bench/results/live_line.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "bench/results/figures.hpp"

namespace mqtk::bench {

namespace {

/// A part of the line. Those with the highest rank go first when there is no room.
struct Part {
  std::string text;
  std::size_t width;
  int rank;
};

std::string progress_text(const Sample& last, const LiveStatus& status) {
  std::string out = fmt::format("{} {:.0f} s", last.phase, status.elapsed_s);
  if (status.progress >= 0) {
    out += fmt::format(" {:.0f}%", std::floor(100 * std::clamp(status.progress, 0.0, 1.0)));
  }
  return out;
}

double per_second(std::uint64_t count, const Sample& sample) {
  return sample.interval_s > 0 ? static_cast<double>(count) / sample.interval_s : 0;
}

std::string latency_part(const Sample& last) {
  for (const Latency kind : {Latency::EndToEnd, Latency::Pubcomp, Latency::Puback,
                             Latency::RoundTrip, Latency::Connack}) {
    const auto found = last.latencies.find(kind);
    if (found == last.latencies.end() || found->second.empty()) continue;
    const Histogram& histogram = found->second;
    return fmt::format("{} p50 {} p99 {} max {}", name(kind),
                       latency_text(static_cast<double>(histogram.percentile(50))),
                       latency_text(static_cast<double>(histogram.percentile(99))),
                       latency_text(static_cast<double>(histogram.max())));
  }
  return {};
}

}  // namespace

std::string LiveLine::sparkline() const {
  static constexpr std::array<const char*, 8> kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static constexpr std::string_view kPlain = "_.-~=+*#";
  const double most = *std::ranges::max_element(rates_);
  std::string out;
  for (const double rate : rates_) {
    const double share = most > 0 ? rate / most : 0;
    const auto level = static_cast<std::size_t>(std::clamp(std::lround(share * 7), 0L, 7L));
    out += unicode_ ? std::string(kBlocks[level]) : std::string(1, kPlain[level]);
  }
  return out;
}

std::string LiveLine::text(const Sample& last, const LiveStatus& status, std::size_t columns) {
  const bool connecting = last.sent == 0 && last.received == 0;
  rates_.push_back(per_second(last.received > 0 ? last.received : last.sent, last));
  if (rates_.size() > kHistory) rates_.pop_front();

  std::vector<Part> parts;
  const auto add = [&parts](std::string text, int rank) {
    const std::size_t width = text.size();
    if (!text.empty()) parts.push_back({std::move(text), width, rank});
  };
  add(progress_text(last, status), 0);
  if (status.connections_wanted > 0) {
    add(fmt::format("{} of {} connected", count_text(last.connections),
                    count_text(status.connections_wanted)),
        1);
  } else {
    add(count_text(last.connections) + " connected", 5);
  }
  if (!connecting) {
    if (last.sent > 0) add("sent " + rate_text(per_second(last.sent, last)), 1);
    if (last.received > 0) add("received " + rate_text(per_second(last.received, last)), 1);
  }
  add(latency_part(last), 2);
  if (status.lost > 0) add("lost " + count_text(status.lost), 3);
  if (status.errors > 0) add("errors " + count_text(status.errors), 3);
  if (!connecting && rates_.size() > 1) parts.push_back({sparkline(), rates_.size(), 4});

  constexpr std::size_t kGap = 2;
  const auto width = [&parts] {
    std::size_t sum = 0;
    for (const Part& part : parts) sum += part.width + (sum > 0 ? kGap : 0);
    return sum;
  };
  // The last column stays free: some terminals begin a new line after it.
  while (parts.size() > 1 && width() + 1 > columns) {
    parts.erase(std::ranges::max_element(parts, {}, &Part::rank));
  }
  std::string out;
  for (const Part& part : parts) out += (out.empty() ? "" : std::string(kGap, ' ')) + part.text;
  if (parts.size() == 1 && out.size() + 1 > columns) out.resize(columns > 0 ? columns - 1 : 0);
  return out;
}

}  // namespace mqtk::bench
