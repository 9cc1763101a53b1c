// A RunResult as JSON.
#include <cmath>
#include <nlohmann/json.hpp>

#include "bench/results/iso_time.hpp"
#include "bench/results/keys.hpp"
#include "bench/results/metric.hpp"
#include "bench/results/percentiles.hpp"
#include "bench/results/repeats.hpp"
#include "stats/histogram_codec.hpp"

namespace mqtk::bench {

namespace {

using Json = nlohmann::ordered_json;

/// Three decimals, which is a nanosecond where the unit is a microsecond.
double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

double us(double ns) {
  return rounded(ns / 1000);
}

template <typename T>
Json plain_json(const T& object) {
  Json out = Json::object();
  auto write = [&out](const char* key, const auto& value) { out[key] = value; };
  Keys<T>::each(write, object);
  return out;
}

Json facts_json(const Facts& facts) {
  Json out = Json::object();
  for (const Fact& fact : facts) {
    std::visit([&](const auto& value) { out[fact.name] = value; }, fact.value);
  }
  return out;
}

Json histogram_json(const Histogram& histogram) {
  Json out;
  out["count"] = histogram.count();
  out["min"] = us(static_cast<double>(histogram.min()));
  out["mean"] = us(histogram.mean());
  out["stddev"] = us(histogram.stddev());
  for (const Percentile& each : kPercentiles) {
    out[std::string(each.key)] = us(static_cast<double>(histogram.percentile(each.percent)));
  }
  out["max"] = us(static_cast<double>(histogram.max()));
  return out;
}

Json histogram_with_cells(const Histogram& histogram) {
  Json out = histogram_json(histogram);
  out["hdr"] = histogram_text(histogram);
  return out;
}

Json latencies_json(const Latencies& latencies) {
  Json out = Json::object();
  for (const auto& [kind, pair] : latencies) {
    Json entry = histogram_json(pair.corrected);
    if (!pair.uncorrected.empty()) entry["uncorrected"] = histogram_with_cells(pair.uncorrected);
    entry["hdr"] = histogram_text(pair.corrected);
    out[std::string(name(kind))] = std::move(entry);
  }
  return out;
}

Json connections_json(const ConnectionCounts& counts) {
  Json out = plain_json(counts);
  if (counts.ramp_s > 0) {
    out["per_s"] = rounded(static_cast<double>(counts.opened) / counts.ramp_s);
  }
  return out;
}

Json messages_json(const RunResult& result) {
  Json out = plain_json(result.messages());
  Json by_qos = Json::object();
  for (std::size_t qos = 0; qos < result.by_qos.size(); ++qos) {
    if (result.by_qos[qos] == MessageCounts{}) continue;
    by_qos[std::to_string(qos)] = plain_json(result.by_qos[qos]);
  }
  out["by_qos"] = std::move(by_qos);
  return out;
}

Json throughput_json(const RunResult& result) {
  Json out = plain_json(result.throughput);
  const double seconds = result.duration_s > 0 ? result.duration_s : 1;
  const Throughput& throughput = result.throughput;
  out["sent_per_s"] = rounded(result.sent_per_s());
  out["received_per_s"] = rounded(result.received_per_s());
  out["sent_bytes_per_s"] = rounded(static_cast<double>(throughput.sent_bytes) / seconds);
  out["received_bytes_per_s"] = rounded(static_cast<double>(throughput.received_bytes) / seconds);
  return out;
}

Json generator_json(const RunResult& result) {
  const GeneratorCost& cost = result.generator;
  Json out = plain_json(cost);
  if (const auto percent = cpu_percent(result)) out["cpu_percent"] = rounded(*percent);
  if (const auto bytes = bytes_per_connection(result)) {
    out["bytes_per_connection"] = std::round(*bytes);
  }
  if (!cost.loop_lag.empty()) out["loop_lag_us"] = histogram_with_cells(cost.loop_lag);
  if (!cost.send_late.empty()) out["send_late_us"] = histogram_with_cells(cost.send_late);
  return out;
}

Json verdict_json(const Verdict& verdict) {
  return {{"limit", name(verdict.limit)}, {"valid", verdict.valid}, {"reason", verdict.reason}};
}

Json sample_json(const Sample& sample) {
  Json out = plain_json(sample);
  Json latencies = Json::object();
  for (const auto& [kind, histogram] : sample.latencies) {
    latencies[std::string(name(kind))] = {
        {"count", histogram.count()},
        {"p50", us(static_cast<double>(histogram.percentile(50)))},
        {"p99", us(static_cast<double>(histogram.percentile(99)))},
        {"max", us(static_cast<double>(histogram.max()))},
        {"hdr", histogram_text(histogram)}};
  }
  out["latency_us"] = std::move(latencies);
  return out;
}

Json assertion_json(const AssertionOutcome& outcome) {
  Json out;
  out["expression"] = outcome.expression;
  if (outcome.value) out["value"] = rounded(*outcome.value);
  out["passed"] = outcome.passed;
  return out;
}

Json summary_json(const std::vector<RepeatFigure>& figures) {
  Json out = Json::object();
  for (const RepeatFigure& figure : figures) {
    out[figure.path] = {{"median", rounded(figure.interval.median)},
                        {"low", rounded(figure.interval.low)},
                        {"high", rounded(figure.interval.high)},
                        {"confidence", rounded(figure.interval.confidence)},
                        {"runs", figure.interval.count}};
  }
  return out;
}

Json document(const RunResult& result, bool whole) {
  Json out;
  if (whole) {
    out["schema"] = "mqtt-bench/1";
    out["tool"] = result.tool;
    out["command"] = result.command;
    out["seed"] = result.seed;
  }
  out["started"] = iso_time(result.started_ns);
  out["finished"] = iso_time(result.finished_ns);
  out["duration_s"] = result.duration_s;
  if (result.interrupted) out["interrupted"] = true;
  if (whole) {
    if (result.shard > 0) out["shard"] = {{"index", result.shard}, {"of", result.shards}};
    out["host"] = facts_json(result.host);
    out["broker"] = Json::array();
    for (const Facts& broker : result.brokers) out["broker"].push_back(facts_json(broker));
    out["scenario"] = facts_json(result.scenario);
  }
  out["phases"] = Json::array();
  for (const PhaseSpan& phase : result.phases) out["phases"].push_back(plain_json(phase));
  out["connections"] = connections_json(result.connections);
  out["messages"] = messages_json(result);
  out["throughput"] = throughput_json(result);
  out["latency_us"] = latencies_json(result.latencies);
  out["generator"] = generator_json(result);
  if (result.sys_check) {
    out["sys_check"] = plain_json(*result.sys_check);
    out["sys_check"]["agrees"] = result.sys_check->agrees();
  }
  out["verdict"] = verdict_json(result.verdict);
  out["assertions"] = Json::array();
  for (const auto& each : result.assertions) out["assertions"].push_back(assertion_json(each));
  out["errors"] = Json::array();
  for (const ErrorCount& error : result.errors) out["errors"].push_back(plain_json(error));
  out["notes"] = result.notes;
  out["series"] = Json::array();
  for (const Sample& sample : result.series) out["series"].push_back(sample_json(sample));
  if (!result.repeats.empty()) {
    out["repeats"] = Json::array();
    for (const RunResult& repeat : result.repeats)
      out["repeats"].push_back(document(repeat, false));
    out["summary"] = summary_json(repeat_summary(result.repeats));
  }
  return out;
}

}  // namespace

std::string result_json(const RunResult& result) {
  return document(result, true).dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace mqtk::bench
