#include "bench/results/repeats.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "bench/results/metric.hpp"
#include "bench/results/verdict.hpp"

namespace mqtk::bench {

namespace {

/// What tells runs apart for most people; in this order.
constexpr const char* kFigures[] = {"throughput.sent_per_s",
                                    "throughput.received_per_s",
                                    "connections.per_s",
                                    "e2e.p50",
                                    "e2e.p99",
                                    "e2e.p99_9",
                                    "puback.p50",
                                    "puback.p99",
                                    "pubcomp.p50",
                                    "pubcomp.p99",
                                    "connack.p50",
                                    "connack.p99",
                                    "messages.lost",
                                    "errors",
                                    "generator.cpu_us_per_message"};

/// Where shards may differ: what belongs to a machine, not to the load.
constexpr std::string_view kOwnToShard[] = {"threads", "source", "sources"};

void add_errors(std::vector<ErrorCount>& to, const std::vector<ErrorCount>& from) {
  for (const ErrorCount& error : from) {
    const auto found = std::ranges::find(to, error.cause, &ErrorCount::cause);
    if (found == to.end()) {
      to.push_back(error);
      continue;
    }
    found->count += error.count;
    if (error.first_s < found->first_s) {
      found->first_s = error.first_s;
      found->example = error.example;
    }
  }
}

void add_latencies(Latencies& to, const Latencies& from) {
  for (const auto& [kind, pair] : from) {
    const auto [entry, fresh] = to.try_emplace(kind, pair);
    if (fresh) continue;
    LatencyPair& sum = entry->second;
    // Where only one of the two has a difference, the other's times count for both.
    if (sum.uncorrected.empty() != pair.uncorrected.empty()) {
      if (sum.uncorrected.empty()) sum.uncorrected = sum.corrected;
      sum.uncorrected.add(pair.uncorrected.empty() ? pair.corrected : pair.uncorrected);
    } else {
      sum.uncorrected.add(pair.uncorrected);
    }
    sum.corrected.add(pair.corrected);
  }
}

/// What adds up alike for shards and for repeats.
void add(RunResult& to, const RunResult& from) {
  to.started_ns = std::min(to.started_ns, from.started_ns);
  to.finished_ns = std::max(to.finished_ns, from.finished_ns);
  to.interrupted |= from.interrupted;
  to.connections.requested += from.connections.requested;
  to.connections.opened += from.connections.opened;
  to.connections.failed += from.connections.failed;
  to.connections.lost += from.connections.lost;
  to.connections.reconnected += from.connections.reconnected;
  for (std::size_t qos = 0; qos < to.by_qos.size(); ++qos) to.by_qos[qos] += from.by_qos[qos];
  to.throughput.sent_bytes += from.throughput.sent_bytes;
  to.throughput.received_bytes += from.throughput.received_bytes;
  add_latencies(to.latencies, from.latencies);
  to.generator.cpu_s += from.generator.cpu_s;
  to.generator.busiest_percent =
      std::max(to.generator.busiest_percent, from.generator.busiest_percent);
  to.generator.waiting_s += from.generator.waiting_s;
  to.generator.held_up += from.generator.held_up;
  to.generator.loop_lag.add(from.generator.loop_lag);
  to.generator.send_late.add(from.generator.send_late);
  add_errors(to.errors, from.errors);
  for (const std::string& note : from.notes) {
    if (std::ranges::find(to.notes, note) == to.notes.end()) to.notes.push_back(note);
  }
}

/// One interval of one shard joins those of the others that ended nearest to its end.
void add_sample(std::map<std::int64_t, Sample>& series, const Sample& sample, double shift) {
  const double end = sample.time_s + shift;
  const double step = sample.interval_s > 0 ? sample.interval_s : 1;
  const auto [entry, fresh] = series.try_emplace(std::llround(end / step), sample);
  Sample& to = entry->second;
  if (fresh) {
    to.time_s = end;
    return;
  }
  to.interval_s = std::max(to.interval_s, sample.interval_s);
  to.connections += sample.connections;
  to.target_per_s += sample.target_per_s;
  to.sent += sample.sent;
  to.acked += sample.acked;
  to.received += sample.received;
  to.failed += sample.failed;
  to.errors += sample.errors;
  to.sent_bytes += sample.sent_bytes;
  to.received_bytes += sample.received_bytes;
  to.in_flight += sample.in_flight;
  to.cpu_percent += sample.cpu_percent;
  to.send_late_max_us = std::max(to.send_late_max_us, sample.send_late_max_us);
  for (const auto& [kind, histogram] : sample.latencies) to.latencies[kind].add(histogram);
}

std::vector<Sample> merge_series(const std::vector<RunResult>& shards, std::int64_t started_ns) {
  std::map<std::int64_t, Sample> series;
  for (const RunResult& shard : shards) {
    const double shift = static_cast<double>(shard.started_ns - started_ns) / 1e9;
    for (const Sample& sample : shard.series) add_sample(series, sample, shift);
  }
  std::vector<Sample> out;
  for (auto& [place, sample] : series) out.push_back(std::move(sample));
  return out;
}

/// The first option in which the load of the two differs.
std::string differing_option(const RunResult& a, const RunResult& b) {
  for (const RunResult* one : {&a, &b}) {
    const RunResult& other = one == &a ? b : a;
    for (const Fact& fact : one->scenario) {
      if (std::ranges::find(kOwnToShard, fact.name) != std::end(kOwnToShard)) continue;
      const Fact* same = other.scenario_fact(fact.name);
      if (same == nullptr || *same != fact) return fact.name;
    }
  }
  return {};
}

Result<void> check_shards(const std::vector<RunResult>& shards) {
  const auto refuse = [](std::size_t which, const std::string& why) {
    return fail(
        ErrorKind::BadInput,
        fmt::format("result {} is no shard of the same run as result 1: {}", which + 1, why));
  };
  std::set<unsigned> seen;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const RunResult& shard = shards[i];
    const std::string option = differing_option(shards.front(), shard);
    if (!option.empty()) return refuse(i, "'" + option + "' differs");
    if (shard.shards != shards.front().shards) return refuse(i, "the number of shards differs");
    if (shard.shard > 0 && !seen.insert(shard.shard).second) {
      return refuse(i, fmt::format("shard {} is there twice", shard.shard));
    }
    if (shard.started_ns >= shards.front().finished_ns ||
        shards.front().started_ns >= shard.finished_ns) {
      return refuse(i, "they did not run at the same time");
    }
    for (std::size_t before = 0; before < i; ++before) {
      if (shard.shard == 0 && shards[before].started_ns == shard.started_ns &&
          shards[before].seed == shard.seed) {
        return refuse(i, fmt::format("it is result {} once more", before + 1));
      }
    }
    if (!shard.repeats.empty()) return refuse(i, "it has repeats; merge single runs");
  }
  return {};
}

}  // namespace

