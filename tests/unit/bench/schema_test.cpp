// The results against the schema that is handed out with the program.
#include <fstream>
#include <nlohmann/json.hpp>

#include "bench/results/run_result.hpp"
#include "support/catch.hpp"
#include "unit/bench/json_schema.hpp"
#include "unit/bench/sample.hpp"

namespace mqtk::bench {

using nlohmann::json;

namespace {

json schema() {
  std::ifstream file(MQTK_BENCH_SCHEMA);
  json read = json::parse(file, nullptr, false);
  REQUIRE(read.is_object());
  return read;
}

json complete_result() {
  RunResult result = test::sample_repeats();
  result.interrupted = true;
  result.shard = 2;
  result.shards = 3;
  result.notes = {"a note"};
  result.assertions = {{"e2e.p99<20ms", 31200.5, false}, {"tls.p99<1s", std::nullopt, false}};
  result.errors = {{"mqtt.no_answer", 3, 1.5, "no CONNACK came"}};
  result.sys_check = SysCheck{10, 10, 20, 19, 1};
  return json::parse(result_json(result));
}

}  // namespace

TEST_CASE("what is written is what the schema says") {
  const json rules = schema();
  CHECK(mqtk::test::schema_faults(rules, complete_result()) == std::vector<std::string>{});
  CHECK(mqtk::test::schema_faults(rules, json::parse(result_json(test::sample_result()))) ==
        std::vector<std::string>{});
  CHECK(mqtk::test::schema_faults(rules, json::parse(result_json(RunResult{}))) ==
        std::vector<std::string>{});
}

TEST_CASE("what is not as the schema says is found") {
  const json rules = schema();
  const auto fault_after = [&rules](auto change) {
    json result = complete_result();
    change(result);
    const auto faults = mqtk::test::schema_faults(rules, result);
    return faults.empty() ? std::string() : faults.front();
  };
  CHECK(fault_after([](json& r) { r["schema"] = "mqtt-bench/2"; }) ==
        "/schema: is not \"mqtt-bench/1\"");
  CHECK(fault_after([](json& r) { r.erase("verdict"); }) == ": has no verdict");
  CHECK(fault_after([](json& r) { r["speed"] = 1; }) == "/speed: is not in the schema");
  CHECK(fault_after([](json& r) { r["messages"]["sent"] = -1; }) == "/messages/sent: is below 0");
  CHECK(fault_after([](json& r) { r["messages"]["by_qos"]["1"]["lost"] = 1.5; }) ==
        "/messages/by_qos/1/lost: is no \"integer\"");
  CHECK(fault_after([](json& r) { r["latency_us"]["e2e"]["p99"] = "fast"; }) ==
        "/latency_us/e2e/p99: is no \"number\"");
  CHECK(fault_after([](json& r) {
          r["verdict"]["limit"] = "weather";
        }).starts_with("/verdict/limit: is none of"));
  CHECK(fault_after([](json& r) { r["repeats"][0]["generator"]["colour"] = 1; }) ==
        "/repeats/0/generator/colour: is not in the schema");
}

TEST_CASE("the check with $SYS survives its JSON, and is told") {
  RunResult result = test::sample_result();
  result.sys_check = SysCheck{10, 10, 20, 20, 0};
  const auto back = parse_result(result_json(result));
  REQUIRE(back);
  CHECK(*back == result);
  CHECK(result.sys_check->agrees());
  result.sys_check->received = 19;
  CHECK_FALSE(result.sys_check->agrees());
}

}  // namespace mqtk::bench
