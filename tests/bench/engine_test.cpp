// A load through the other engine, and the cross-check with what the broker counted.
#include "bench/bench.hpp"
#include "support/catch.hpp"
#include "support/mosquitto.hpp"
#include "support/programs.hpp"
#include "support/skipped.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

/// The paho engine is a module that need not have been built.
bool paho_here() {
  ProcessOptions ask;
  ask.argv = {built_program("mqtt-bench"), "publish", "--engine", "paho", "-n", "1", "--plan"};
  return run(ask).exit_code == 0;
}

}  // namespace

TEST_CASE("pairs deliver through the paho engine, at each QoS, and are accounted for") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  if (!paho_here()) return say_skipped("built without the paho engine");
  const Mosquitto broker;
  const std::string qos = GENERATE("0", "1", "2");
  CAPTURE(qos);
  const BenchRun run = bench("pubsub", broker.port(),
                             {"--engine", "paho", "-c", "5", "-q", qos, "-n", "203", "--drain",
                              "20s", "--inflight", "10"});
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.at("/scenario/engine") == "paho");
  CHECK(run.at("/connections/opened") == 10);
  CHECK(run.at("/connections/lost") == 0);
  CHECK(run.count("scheduled") == 203);
  CHECK(run.count("sent") == 203);
  CHECK(run.count("acked") == (qos == "0" ? 0 : 203));
  CHECK(run.count("received") == 203);
  CHECK(run.count("lost") == 0);
  CHECK(run.count("duplicated") == 0);
  CHECK(run.latency_us("e2e", "count") == 203);
  CHECK(run.latency_us("suback", "count") == 5);
  CHECK_FALSE(run.result.at("latency_us").contains("tls"));
}

TEST_CASE("the paho engine keeps a rate, with threads") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  if (!paho_here()) return say_skipped("built without the paho engine");
  const Mosquitto broker;
  const BenchRun run = bench("publish", broker.port(),
                             {"--engine", "paho", "-c", "4", "--threads", "2", "-q", "1", "--rate",
                              "200/s", "--duration", "2s", "--drain", "20s"});
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.count("scheduled") == 400);
  CHECK(run.count("sent") == run.count("acked") + run.count("failed"));
  CHECK(run.count("acked") > 300);
  CHECK(run.latency_us("puback", "count") == static_cast<double>(run.count("acked")));
  CHECK(run.at("/generator/cpu_s") > 0.0);
}

TEST_CASE("nobody listens where the paho engine connects to") {
  if (!paho_here()) return say_skipped("built without the paho engine");
  const BenchRun run = bench("connect", 1, {"--engine", "paho", "-c", "3"});
  INFO(run.process.text());
  CHECK(run.process.exit_code == 69);
}

TEST_CASE("what the paho engine cannot do is refused before anything is tried") {
  if (!paho_here()) return say_skipped("built without the paho engine");
  const auto refusal = [](std::vector<std::string> options) {
    options.insert(options.end(), {"--engine", "paho", "--duration", "1s"});
    const BenchRun run = bench("connect", 1, options);
    CHECK(run.process.exit_code == 64);
    return run.process.err;
  };
  CHECK(refusal({"--storm", "1s"}).find("--storm") != std::string::npos);
  CHECK(refusal({"--ping-interval", "1s"}).find("--ping-interval") != std::string::npos);
  CHECK(refusal({"--source", "127.0.0.2"}).find("--source") != std::string::npos);
  CHECK(refusal({"-c", "1001"}).find("at most 1000 clients") != std::string::npos);
}

TEST_CASE("the broker's own counters agree with the account, and tell of others") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  const Mosquitto broker({.extra = {"sys_interval 1"}});
  const std::vector<std::string> load = {"--sys-check", "-c",  "4",       "-q", "1",
                                         "-n",          "500", "--drain", "20s"};
  const BenchRun run = bench("pubsub", broker.port(), load);
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.at("/sys_check/sent") == 500);
  CHECK(run.at("/sys_check/broker_received") == 500);
  CHECK(run.at("/sys_check/received") == 500);
  CHECK(run.at("/sys_check/broker_sent") == 500);
  CHECK(run.at("/sys_check/broker_dropped") == 0);
  CHECK(run.at("/sys_check/agrees") == true);

  // Somebody else's messages, 300 of them, while the run holds on.
  Process with_others(bench_command("pubsub", broker.port(),
                                    {"--sys-check", "-c", "1", "-q", "1", "--rate", "50/s",
                                     "--duration", "5s", "--drain", "20s", "-i", "watched-%i"}));
  REQUIRE(broker.wait_log_contains("as watched-0 (", 30s));
  const BenchRun others = bench("publish", broker.port(), {"-q", "1", "-n", "300"});
  REQUIRE(others.complete());
  const BenchRun watched = bench_run(with_others.wait());
  INFO(watched.process.text());
  REQUIRE(watched.complete());
  const auto sent = watched.at("/sys_check/sent").get<std::uint64_t>();
  CHECK(watched.at("/sys_check/broker_received") == sent + 300);
  CHECK(watched.at("/sys_check/broker_sent") == watched.at("/sys_check/received"));
  CHECK(watched.at("/sys_check/agrees") == false);
}
