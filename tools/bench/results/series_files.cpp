#include "bench/results/series_files.hpp"

#include <fmt/core.h>

#include <set>
#include <type_traits>

#include "bench/results/keys.hpp"
#include "bench/results/percentiles.hpp"
#include "stats/histogram_log.hpp"

namespace mqtk::bench {

namespace {

double us(std::uint64_t ns) {
  return static_cast<double>(ns) / 1000;
}

std::set<Latency> kinds_of(const std::vector<Sample>& series) {
  std::set<Latency> out;
  for (const Sample& sample : series) {
    for (const auto& [kind, histogram] : sample.latencies) out.insert(kind);
  }
  return out;
}

/// Nothing is left out of `whole`, and nothing was added.
bool adds_up(const std::vector<Sample>& series, Latency kind, const Histogram& whole) {
  Histogram sum;
  for (const Sample& sample : series) {
    const auto found = sample.latencies.find(kind);
    if (found != sample.latencies.end()) sum.add(found->second);
  }
  return sum == whole;
}

}  // namespace

std::string series_csv(const RunResult& result) {
  std::string out;
  const auto append = [&out](std::string_view text) {
    if (!out.empty() && out.back() != '\n') out += ',';
    out += text;
  };
  auto header = [&append](const char* key, const auto&) { append(key); };
  const Sample names;
  Keys<Sample>::each(header, names);
  const std::set<Latency> kinds = kinds_of(result.series);
  for (const Latency kind : kinds) {
    append(fmt::format("{}_count", name(kind)));
    for (const Percentile& each : kPercentiles)
      append(fmt::format("{}_{}_us", name(kind), each.key));
    append(fmt::format("{}_max_us", name(kind)));
  }
  out += '\n';

  static const Histogram kNone;
  auto cell = [&append](const char*, const auto& value) { append(fmt::format("{}", value)); };
  for (const Sample& sample : result.series) {
    Keys<Sample>::each(cell, sample);
    for (const Latency kind : kinds) {
      const auto found = sample.latencies.find(kind);
      const Histogram& histogram = found == sample.latencies.end() ? kNone : found->second;
      append(std::to_string(histogram.count()));
      for (const Percentile& each : kPercentiles) {
        append(histogram.empty() ? "" : fmt::format("{}", us(histogram.percentile(each.percent))));
      }
      append(histogram.empty() ? "" : fmt::format("{}", us(histogram.max())));
    }
    out += '\n';
  }
  return out;
}

std::string latency_log(const RunResult& result) {
  std::string out = histogram_log_header("written by " + result.tool, result.started_ns);
  double begin = 0, length = result.duration_s;
  for (const PhaseSpan& phase : result.phases) {
    if (phase.name == "measure") begin = phase.start_s;
  }
  for (const auto& [kind, pair] : result.latencies) {
    const std::string tag(name(kind));
    if (!pair.corrected.empty() && adds_up(result.series, kind, pair.corrected)) {
      for (const Sample& sample : result.series) {
        const auto found = sample.latencies.find(kind);
        if (found == sample.latencies.end()) continue;
        out += histogram_log_line(tag, sample.time_s - sample.interval_s, sample.interval_s,
                                  found->second);
      }
    } else {
      out += histogram_log_line(tag, begin, length, pair.corrected);
    }
    if (!pair.uncorrected.empty()) {
      out += histogram_log_line(tag + ".uncorrected", begin, length, pair.uncorrected);
    }
  }
  return out;
}

}  // namespace mqtk::bench
