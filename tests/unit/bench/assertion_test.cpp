// --assert: what is understood, what holds, and what is said when it is not or does not.
#include "bench/results/assertion.hpp"

#include "bench/results/figures.hpp"
#include "support/catch.hpp"
#include "unit/bench/sample.hpp"

namespace mqtk::bench {

namespace {

AssertionOutcome outcome(std::string_view text, const RunResult& result) {
  const auto assertion = parse_assertion(text);
  INFO(text);
  REQUIRE(assertion);
  return check_assertion(*assertion, result);
}

Error refusal(std::string_view text) {
  const auto assertion = parse_assertion(text);
  INFO(text);
  REQUIRE_FALSE(assertion);
  CHECK(assertion.error().kind == ErrorKind::Usage);
  return assertion.error();
}

}  // namespace

TEST_CASE("assertions hold or fail by the figures") {
  RunResult result;
  result.duration_s = 10;
  result.by_qos[0] = {.scheduled = 10'000, .sent = 10'000, .expected = 10'000, .received = 9'999};
  result.by_qos[0].lost = 1;
  result.throughput.received_bytes = 1024 * 1024;
  result.latencies[Latency::EndToEnd].corrected.record_n(10'000'000, 99);
  result.latencies[Latency::EndToEnd].corrected.record_n(50'000'000, 1);
  result.errors = {{"tcp.reset", 2, 1, "reset"}};
  result.generator.cpu_s = 8;
  result.generator.memory_bytes = 5000;

  // 10 ms and 50 ms, each up to a thousandth more.
  CHECK(outcome("e2e.p50<10.1ms", result).passed);
  CHECK(outcome("e2e.p50 < 10100us", result).passed);
  CHECK_FALSE(outcome("e2e.p50<10ms", result).passed);
  CHECK(outcome("e2e.p99<=10.1ms", result).passed);
  CHECK(outcome("e2e.p99.9>=50ms", result).passed);
  CHECK(outcome("lost==1", result).passed);
  CHECK(outcome("lost!=0", result).passed);
  CHECK_FALSE(outcome("messages.lost==0", result).passed);
  CHECK(outcome("messages.by_qos.0.lost == 1", result).passed);
  CHECK(outcome("errors==2", result).passed);
  CHECK(outcome("errors.tcp.reset<=2", result).passed);
  CHECK(outcome("errors.tls.expired==0", result).passed);
  CHECK(outcome("rate>=1000/s", result).passed);
  CHECK(outcome("rate>=1k/s", result).passed);
  CHECK(outcome("rate>=60k/min", result).passed);
  CHECK_FALSE(outcome("rate>1000", result).passed);
  CHECK(outcome("received>=9k", result).passed);
  CHECK(outcome("received_bytes_per_s>=100KiB/s", result).passed);
  CHECK(outcome("generator.cpu_percent<=80%", result).passed);
  CHECK_FALSE(outcome("generator.cpu_percent < 80", result).passed);
  CHECK(outcome("generator.memory_bytes<5KiB", result).passed);
  CHECK(outcome("duration_s>=10s", result).passed);
  CHECK(outcome("duration_s>=10", result).passed);
}

TEST_CASE("what was not measured does not pass") {
  const AssertionOutcome missing = outcome("tls.p99<1s", RunResult());
  CHECK_FALSE(missing.passed);
  CHECK_FALSE(missing.value);
  CHECK(outcome_text(missing) == "tls.p99<1s failed: it was not measured");
  CHECK_FALSE(outcome("e2e.p99!=0", RunResult()).passed);
}

TEST_CASE("a failed assertion says what was measured, in its unit") {
  const RunResult result = test::sample_result();
  CHECK(outcome_text(outcome("lost==0", result)) == "lost==0 failed: it was 3");
  CHECK(outcome_text(outcome("rate>=2k/s", result)) == "rate>=2k/s failed: it was 1,000/s");
  CHECK(outcome_text(outcome("e2e.p99<20ms", result)).starts_with("e2e.p99<20ms failed: it was 9"));
  CHECK(outcome_text(outcome("errors<5", result)) == "errors<5 holds: it was 1");
  CHECK(outcome_text(outcome("generator.cpu_percent>50%", result)) ==
        "generator.cpu_percent>50% failed: it was 3.5 %");
}

TEST_CASE("mistakes in assertions are named") {
  CHECK(refusal("e2e.p99").message == "'e2e.p99' compares nothing");
  CHECK(refusal("").message == "'' compares nothing");
  CHECK(refusal("lost=0").message == "'lost=0' has no comparison that is known");
  CHECK(refusal("lost=0").hint == "one of < <= > >= == !=");
  CHECK(refusal("lost===0").message == "'lost===0' has no comparison that is known");
  CHECK(refusal("1<e2e.p99<2ms").message == "'1<e2e.p99<2ms' has no comparison that is known");
  CHECK(refusal("e2e.p9x<1ms").hint == "did you mean e2e.p90?");
  CHECK(refusal("e2e.p99<").message == "'e2e.p99<' compares with nothing");
  // A number alone could be anything; a wrong guess would be a wrong verdict.
  CHECK(refusal("e2e.p99<20").message == "'e2e.p99<20' compares with '20'");
  CHECK(refusal("e2e.p99<20").hint == "e2e.p99 compares with a latency such as 20ms or 350us");
  CHECK(refusal("e2e.p99<20 apples").message == "'e2e.p99<20 apples' compares with '20 apples'");
  CHECK(refusal("lost<10/s").hint == "messages.lost compares with a number such as 0 or 10k");
  CHECK(refusal("rate>10ms").hint ==
        "throughput.sent_per_s compares with a rate such as 1000/s or 50k/s");
  CHECK(refusal("generator.memory_bytes<10ms").hint ==
        "generator.memory_bytes compares with a size such as 4KiB");
  CHECK(parse_assertion("e2e.p99>0"));
}

TEST_CASE("figures as people read them") {
  CHECK(count_text(0) == "0");
  CHECK(count_text(999) == "999");
  CHECK(count_text(1000) == "1,000");
  CHECK(count_text(1'234'567) == "1,234,567");
  CHECK(latency_text(0) == "0 ns");
  CHECK(latency_text(850) == "850 ns");
  CHECK(latency_text(999.4) == "999 ns");
  CHECK(latency_text(999.6) == "1.00 us");
  CHECK(latency_text(1250) == "1.25 us");
  CHECK(latency_text(9'994) == "9.99 us");
  CHECK(latency_text(9'996) == "10.0 us");
  CHECK(latency_text(312'400) == "312 us");
  CHECK(latency_text(999'600) == "1.00 ms");
  CHECK(latency_text(61.24e9) == "61.2 s");
  CHECK(latency_text(3600e9) == "3600 s");
  CHECK(rate_text(0.5) == "0.5/s");
  CHECK(rate_text(12) == "12/s");
  CHECK(rate_text(999.6) == "1,000/s");
  CHECK(rate_text(0) == "0/s");
  CHECK(percent_text(0.14) == "0.1 %");
  CHECK(percent_text(80) == "80 %");
  CHECK(percent_text(99.7) == "100 %");
}

}  // namespace mqtk::bench
