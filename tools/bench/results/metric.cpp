#include "bench/results/metric.hpp"

#include <algorithm>
#include <type_traits>

#include "base/spelling.hpp"
#include "bench/results/keys.hpp"
#include "bench/results/percentiles.hpp"

namespace mqtk::bench {

namespace {

using Value = std::function<std::optional<double>(const RunResult&)>;

constexpr std::string_view kHistogramWords[] = {"count", "min", "mean", "stddev", "max"};

template <typename T>
std::vector<std::string> number_keys() {
  std::vector<std::string> out;
  auto visit = [&out](const char* key, const auto& member) {
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(member)>>) out.push_back(key);
  };
  const T object{};
  Keys<T>::each(visit, object);
  return out;
}

template <typename T>
double number_of(const T& object, std::string_view wanted) {
  double out = 0;
  auto visit = [&](const char* key, const auto& member) {
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(member)>>) {
      if (wanted == key) out = static_cast<double>(member);
    }
  };
  Keys<T>::each(visit, object);
  return out;
}

Unit unit_of(std::string_view path) {
  if (path.ends_with("bytes_per_s")) return Unit::BytesPerSecond;
  if (path.ends_with("per_s")) return Unit::PerSecond;
  if (path.ends_with("_us") || path.ends_with("_us_per_message")) return Unit::Microseconds;
  if (path.ends_with("_s")) return Unit::Seconds;
  if (path.ends_with("_percent")) return Unit::Percent;
  if (path.find("bytes") != std::string_view::npos) return Unit::Bytes;
  return Unit::Count;
}

Better better_of(std::string_view path) {
  static constexpr std::string_view kGood[] = {"acked",
                                               "received",
                                               "opened",
                                               "sent_per_s",
                                               "received_per_s",
                                               "sent_bytes_per_s",
                                               "received_bytes_per_s",
                                               "connections.per_s"};
  static constexpr std::string_view kNeither[] = {
      "scheduled",  "sent",         "expected",           "requested",
      "threads",    "target_per_s", "sent_bytes",         "received_bytes",
      "duration_s", "count",        "memory_before_bytes"};
  const auto ends = [path](std::string_view word) {
    return path == word || (path.ends_with(word) && path[path.size() - word.size() - 1] == '.');
  };
  if (std::ranges::any_of(kGood, ends)) return Better::Higher;
  return std::ranges::any_of(kNeither, ends) ? Better::Neither : Better::Lower;
}

/// "p99" or "mean" of a histogram, in microseconds; nothing when `word` is no such figure.
std::function<double(const Histogram&)> histogram_figure(std::string_view word) {
  if (word == "count") return [](const Histogram& h) { return static_cast<double>(h.count()); };
  if (word == "min") return [](const Histogram& h) { return static_cast<double>(h.min()) / 1e3; };
  if (word == "max") return [](const Histogram& h) { return static_cast<double>(h.max()) / 1e3; };
  if (word == "mean") return [](const Histogram& h) { return h.mean() / 1e3; };
  if (word == "stddev") return [](const Histogram& h) { return h.stddev() / 1e3; };
  const auto percent = parse_percentile(word);
  if (!percent) return nullptr;
  return [percent = *percent](const Histogram& h) {
    return static_cast<double>(h.percentile(percent)) / 1e3;
  };
}

template <typename Pick>
std::optional<Metric> histogram_metric(std::string path, std::string_view word, Pick pick) {
  const auto figure = histogram_figure(word);
  if (!figure) return std::nullopt;
  const bool count = word == "count";
  return Metric{.path = std::move(path),
                .unit = count ? Unit::Count : Unit::Microseconds,
                .better = count ? Better::Neither : Better::Lower,
                .value = [pick, figure](const RunResult& result) -> std::optional<double> {
                  const Histogram* histogram = pick(result);
                  if (histogram == nullptr || histogram->empty()) return std::nullopt;
                  return figure(*histogram);
                }};
}

/// `prefix` and a dot cut from the front of `path`, when it begins so.
std::optional<std::string_view> behind(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix) || path.substr(prefix.size(), 1) != ".") return std::nullopt;
  return path.substr(prefix.size() + 1);
}

Metric plain_metric(std::string_view path, Value value) {
  return {std::string(path), unit_of(path), better_of(path), std::move(value)};
}

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::optional<Metric> latency_metric(std::string_view path) {
  for (int i = 0; i < static_cast<int>(Latency::Count_); ++i) {
    const auto kind = static_cast<Latency>(i);
    const auto word = behind(path, name(kind));
    if (!word) continue;
    const auto inner = behind(*word, "uncorrected");
    const bool corrected = !inner;
    const auto pick = [kind, corrected](const RunResult& result) -> const Histogram* {
      const auto found = result.latencies.find(kind);
      if (found == result.latencies.end()) return nullptr;
      // Without a difference both are the same.
      const LatencyPair& pair = found->second;
      return corrected || pair.uncorrected.empty() ? &pair.corrected : &pair.uncorrected;
    };
    return histogram_metric(std::string(path), inner.value_or(*word), pick);
  }
  return std::nullopt;
}

