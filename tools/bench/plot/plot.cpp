#include "bench/plot/plot.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "bench/plot/picture.hpp"
#include "bench/results/figures.hpp"

namespace mqtk::bench {

namespace {

std::optional<Latency> chosen(const std::vector<RunResult>& results,
                              const std::optional<Latency>& wanted) {
  const auto measured = [&](Latency kind) {
    return std::ranges::any_of(results, [kind](const RunResult& result) {
      const auto found = result.latencies.find(kind);
      return found != result.latencies.end() && !found->second.corrected.empty();
    });
  };
  if (wanted) return measured(*wanted) ? wanted : std::nullopt;
  for (const Latency kind : {Latency::EndToEnd, Latency::Pubcomp, Latency::Puback,
                             Latency::RoundTrip, Latency::Connack, Latency::Connect}) {
    if (measured(kind)) return kind;
  }
  return std::nullopt;
}

std::string title_text(const RunResult& result) {
  std::string out;
  for (const char* key : {"name", "topology"}) {
    const Fact* fact = result.scenario_fact(key);
    const auto* text = fact == nullptr ? nullptr : std::get_if<std::string>(&fact->value);
    if (text != nullptr) out += (out.empty() ? "mqtt-bench " : " ") + *text;
  }
  return out.empty() ? "mqtt-bench" : out;
}

std::string subtitle_text(const RunResult& result) {
  std::string out;
  const auto add = [&](const char* key, const char* before, const char* after) {
    const Fact* fact = result.scenario_fact(key);
    if (fact == nullptr) return;
    std::string text;
    if (const auto* number = std::get_if<std::int64_t>(&fact->value)) {
      text = count_text(static_cast<std::uint64_t>(std::max<std::int64_t>(0, *number)));
    } else if (const auto* word = std::get_if<std::string>(&fact->value)) {
      text = *word;
    } else {
      return;
    }
    out += fmt::format("{}{}{}{}", out.empty() ? "" : ", ", before, text, after);
  };
  add("publishers", "", " publishers");
  add("subscribers", "", " subscribers");
  add("qos", "QoS ", "");
  add("size", "", " octets");
  add("inflight", "window ", "");
  add("protocol", "MQTT ", "");
  add("transport", "", "");
  if (result.throughput.target_per_s > 0)
    out += fmt::format(", {}", rate_text(result.throughput.target_per_s));
  for (const Facts& broker : result.brokers) {
    for (const Fact& fact : broker) {
      const auto* url = std::get_if<std::string>(&fact.value);
      if (fact.name == "url" && url != nullptr) out += (out.empty() ? "" : ", ") + *url;
    }
  }
  return out;
}

}  // namespace

Result<std::string> plot_svg(const std::vector<RunResult>& results, const PlotOptions& options) {
  if (results.empty() || results.size() > kCurveColors.size()) {
    return fail(ErrorKind::Usage,
                fmt::format("a picture shows 1 to {} results", kCurveColors.size()));
  }
  const auto kind = chosen(results, options.latency);
  if (!kind) {
    return fail(ErrorKind::BadInput,
                options.latency
                    ? fmt::format("none of the results has measured {}", name(*options.latency))
                    : std::string("none of the results has measured a latency"));
  }
  std::vector<Curve> curves;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto found = results[i].latencies.find(*kind);
    if (found == results[i].latencies.end() || found->second.corrected.empty()) {
      return fail(ErrorKind::BadInput,
                  fmt::format("result {} has not measured {}", i + 1, name(*kind)));
    }
    const LatencyPair& pair = found->second;
    curves.push_back({i < options.labels.size() ? options.labels[i] : fmt::format("run {}", i + 1),
                      kCurveColors[i], &results[i], &pair.corrected,
                      pair.uncorrected.empty() ? nullptr : &pair.uncorrected});
  }
  return draw_picture(*kind, std::move(curves),
                      options.title.empty() ? title_text(results.front()) : options.title,
                      subtitle_text(results.front()));
}

}  // namespace mqtk::bench
