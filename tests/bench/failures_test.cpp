// Runs in which connections, subscriptions or messages fail: their exit codes, and that no verdict
// speaks of anybody's capacity.
#include "bench/bench.hpp"
#include "support/catch.hpp"
#include "support/mosquitto.hpp"
#include "support/scripted_broker.hpp"
#include "support/skipped.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;
using Catch::Matchers::ContainsSubstring;

namespace {

void check_void(const BenchRun& run, int exit_code, const char* reason) {
  INFO(run.process.text());
  CHECK(run.process.exit_code == exit_code);
  REQUIRE(run.result.is_object());
  CHECK(run.at("/verdict/valid") == false);
  CHECK(run.at("/verdict/limit") == "none");
  const auto text = run.at("/verdict/reason").get<std::string>();
  CHECK_THAT(text, ContainsSubstring(reason));
  CHECK_THAT(text, !ContainsSubstring("was the limit"));
}

}  // namespace

TEST_CASE("a broker that dies half-way makes every kind of run void") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  struct Row {
    const char* subcommand;
    std::vector<std::string> options;
  };
  const Row row =
      GENERATE(Row{"connect", {}}, Row{"connect", {"--storm", "200ms"}},
               Row{"connect", {"--ping-interval", "50ms"}}, Row{"publish", {}},
               Row{"publish", {"-q", "1"}}, Row{"publish", {"-q", "1", "--rate", "500/s"}},
               Row{"subscribe", {}}, Row{"pubsub", {"-q", "1"}}, Row{"pubsub", {"--rate", "500/s"}},
               Row{"pubsub", {"--repeat", "2"}});
  CAPTURE(row.subcommand, row.options);
  Mosquitto broker;
  std::vector<std::string> options = {"-c", "4", "--duration", "20s"};
  options.insert(options.end(), row.options.begin(), row.options.end());
  Process process(bench_command(row.subcommand, broker.port(), options));
  REQUIRE(broker.wait_log_contains("as mqttbench-", 20s));
  broker.kill();
  const BenchRun run = bench_run(process.wait());
  if (row.options == std::vector<std::string>{"--repeat", "2"}) {
    // The second finds no broker at all.
    INFO(run.process.text());
    CHECK(run.process.exit_code == 69);
    return;
  }
  check_void(run, 69, "connections were");
  CHECK(run.process.wall < 15s);
}

TEST_CASE("subscriptions that are denied end with 77, not with a broker that was slow") {
  for (const int granted : {0, 1}) {
    CAPTURE(granted);
    ScriptedBroker broker;
    for (int i = 0; i < 3; ++i) {
      Script& script = broker.connection();
      script.expect<wire::Connect>().reply(wire::Connack{}).expect<wire::Subscribe>();
      if (i < granted) {
        script.reply(wire::Suback{0, Bytes("\0", 1), {}}).expect<wire::Disconnect>().expect_end();
      } else {
        script.reply(wire::Suback{0, "\x80", {}}).expect_end();
      }
    }
    broker.start();
    const BenchRun run = bench("subscribe", broker.port(), {"-c", "3", "--duration", "500ms"});
    check_void(
        run, 77,
        granted == 0 ? "all 3 subscriptions were denied" : "2 of 3 subscriptions were denied");
    CHECK(run.at("/connections/lost") == 0);
    CHECK(run.at("/errors/0/exit_code") == 77);
  }
}

TEST_CASE("messages that a broker drops for want of permission end with 1") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  MosquittoListener listener;
  listener.acl = "topic read #\n";
  const Mosquitto broker({.listeners = {listener}});
  check_void(
      bench("pubsub", broker.port(), {"-c", "3", "-q", "1", "-n", "300", "--drain", "300ms"}), 1,
      "not one of 300 deliveries came");
  check_void(bench("publish", broker.port(), {"-V", "5", "-q", "1", "-n", "300"}), 77,
             "all 300 messages were refused");
}

TEST_CASE("what a storm has cut and cannot make again is lost, what returns is not") {
  ScriptedBroker broker;
  for (int i = 0; i < 4; ++i) {
    broker.connection().expect<wire::Connect>().reply(wire::Connack{}).expect_end();
  }
  broker.start();
  const BenchRun run =
      bench("connect", broker.port(), {"-c", "2", "--duration", "1300ms", "--storm", "500ms"});
  check_void(run, 69, "all 2 connections were lost");
  CHECK(run.at("/connections/reconnected") == 2);
}

TEST_CASE("acknowledgements that never come end with 1") {
  ScriptedBroker broker;
  broker.connection()
      .expect<wire::Connect>()
      .reply(wire::Connack{})
      .expect<wire::Publish>()
      .expect<wire::Disconnect>()
      .expect_end();
  broker.start();
  check_void(bench("publish", broker.port(),
                   {"-q", "1", "-n", "1", "--duration", "1s", "--drain", "300ms"}),
             1, "not one of 1 messages was acknowledged");
}