std::optional<Metric> message_metric(std::string_view path) {
  const auto key = behind(path, "messages");
  if (!key) return std::nullopt;
  static const std::vector<std::string> kKeys = number_keys<MessageCounts>();
  if (has(kKeys, *key)) {
    return plain_metric(path, [key = std::string(*key)](const RunResult& result) {
      return number_of(result.messages(), key);
    });
  }
  for (std::size_t qos = 0; qos < 3; ++qos) {
    const auto inner = behind(*key, "by_qos." + std::to_string(qos));
    if (!inner || !has(kKeys, *inner)) continue;
    return plain_metric(path, [qos, key = std::string(*inner)](const RunResult& result) {
      return number_of(result.by_qos[qos], key);
    });
  }
  return std::nullopt;
}

std::optional<Metric> connection_metric(std::string_view path) {
  const auto key = behind(path, "connections");
  if (!key) return std::nullopt;
  if (*key == "per_s") {
    return plain_metric(path, [](const RunResult& result) -> std::optional<double> {
      const ConnectionCounts& counts = result.connections;
      if (counts.ramp_s <= 0) return std::nullopt;
      return static_cast<double>(counts.opened) / counts.ramp_s;
    });
  }
  static const std::vector<std::string> kKeys = number_keys<ConnectionCounts>();
  if (!has(kKeys, *key)) return std::nullopt;
  return plain_metric(path, [key = std::string(*key)](const RunResult& result) {
    return number_of(result.connections, key);
  });
}

std::optional<Metric> throughput_metric(std::string_view path) {
  const auto key = behind(path, "throughput");
  if (!key) return std::nullopt;
  const auto per_second = [](std::uint64_t total, const RunResult& result) {
    return result.duration_s > 0 ? static_cast<double>(total) / result.duration_s : 0;
  };
  if (*key == "sent_per_s") return plain_metric(path, &RunResult::sent_per_s);
  if (*key == "received_per_s") return plain_metric(path, &RunResult::received_per_s);
  if (*key == "sent_bytes_per_s") {
    return plain_metric(path, [per_second](const RunResult& result) {
      return per_second(result.throughput.sent_bytes, result);
    });
  }
  if (*key == "received_bytes_per_s") {
    return plain_metric(path, [per_second](const RunResult& result) {
      return per_second(result.throughput.received_bytes, result);
    });
  }
  static const std::vector<std::string> kKeys = number_keys<Throughput>();
  if (!has(kKeys, *key)) return std::nullopt;
  return plain_metric(path, [key = std::string(*key)](const RunResult& result) {
    return number_of(result.throughput, key);
  });
}

std::optional<Metric> generator_metric(std::string_view path) {
  const auto key = behind(path, "generator");
  if (!key) return std::nullopt;
  if (*key == "cpu_percent") return plain_metric(path, cpu_percent);
  if (*key == "bytes_per_connection") return plain_metric(path, bytes_per_connection);
  if (*key == "cpu_us_per_message") return plain_metric(path, cpu_us_per_message);
  if (const auto word = behind(*key, "loop_lag_us")) {
    return histogram_metric(std::string(path), *word,
                            [](const RunResult& result) { return &result.generator.loop_lag; });
  }
  if (const auto word = behind(*key, "send_late_us")) {
    return histogram_metric(std::string(path), *word,
                            [](const RunResult& result) { return &result.generator.send_late; });
  }
  static const std::vector<std::string> kKeys = number_keys<GeneratorCost>();
  if (!has(kKeys, *key)) return std::nullopt;
  return plain_metric(path, [key = std::string(*key)](const RunResult& result) {
    return number_of(result.generator, key);
  });
}

std::optional<Metric> error_metric(std::string_view path) {
  if (path == "errors") {
    return plain_metric(
        path, [](const RunResult& result) { return static_cast<double>(result.error_count()); });
  }
  const auto cause = behind(path, "errors");
  if (!cause) return std::nullopt;
  for (int i = 1; i < static_cast<int>(Cause::Count_); ++i) {
    if (name(static_cast<Cause>(i)) != *cause) continue;
    return plain_metric(path, [cause = std::string(*cause)](const RunResult& result) {
      double count = 0;
      for (const ErrorCount& error : result.errors) {
        if (error.cause == cause) count += static_cast<double>(error.count);
      }
      return count;
    });
  }
  return std::nullopt;
}