std::vector<RepeatFigure> repeat_summary(const std::vector<RunResult>& repeats) {
  std::vector<RepeatFigure> out;
  for (const char* path : kFigures) {
    const auto metric = find_metric(path);
    if (!metric) continue;
    std::vector<double> values;
    for (const RunResult& run : repeats) {
      if (const auto value = metric->value(run)) values.push_back(*value);
    }
    if (values.size() != repeats.size() || values.empty()) continue;
    out.push_back({metric->path, median_interval(std::move(values))});
  }
  return out;
}

RunResult pool_repeats(std::vector<RunResult> runs) {
  RunResult sum = runs.front();
  for (std::size_t i = 1; i < runs.size(); ++i) {
    const RunResult& run = runs[i];
    add(sum, run);
    sum.duration_s += run.duration_s;
    sum.connections.ramp_s += run.connections.ramp_s;
    sum.generator.memory_bytes = std::max(sum.generator.memory_bytes, run.generator.memory_bytes);
    if (sum.sys_check && run.sys_check) {
      *sum.sys_check += *run.sys_check;
    } else {
      sum.sys_check.reset();
    }
  }
  sum.series.clear();
  sum.phases.clear();
  sum.assertions.clear();
  for (RunResult& run : runs) run.series.clear();
  sum.repeats = std::move(runs);
  sum.verdict = judge(sum);
  return sum;
}

Result<RunResult> merge_shards(const std::vector<RunResult>& shards) {
  if (shards.empty()) return fail(ErrorKind::BadInput, "there is nothing to merge");
  if (const auto checked = check_shards(shards); !checked) return fail(checked.error());
  RunResult sum = shards.front();
  for (std::size_t i = 1; i < shards.size(); ++i) {
    const RunResult& shard = shards[i];
    add(sum, shard);
    sum.duration_s = std::max(sum.duration_s, shard.duration_s);
    sum.connections.ramp_s = std::max(sum.connections.ramp_s, shard.connections.ramp_s);
    sum.throughput.target_per_s += shard.throughput.target_per_s;
    sum.generator.threads += shard.generator.threads;
    sum.generator.memory_bytes += shard.generator.memory_bytes;
    sum.generator.memory_before_bytes += shard.generator.memory_before_bytes;
  }
  sum.series = merge_series(shards, sum.started_ns);
  sum.shard = sum.shards = 0;
  sum.sys_check.reset();
  sum.assertions.clear();
  const unsigned announced = shards.front().shards;
  if (announced > shards.size()) {
    sum.notes.push_back(
        fmt::format("only {} of {} shards are in these figures", shards.size(), announced));
  }
  sum.verdict = judge(sum);
  for (std::size_t i = 0; i < shards.size(); ++i) {
    if (shards[i].verdict.valid) continue;
    sum.verdict = shards[i].verdict;
    sum.verdict.reason =
        fmt::format("shard {} of {}: {}", i + 1, shards.size(), sum.verdict.reason);
    break;
  }
  return sum;
}

}  // namespace mqtk::bench
