// Results as JSON and back, and the figures in them.
#include <nlohmann/json.hpp>

#include "bench/results/iso_time.hpp"
#include "bench/results/metric.hpp"
#include "bench/results/run_result.hpp"
#include "support/catch.hpp"
#include "unit/bench/sample.hpp"

namespace mqtk::bench {

namespace {

using test::sample_repeats;
using test::sample_result;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a result comes back from its JSON") {
  RunResult result = sample_result();
  result.interrupted = true;
  result.shard = 2;
  result.shards = 3;
  result.notes = {"the payload is too small for a time stamp"};
  result.assertions = {{"e2e.p99<20ms", 31200.5, false}, {"tls.p99<1s", std::nullopt, false}};
  const std::string json = result_json(result);
  const auto back = parse_result(json);
  REQUIRE(back);
  CHECK(result_json(*back) == json);
  CHECK(*back == result);

  const RunResult empty;
  const auto nothing = parse_result(result_json(empty));
  REQUIRE(nothing);
  CHECK(*nothing == empty);
}

TEST_CASE("a result with repeats comes back from its JSON") {
  const RunResult result = sample_repeats();
  const auto back = parse_result(result_json(result));
  REQUIRE(back);
  CHECK(result_json(*back) == result_json(result));
  CHECK(back->repeats.size() == 5);
}

TEST_CASE("the JSON has the keys of the schema") {
  const auto json = nlohmann::json::parse(result_json(sample_repeats()));
  CHECK(json["schema"] == "mqtt-bench/1");
  for (const char* key :
       {"tool",       "command",    "seed",      "started", "finished",    "duration_s",
        "host",       "broker",     "scenario",  "phases",  "connections", "messages",
        "throughput", "latency_us", "generator", "verdict", "assertions",  "errors",
        "series",     "repeats",    "summary"}) {
    CAPTURE(key);
    CHECK(json.contains(key));
  }
  for (const char* key : {"count", "min", "mean", "stddev", "p50", "p75", "p90", "p95", "p99",
                          "p99_9", "p99_99", "max", "uncorrected", "hdr"}) {
    CAPTURE(key);
    CHECK(json["latency_us"]["e2e"].contains(key));
  }
  CHECK(json["latency_us"]["e2e"]["count"] == 50'000);
  CHECK(json["messages"]["sent"] == 50'000);
  CHECK(json["messages"]["by_qos"]["1"]["lost"] == 15);
  CHECK_FALSE(json["messages"]["by_qos"].contains("0"));
  CHECK(json["throughput"]["sent_per_s"] == 1000);
  CHECK(json["summary"]["e2e.p50"]["runs"] == 5);
  CHECK(json["summary"]["e2e.p50"]["confidence"] == 0.938);

  const auto single = nlohmann::json::parse(result_json(sample_result()));
  CHECK_FALSE(single.contains("interrupted"));
  CHECK_FALSE(single.contains("repeats"));
  CHECK(single["started"] == "2026-11-20T23:43:27.000000000Z");
  CHECK(single["connections"]["per_s"] == 1250);
  CHECK(single["generator"]["cpu_percent"] == 3.5);
  CHECK(single["generator"]["bytes_per_connection"] == 3000);
  CHECK(single["series"].size() == 10);
  CHECK(single["series"][6]["latency_us"]["e2e"]["count"] == 1000);
}

TEST_CASE("what is no result is refused by name") {
  const std::string json = result_json(sample_result());
  const auto message = [](std::string_view text) {
    const auto result = parse_result(text);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::BadInput);
    return result.error().message;
  };
  CHECK(message("") == "it is not JSON");
  CHECK(message(std::string(1000, '[')) == "it is nested too deep");
  CHECK(message("[]") == "it is no result of mqtt-bench");
  CHECK(message("{}") == "it is no result of mqtt-bench");
  CHECK(message(replaced(json, "mqtt-bench/1", "mqtt-bench/9")) ==
        "its schema is 'mqtt-bench/9', not mqtt-bench/1");
  CHECK(message(replaced(json, "\"1\":{\"scheduled\":10000", "\"1\":{\"scheduled\":\"x\"")) ==
        "messages.by_qos.1.scheduled is not what it should be");
  CHECK(message(replaced(json, "\"1\":{\"scheduled\"", "\"7\":{\"scheduled\"")) ==
        "messages.by_qos.7 is no QoS");
  CHECK(message(replaced(json, "\"hdr\":\"HIST", "\"hdr\":\"LOST")) ==
        "latency_us.connect.hdr is not what it should be");
  CHECK(message(replaced(json, "\"started\":\"2026", "\"started\":\"26")) ==
        "started is not what it should be");
  CHECK(message(replaced(json, "\"time_s\":2.0", "\"time_s\":true")) ==
        "series[0].time_s is not what it should be");
  CHECK(message(replaced(json, "\"limit\":\"", "\"limit\":\"no ")) ==
        "verdict.limit is not what it should be");
  // Keys of later versions do no harm.
  CHECK(parse_result(replaced(json, "\"seed\":", "\"later\":{\"a\":[1]},\"seed\":")));
}

TEST_CASE("points in time") {
  CHECK(iso_time(1'795'218'147'202'606'123) == "2026-11-20T23:42:27.202606123Z");
  CHECK(parse_iso_time("2026-11-20T23:42:27.202606123Z") == 1'795'218'147'202'606'123);
  CHECK(parse_iso_time("2026-11-20T23:42:27Z") == 1'795'218'147'000'000'000);
  CHECK(parse_iso_time("2026-11-20T23:42:27.2Z") == 1'795'218'147'200'000'000);
  CHECK(parse_iso_time(iso_time(0)) == 0);
  CHECK_FALSE(parse_iso_time("2026-11-20T23:42:27"));
  CHECK_FALSE(parse_iso_time("2026-11-20T23:42:27.Z"));
  CHECK_FALSE(parse_iso_time("2026-02-30T23:42:27Z"));
  CHECK_FALSE(parse_iso_time("2026-11-20T24:42:27Z"));
  CHECK_FALSE(parse_iso_time("2026-11-20T23:42:27+01:00Z"));
}

TEST_CASE("a figure by its path is the one in the JSON") {
  const RunResult result = sample_result();
  const auto json = nlohmann::json::parse(result_json(result));
  // Everything that a path names and the JSON has is the same number.
  int compared = 0;
  for (const std::string& path : metric_paths()) {
    CAPTURE(path);
    const auto metric = find_metric(path);
    REQUIRE(metric);
    CHECK(metric->path == path);
    const auto value = metric->value(result);
    const nlohmann::json* at = &json;
    const std::string first = path.substr(0, path.find('.'));
    if (json["latency_us"].contains(first)) at = &json["latency_us"];
    for (std::size_t from = 0; at != nullptr && from <= path.size();) {
      const std::size_t dot = std::min(path.find('.', from), path.size());
      const std::string key = path.substr(from, dot - from);
      at = at->is_object() && at->contains(key) ? &(*at)[key] : nullptr;
      from = dot + 1;
    }
    if (at == nullptr || !at->is_number()) continue;
    REQUIRE(value);
    CHECK(*value == Catch::Approx(at->get<double>()).margin(0.0006));
    ++compared;
  }
  CHECK(compared > 100);
}

TEST_CASE("short paths and percentiles of one's own") {
  const RunResult result = sample_result();
  const auto value = [&](std::string_view path) {
    const auto metric = find_metric(path);
    REQUIRE(metric);
    return metric->value(result);
  };
  CHECK(value("lost") == 3);
  CHECK(value("messages.lost") == 3);
  CHECK(value("rate") == 1000);
  CHECK(value("received_per_s") == 999.6);
  CHECK(value("errors") == 1);
  CHECK(value("errors.mqtt.lost") == 1);
  CHECK(value("errors.tcp.reset") == 0);
  CHECK(value("latency_us.e2e.p99") == value("e2e.p99"));
  CHECK(value("e2e.p99.9") == value("e2e.p99_9"));
  CHECK(*value("e2e.p97.5") > *value("e2e.p95"));
  CHECK(*value("e2e.p97.5") <= *value("e2e.p99"));
  CHECK(*value("e2e.uncorrected.p99") < *value("e2e.p99"));
  // Where no difference can arise both are the same.
  CHECK(value("connack.uncorrected.p50") == value("connack.p50"));
  CHECK_FALSE(value("tls.p99"));
  CHECK_FALSE(value("pubcomp.count"));

  const auto hint = [](std::string_view path) {
    const auto metric = find_metric(path);
    REQUIRE_FALSE(metric);
    CHECK(metric.error().kind == ErrorKind::Usage);
    CHECK(metric.error().message == "there is no figure '" + std::string(path) + "'");
    return metric.error().hint;
  };
  CHECK(hint("e2e.p9x") == "did you mean e2e.p90?");
  CHECK(hint("messages.lots") == "did you mean messages.lost?");
  CHECK(hint("lots") == "did you mean messages.lost?");
  CHECK(hint("e2e.p101").starts_with("did you mean e2e."));
  CHECK(hint("publish_latency_of_everything").starts_with("paths stand as in the JSON"));
}

}  // namespace mqtk::bench