std::optional<Metric> metric_at(std::string_view path) {
  for (const auto find : {latency_metric, message_metric, connection_metric, throughput_metric,
                          generator_metric, error_metric}) {
    if (auto metric = find(path)) return metric;
  }
  if (path != "duration_s") return std::nullopt;
  return plain_metric(path, [](const RunResult& result) { return result.duration_s; });
}

/// The words of a histogram below `prefix`.
void append_histogram(std::vector<std::string>& out, const std::string& prefix) {
  for (const std::string_view word : kHistogramWords) out.push_back(prefix + std::string(word));
  for (const Percentile& each : kPercentiles) out.push_back(prefix + std::string(each.key));
}

template <typename T>
void append_numbers(std::vector<std::string>& out, const std::string& prefix) {
  for (const std::string& key : number_keys<T>()) out.push_back(prefix + key);
}

std::string nearest_hint(std::string_view path) {
  std::string best;
  std::size_t least = path.size() / 2 + 1;
  const auto consider = [&](std::string_view candidate, const std::string& shown) {
    const std::size_t away = spelling_distance(path, candidate);
    if (away < least) {
      least = away;
      best = shown;
    }
  };
  for (const std::string& candidate : metric_paths()) {
    consider(candidate, candidate);
    // People write the last word alone, or forget which group it is in.
    const auto dot = candidate.find('.');
    if (dot != std::string::npos) consider(std::string_view(candidate).substr(dot + 1), candidate);
  }
  if (best.empty()) return "paths stand as in the JSON result: e2e.p99, puback.p50, messages.lost";
  return "did you mean " + best + "?";
}

}  // namespace

Result<Metric> find_metric(std::string_view path) {
  const std::string_view typed = path;
  if (const auto inner = behind(path, "latency_us")) path = *inner;
  if (path == "rate") path = "throughput.sent_per_s";
  for (const std::string& full :
       {std::string(path), "messages." + std::string(path), "throughput." + std::string(path)}) {
    if (auto metric = metric_at(full)) return std::move(*metric);
  }
  return fail(ErrorKind::Usage, "there is no figure '" + std::string(typed) + "'",
              nearest_hint(path));
}

std::vector<std::string> metric_paths() {
  std::vector<std::string> out;
  for (int i = 0; i < static_cast<int>(Latency::Count_); ++i) {
    const std::string prefix = std::string(name(static_cast<Latency>(i))) + ".";
    append_histogram(out, prefix);
    append_histogram(out, prefix + "uncorrected.");
  }
  append_numbers<MessageCounts>(out, "messages.");
  for (const char* qos : {"0", "1", "2"}) {
    append_numbers<MessageCounts>(out, std::string("messages.by_qos.") + qos + ".");
  }
  append_numbers<ConnectionCounts>(out, "connections.");
  out.push_back("connections.per_s");
  append_numbers<Throughput>(out, "throughput.");
  for (const char* key :
       {"sent_per_s", "received_per_s", "sent_bytes_per_s", "received_bytes_per_s"}) {
    out.push_back(std::string("throughput.") + key);
  }
  append_numbers<GeneratorCost>(out, "generator.");
  for (const char* key : {"cpu_percent", "bytes_per_connection", "cpu_us_per_message"}) {
    out.push_back(std::string("generator.") + key);
  }
  append_histogram(out, "generator.loop_lag_us.");
  append_histogram(out, "generator.send_late_us.");
  out.push_back("errors");
  for (int i = 1; i < static_cast<int>(Cause::Count_); ++i) {
    out.push_back("errors." + std::string(name(static_cast<Cause>(i))));
  }
  out.push_back("duration_s");
  return out;
}

std::optional<double> cpu_percent(const RunResult& result) {
  if (result.duration_s <= 0) return std::nullopt;
  return 100 * result.generator.cpu_s / result.duration_s;
}

std::optional<double> bytes_per_connection(const RunResult& result) {
  // Runs that follow each other use the same memory again.
  if (!result.repeats.empty()) return bytes_per_connection(result.repeats.front());
  const GeneratorCost& cost = result.generator;
  if (result.connections.opened == 0 || cost.memory_bytes <= cost.memory_before_bytes) {
    return std::nullopt;
  }
  return static_cast<double>(cost.memory_bytes - cost.memory_before_bytes) /
         static_cast<double>(result.connections.opened);
}

std::optional<double> cpu_us_per_message(const RunResult& result) {
  const MessageCounts counts = result.messages();
  const std::uint64_t handled = counts.sent + counts.received;
  if (handled == 0) return std::nullopt;
  return result.generator.cpu_s * 1e6 / static_cast<double>(handled);
}

}  // namespace mqtk::bench
