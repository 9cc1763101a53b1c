// Who was the limit: every way a run can go, and the exit code that follows.
#include "bench/results/verdict.hpp"
#include "bench/results/failures.hpp"

#include "support/catch.hpp"
#include "unit/bench/sample.hpp"

namespace mqtk::bench {

namespace {

using Catch::Matchers::ContainsSubstring;

/// An open loop at 1,000/s for 10 s in which all went well.
RunResult open_loop() {
  RunResult result;
  result.duration_s = 10;
  result.throughput.target_per_s = 1000;
  result.connections = {.requested = 2, .opened = 2};
  result.by_qos[1] = {
      .scheduled = 10'000, .sent = 10'000, .acked = 10'000, .expected = 10'000, .received = 10'000};
  result.latencies[Latency::Connect].corrected.record_n(50'000, 2);
  result.latencies[Latency::Puback].corrected.record_n(300'000, 10'000);
  result.latencies[Latency::EndToEnd].corrected.record_n(400'000, 10'000);
  result.generator.send_late.record_n(20'000, 10'000);
  result.generator.busiest_percent = 5;
  return result;
}

RunResult closed_loop() {
  RunResult result = open_loop();
  result.throughput.target_per_s = 0;
  return result;
}

}  // namespace

TEST_CASE("verdict: the rate asked for was reached") {
  const Verdict verdict = judge(open_loop());
  CHECK(verdict.limit == Limit::Target);
  CHECK(verdict.valid);
  CHECK(verdict.reason == "the rate asked for was the limit: 1,000/s of 1,000/s were sent");
}

TEST_CASE("verdict: a generator that is late is not the broker's fault") {
  RunResult result = open_loop();
  result.generator.send_late.record_n(30'000'000, 200);
  result.generator.busiest_percent = 40;
  result.generator.waiting_s = 5;
  result.verdict = judge(result);
  CHECK(result.verdict.limit == Limit::Generator);
  CHECK_FALSE(result.verdict.valid);
  CHECK_THAT(result.verdict.reason,
             ContainsSubstring(
                 "this program was the limit: 1 % of the messages left more than 30.0 ms late"));
  CHECK_THAT(result.verdict.reason,
             ContainsSubstring("it waited 50 % of the time for a processor"));
  CHECK_THAT(result.verdict.reason, ContainsSubstring("the figures do not judge the broker"));
  CHECK(exit_code(result) == 75);

  // Wins over an assertion that failed.
  result.assertions = {{"e2e.p99<20ms", 31000, false}};
  CHECK(exit_code(result) == 75);
}

TEST_CASE("verdict: lateness that does not show in the latency is no reason") {
  RunResult result = open_loop();
  result.generator.send_late.record_n(3'000'000, 200);
  CHECK_FALSE(judge(result).valid);
  // The same 3 ms beside a broker that takes 100.
  result.latencies[Latency::EndToEnd].corrected.record_n(100'000'000, 10'000);
  CHECK(judge(result).valid);
  CHECK(judge(result).limit == Limit::Target);
}

TEST_CASE("verdict: messages that were never sent although nothing held them up") {
  RunResult result = open_loop();
  result.by_qos[1].sent = result.by_qos[1].acked = 8'000;
  result.by_qos[1].expected = result.by_qos[1].received = 8'000;
  result.generator.busiest_percent = 99;
  const Verdict verdict = judge(result);
  CHECK(verdict.limit == Limit::Generator);
  CHECK_THAT(verdict.reason,
             ContainsSubstring("it sent 8,000 of 10,000 messages that were due, and none of "
                               "them were held up by the broker"));
  CHECK_THAT(verdict.reason, ContainsSubstring("its busiest thread used 99 % of a core"));
}

TEST_CASE("verdict: a broker that takes less than it is offered") {
  RunResult result = open_loop();
  result.by_qos[1].sent = result.by_qos[1].acked = 8'000;
  result.by_qos[1].expected = result.by_qos[1].received = 7'000;
  result.by_qos[1].lost = 1'000;
  result.generator.held_up = 6'000;
  const Verdict verdict = judge(result);
  CHECK(verdict.limit == Limit::Broker);
  CHECK(verdict.valid);
  CHECK(verdict.reason ==
        "the broker was the limit: 800/s of the 1,000/s asked for could be sent, 60 % of the "
        "messages waited for an acknowledgement or a full socket; 1,000 messages were lost");

  // The same by a program that had no time left to read the answers.
  result.generator.busiest_percent = 99;
  CHECK(judge(result).limit == Limit::Generator);
  CHECK_FALSE(judge(result).valid);
  CHECK_THAT(
      judge(result).reason,
      ContainsSubstring("800/s of the 1,000/s asked for could be sent, and it had no time left"));
  result.generator.busiest_percent = 5;

  // Half of an answer's time is the way there and back.
  result.latencies[Latency::Connect].corrected.clear();
  result.latencies[Latency::Connect].corrected.record_n(50'000'000, 2);
  result.latencies[Latency::EndToEnd].corrected.clear();
  result.latencies[Latency::EndToEnd].corrected.record_n(60'000'000, 8'000);
  CHECK(judge(result).limit == Limit::Network);
}

TEST_CASE("verdict: a broker that takes all and delivers less") {
  RunResult result = open_loop();
  result.by_qos[1].received = 6'000;
  const Verdict verdict = judge(result);
  CHECK(verdict.limit == Limit::Broker);
  CHECK(verdict.reason ==
        "the broker was the limit: all was sent, but only 6,000 of 10,000 deliveries came");
}

TEST_CASE("verdict: a stall of the broker that the rate survived") {
  const RunResult result = test::sample_result();
  CHECK(result.verdict.limit == Limit::Target);
  CHECK(result.verdict.valid);
  CHECK(result.verdict.reason ==
        "the rate asked for was the limit: 1,000/s of 1,000/s were sent, 9.9 % of them held up by "
        "the broker for a while; 3 messages were lost");
}

TEST_CASE("verdict: closed loops") {
  RunResult result = closed_loop();
  CHECK(judge(result).limit == Limit::Window);
  CHECK(judge(result).valid);
  CHECK_THAT(judge(result).reason,
             ContainsSubstring("1,000/s were sent at an answer time of 400 us (median)"));

  RunResult busy = result;
  busy.generator.busiest_percent = 98;
  CHECK(judge(busy).limit == Limit::Generator);
  CHECK_FALSE(judge(busy).valid);

  RunResult starved = result;
  starved.generator.waiting_s = 4;
  CHECK(judge(starved).limit == Limit::Generator);
  starved.generator.threads = 4;
  CHECK(judge(starved).limit == Limit::Window);

  // Without acknowledgements only a full socket can slow a publisher down.
  RunResult quick = result;
  quick.by_qos[0] = quick.by_qos[1];
  quick.by_qos[0].acked = 0;
  quick.by_qos[1] = {};
  quick.latencies.erase(Latency::Puback);
  CHECK(judge(quick).limit == Limit::Broker);

  RunResult far = result;
  far.latencies[Latency::Connect].corrected.record_n(40'000'000, 100);
  far.latencies[Latency::EndToEnd].corrected.record_n(45'000'000, 100'000);
  CHECK(judge(far).limit == Limit::Network);

  RunResult listener;
  listener.duration_s = 10;
  listener.by_qos[0].received = 500;
  CHECK(judge(listener).limit == Limit::Target);
  CHECK_THAT(judge(listener).reason,
             ContainsSubstring("what others publish was the limit: 50/s came"));
}

TEST_CASE("verdict: connections alone") {
  RunResult result;
  CHECK(judge(result).limit == Limit::None);
  result.duration_s = 1;
  result.connections = {.requested = 1000, .opened = 1000};
  CHECK(judge(result).limit == Limit::Target);
  CHECK_THAT(judge(result).reason, ContainsSubstring("all 1,000 connections were opened"));
  result.generator.busiest_percent = 97;
  CHECK_FALSE(judge(result).valid);
  result.generator.busiest_percent = 20;
  result.connections.opened = 900;
  result.interrupted = true;
  CHECK(judge(result).limit == Limit::None);
  CHECK(judge(result).reason == "900 of 1,000 connections were opened before the end");
}

TEST_CASE("verdict: connections that came back, as they were told to, spoil nothing") {
  RunResult result = closed_loop();
  const Verdict before = judge(result);
  result.connections.opened = result.connections.requested = 10;
  result.connections.lost = result.connections.reconnected = 10;
  CHECK(judge(result).limit == before.limit);
  CHECK(find_failures(result).exit_code == 0);
  result.connections.reconnected = 8;
  CHECK_FALSE(judge(result).valid);
  CHECK_THAT(judge(result).reason, ContainsSubstring("2 of 10 connections were lost"));
  CHECK(find_failures(result).exit_code == 69);

  // What a storm has cut is lost only when it could not be made again.
  result.connections.lost = 2;
  result.scenario.push_back({"storm_s", 0.5});
  CHECK_THAT(judge(result).reason, ContainsSubstring("2 of 10 connections were lost"));
}

TEST_CASE("verdict: where connections failed or were lost nobody's capacity is judged") {
  struct Row {
    const char* what;
    void (*spoil)(RunResult& result);
    const char* reason;
    int exit_code;
  };
  const Row row = GENERATE(
      Row{"not opened",
          [](RunResult& result) {
            result.connections = {.requested = 1000, .opened = 900, .failed = 100};
            result.errors = {{"tcp.timeout", 20, 1.25, "", 69},
                             {"mqtt.unavailable", 80, 1, "", 75}};
          },
          "100 of 1,000 connections were not opened (mostly mqtt.unavailable, first after 1.0 s)",
          75},
      Row{"lost",
          [](RunResult& result) {
            result.connections.lost = 1;
            result.errors = {{"mqtt.lost", 1, 2.34, "", 69}};
          },
          "1 of 2 connections were lost (mqtt.lost, first after 2.3 s)", 69},
      Row{"lost again and again", [](RunResult& result) { result.connections.lost = 7; },
          "connections were lost 7 times", 69},
      Row{"denied",
          [](RunResult& result) {
            result.scenario = {{"subscribers", std::int64_t{1}}};
            result.errors = {{"sub.denied", 1, 0, "", 77}};
            result.by_qos[1].received = 0;
            result.by_qos[1].lost = 10'000;
          },
          "all 1 subscriptions were denied (sub.denied, first after 0.0 s)", 77},
      Row{"a half of each",
          [](RunResult& result) {
            result.connections = {.requested = 4, .opened = 2, .failed = 2, .lost = 2};
          },
          "2 of 4 connections were not opened and all 2 connections were lost", 69},
      Row{"refused",
          [](RunResult& result) {
            result.by_qos[1].acked = 0;
            result.by_qos[1].failed = 10'000;
            result.errors = {{"pub.denied", 10'000, 0.5, "", 77}};
          },
          "all 10,000 messages were refused (pub.denied, first after 0.5 s)", 77},
      Row{"never acknowledged",
          [](RunResult& result) {
            result.by_qos[1].acked = 0;
            result.by_qos[1].in_flight = 10'000;
          },
          "not one of 10,000 messages was acknowledged", 1},
      Row{"never sent", [](RunResult& result) { result.by_qos[1] = {.scheduled = 10'000}; },
          "not one of 10,000 messages could be sent", 1},
      Row{"never delivered",
          [](RunResult& result) {
            result.by_qos[1].received = 0;
            result.by_qos[1].lost = 10'000;
          },
          "not one of 10,000 deliveries came", 1});
  CAPTURE(row.what);
  for (const bool open : {true, false}) {
    RunResult result = open ? open_loop() : closed_loop();
    row.spoil(result);
    result.verdict = judge(result);
    CHECK(result.verdict.limit == Limit::None);
    CHECK_FALSE(result.verdict.valid);
    CHECK(result.verdict.reason ==
          std::string(row.reason) + "; the figures do not judge the broker");
    CHECK(exit_code(result) == row.exit_code);
    // A generator that was late besides does not make it a matter of trying again.
    result.generator.busiest_percent = 99;
    result.verdict = judge(result);
    CHECK(exit_code(result) == row.exit_code);
  }
}

TEST_CASE("verdict: some messages that were promised and did not arrive end with 1") {
  RunResult result = open_loop();
  result.scenario = {{"sub_qos", std::int64_t{1}}};
  result.by_qos[1].received = 9'990;
  result.by_qos[1].lost = 10;
  result.verdict = judge(result);
  CHECK(result.verdict.valid);
  CHECK(exit_code(result) == 1);
  // Nobody has promised a delivery at QoS 0.
  result.scenario = {{"sub_qos", std::int64_t{0}}};
  CHECK(exit_code(result) == 0);
  result.by_qos[1].in_flight = 1;
  CHECK(exit_code(result) == 1);
}

TEST_CASE("exit codes of a result") {
  RunResult result = open_loop();
  result.verdict = judge(result);
  CHECK(exit_code(result) == 0);
  result.assertions = {{"lost==0", 0, true}};
  CHECK(exit_code(result) == 0);
  result.assertions.push_back({"rate>=2k/s", 1000, false});
  CHECK(exit_code(result) == 1);
}

}  // namespace mqtk::bench
