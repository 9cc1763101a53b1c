// A RunResult from JSON. Missing keys keep their initial value; unknown ones are left alone.
#include <nlohmann/json.hpp>

#include "bench/results/iso_time.hpp"
#include "bench/results/keys.hpp"
#include "output/json_reader.hpp"
#include "stats/histogram_codec.hpp"

namespace mqtk::bench {

namespace {

using Json = nlohmann::ordered_json;

/// The first thing that was wrong; reading goes on, so that nobody has to ask after every key.
struct Fault {
  std::string text;
  void say(const std::string& path, std::string_view what) {
    if (text.empty()) text.assign(path).append(" ").append(what);
  }
};

bool take(const Json& from, std::string& to) {
  if (!from.is_string()) return false;
  to = from.get<std::string>();
  return true;
}
bool take(const Json& from, bool& to) {
  if (!from.is_boolean()) return false;
  to = from.get<bool>();
  return true;
}
bool take(const Json& from, double& to) {
  if (!from.is_number()) return false;
  to = from.get<double>();
  return true;
}
bool take(const Json& from, std::uint64_t& to) {
  if (!from.is_number_unsigned()) return false;
  to = from.get<std::uint64_t>();
  return true;
}
bool take(const Json& from, unsigned& to) {
  std::uint64_t value = 0;
  if (!take(from, value) || value > 0xFFFF'FFFFU) return false;
  to = static_cast<unsigned>(value);
  return true;
}
bool take(const Json& from, std::vector<std::string>& to) {
  if (!from.is_array()) return false;
  to.clear();
  for (const Json& each : from) {
    if (!each.is_string()) return false;
    to.push_back(each.get<std::string>());
  }
  return true;
}
bool take(const Json& from, Histogram& to) {
  if (!from.is_string()) return false;
  auto histogram = parse_histogram(from.get_ref<const std::string&>());
  if (!histogram || histogram->range() != Histogram::Range{}) return false;
  to = std::move(*histogram);
  return true;
}
bool take(const Json& from, Fact& to) {
  if (from.is_boolean()) {
    to.value = from.get<bool>();
  } else if (from.is_number_integer()) {
    to.value = from.get<std::int64_t>();
  } else if (from.is_number_float()) {
    to.value = from.get<double>();
  } else if (from.is_string()) {
    to.value = from.get<std::string>();
  } else {
    std::vector<std::string> words;
    if (!take(from, words)) return false;
    to.value = std::move(words);
  }
  return true;
}

/// An object and the path to it.
class Fields {
 public:
  Fields(const Json& object, std::string path, Fault& fault)
      : object_(object), path_(std::move(path)), fault_(fault) {
    if (!object_.is_object()) fault_.say(path_.empty() ? "it" : path_, "is no object");
  }

  const Json* find(const char* key) const {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }

  template <typename T>
  void get(const char* key, T& target) const {
    const Json* value = find(key);
    if (value != nullptr && !take(*value, target)) wrong(key);
  }

  void get_time(const char* key, std::int64_t& target) const {
    std::string text;
    get(key, text);
    if (text.empty()) return;
    const auto time = parse_iso_time(text);
    if (time) {
      target = *time;
    } else {
      wrong(key);
    }
  }

  /// All keys that Keys<T> has.
  template <typename T>
  void get_all(T& target) const {
    auto read = [this](const char* key, auto& member) { this->get(key, member); };
    Keys<T>::each(read, target);
  }

  template <typename Each>
  void each_of_object(const char* key, Each each) const {
    const Json* value = find(key);
    if (value == nullptr) return;
    const std::string inner = place(key);
    if (!value->is_object()) return wrong(key);
    for (const auto& [name, entry] : value->items()) each(name, entry, inner + "." + name);
  }

  template <typename Each>
  void each_of_array(const char* key, Each each) const {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_array()) return wrong(key);
    for (std::size_t i = 0; i < value->size(); ++i) {
      each((*value)[i], place(key).append("[").append(std::to_string(i)).append("]"));
    }
  }

  void wrong(const char* key) const { fault_.say(place(key), "is not what it should be"); }
  std::string place(const char* key) const { return path_.empty() ? key : path_ + "." + key; }
  Fault& fault() const { return fault_; }

 private:
  const Json& object_;
  std::string path_;
  Fault& fault_;
};

Facts read_facts(const Json& object, const std::string& path, Fault& fault) {
  Facts out;
  if (!object.is_object()) {
    fault.say(path, "is no object");
    return out;
  }
  for (const auto& [key, value] : object.items()) {
    Fact fact{key, false};
    if (!take(value, fact)) fault.say(path + "." + key, "is not what it should be");
    out.push_back(std::move(fact));
  }
  return out;
}

template <typename E>
std::optional<E> parse_name(std::string_view word, E last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (name(static_cast<E>(i)) == word) return static_cast<E>(i);
  }
  return std::nullopt;
}

/// each(kind, the fields of its entry) for what is known of "latency_us".
template <typename Each>
void read_latencies(const Fields& fields, Each each) {
  fields.each_of_object("latency_us",
                        [&](const std::string& word, const Json& entry, const std::string& path) {
                          const auto kind = parse_name(word, Latency::RoundTrip);
                          if (kind) each(*kind, Fields(entry, path, fields.fault()));
                        });
}

template <typename T>
void read_list(const Fields& fields, const char* key, std::vector<T>& target) {
  fields.each_of_array(key, [&](const Json& entry, const std::string& path) {
    Fields(entry, path, fields.fault()).get_all(target.emplace_back());
  });
}

void read_generator(const Fields& fields, GeneratorCost& cost) {
  fields.get_all(cost);
  if (const Json* lag = fields.find("loop_lag_us")) {
    Fields(*lag, fields.place("loop_lag_us"), fields.fault()).get("hdr", cost.loop_lag);
  }
  if (const Json* late = fields.find("send_late_us")) {
    Fields(*late, fields.place("send_late_us"), fields.fault()).get("hdr", cost.send_late);
  }
}

void read_verdict(const Fields& fields, Verdict& verdict) {
  std::string word = "none";
  fields.get("limit", word);
  const auto limit = parse_name(word, Limit::Network);
  if (limit) {
    verdict.limit = *limit;
  } else {
    fields.wrong("limit");
  }
  fields.get("valid", verdict.valid);
  fields.get("reason", verdict.reason);
}

void read_sample(const Fields& fields, Sample& sample) {
  fields.get_all(sample);
  read_latencies(
      fields, [&](Latency kind, const Fields& entry) { entry.get("hdr", sample.latencies[kind]); });
}

void read_assertion(const Fields& fields, AssertionOutcome& outcome) {
  fields.get("expression", outcome.expression);
  if (fields.find("value") != nullptr) fields.get("value", outcome.value.emplace());
  fields.get("passed", outcome.passed);
}

/// read(fields of the object) when there is one.
template <typename Read>
void read_object(const Fields& fields, const char* key, Read read) {
  if (const Json* value = fields.find(key)) read(Fields(*value, fields.place(key), fields.fault()));
}

void read_messages(const Fields& fields, RunResult& result) {
  fields.each_of_object("by_qos",
                        [&](const std::string& qos, const Json& counts, const std::string& path) {
                          if (qos != "0" && qos != "1" && qos != "2")
                            return fields.fault().say(path, "is no QoS");
                          Fields(counts, path, fields.fault())
                              .get_all(result.by_qos[static_cast<std::size_t>(qos.front() - '0')]);
                        });
}

void read_document(const Fields& fields, RunResult& result) {
  fields.get("tool", result.tool);
  fields.get("command", result.command);
  fields.get("seed", result.seed);
  fields.get_time("started", result.started_ns);
  fields.get_time("finished", result.finished_ns);
  fields.get("duration_s", result.duration_s);
  fields.get("interrupted", result.interrupted);
  fields.get("notes", result.notes);
  read_object(fields, "shard", [&](const Fields& shard) {
    shard.get("index", result.shard);
    shard.get("of", result.shards);
  });
  if (const Json* host = fields.find("host"))
    result.host = read_facts(*host, "host", fields.fault());
  if (const Json* scenario = fields.find("scenario")) {
    result.scenario = read_facts(*scenario, "scenario", fields.fault());
  }
  fields.each_of_array("broker", [&](const Json& broker, const std::string& path) {
    result.brokers.push_back(read_facts(broker, path, fields.fault()));
  });
  read_list(fields, "phases", result.phases);
  read_object(fields, "connections", [&](const Fields& f) { f.get_all(result.connections); });
  read_object(fields, "messages", [&](const Fields& f) { read_messages(f, result); });
  read_object(fields, "throughput", [&](const Fields& f) { f.get_all(result.throughput); });
  read_latencies(fields, [&](Latency kind, const Fields& entry) {
    LatencyPair& pair = result.latencies[kind];
    entry.get("hdr", pair.corrected);
    read_object(entry, "uncorrected", [&](const Fields& f) { f.get("hdr", pair.uncorrected); });
  });
  read_object(fields, "generator", [&](const Fields& f) { read_generator(f, result.generator); });
  read_object(fields, "sys_check", [&](const Fields& f) { f.get_all(result.sys_check.emplace()); });
  read_object(fields, "verdict", [&](const Fields& f) { read_verdict(f, result.verdict); });
  read_list(fields, "errors", result.errors);
  fields.each_of_array("assertions", [&](const Json& entry, const std::string& path) {
    read_assertion(Fields(entry, path, fields.fault()), result.assertions.emplace_back());
  });
  fields.each_of_array("series", [&](const Json& entry, const std::string& path) {
    read_sample(Fields(entry, path, fields.fault()), result.series.emplace_back());
  });
  fields.each_of_array("repeats", [&](const Json& entry, const std::string& path) {
    read_document(Fields(entry, path, fields.fault()), result.repeats.emplace_back());
  });
}

}  // namespace

Result<RunResult> parse_result(std::string_view text) {
  if (const JsonFault fault = check_json(text); fault != JsonFault::None) {
    return fail(ErrorKind::BadInput,
                fault == JsonFault::TooDeep ? "it is nested too deep" : "it is not JSON");
  }
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return fail(ErrorKind::BadInput, "a number in it is out of range");
  std::string schema;
  Fault fault;
  const Fields fields(json, "", fault);
  fields.get("schema", schema);
  if (schema != "mqtt-bench/1") {
    return fail(ErrorKind::BadInput,
                schema.empty() ? "it is no result of mqtt-bench"
                               : "its schema is '" + schema + "', not mqtt-bench/1",
                "results are written by mqtt-bench with --json FILE");
  }
  RunResult result;
  read_document(fields, result);
  if (!fault.text.empty()) return fail(ErrorKind::BadInput, std::move(fault.text));
  return result;
}

}  // namespace mqtk::bench
