// Runs that are pooled and shards that are merged.
#include "bench/results/repeats.hpp"

#include "support/catch.hpp"
#include "unit/bench/sample.hpp"

namespace mqtk::bench {

namespace {

using Catch::Matchers::ContainsSubstring;
using test::sample_repeats;
using test::sample_result;

/// One run and the same run dealt to two shards, latency by latency.
struct Dealt {
  RunResult whole;
  std::vector<RunResult> shards;
};

Dealt dealt() {
  Dealt out;
  out.whole = sample_result();
  out.whole.latencies.clear();
  out.whole.series.clear();
  out.shards.assign(2, out.whole);
  for (unsigned i = 0; i < 2; ++i) {
    out.shards[i].shard = i + 1;
    out.shards[i].shards = 2;
    // They do not start at the very same moment.
    out.shards[i].started_ns += i * 30'000'000;
  }
  std::uint64_t state = 1;
  for (int second = 0; second < 3; ++second) {
    Sample sample{.time_s = 1.0 + second, .interval_s = 1, .phase = "measure", .sent = 2000};
    std::vector<Sample> parts(2, Sample{.time_s = 1.0 + second, .interval_s = 1, .sent = 1000});
    for (int i = 0; i < 4000; ++i) {
      state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
      const std::uint64_t ns = 1'000 + (state >> 34U) % 50'000'000;
      const std::size_t shard = (state >> 20U) % 3 == 0 ? 0 : 1;
      out.whole.latencies[Latency::EndToEnd].corrected.record(ns);
      out.whole.latencies[Latency::EndToEnd].uncorrected.record(ns / 2);
      sample.latencies[Latency::EndToEnd].record(ns);
      LatencyPair& pair = out.shards[shard].latencies[Latency::EndToEnd];
      pair.corrected.record(ns);
      pair.uncorrected.record(ns / 2);
      parts[shard].latencies[Latency::EndToEnd].record(ns);
    }
    out.whole.series.push_back(sample);
    for (std::size_t i = 0; i < 2; ++i) out.shards[i].series.push_back(parts[i]);
  }
  return out;
}

}  // namespace

TEST_CASE("merged shards say what one histogram of all samples says, to the digit") {
  const Dealt dealt = bench::dealt();
  // Through the files that they are in reality.
  std::vector<RunResult> read;
  for (const RunResult& shard : dealt.shards) {
    auto back = parse_result(result_json(shard));
    REQUIRE(back);
    read.push_back(std::move(*back));
  }
  const auto merged = merge_shards(read);
  REQUIRE(merged);
  CHECK(merged->latencies == dealt.whole.latencies);
  const LatencyPair& sum = merged->latencies.at(Latency::EndToEnd);
  const LatencyPair& whole = dealt.whole.latencies.at(Latency::EndToEnd);
  for (const double percent : {0.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 99.99, 100.0}) {
    CHECK(sum.corrected.percentile(percent) == whole.corrected.percentile(percent));
    CHECK(sum.uncorrected.percentile(percent) == whole.uncorrected.percentile(percent));
  }
  CHECK(sum.corrected.mean() == whole.corrected.mean());
  CHECK(sum.corrected.stddev() == whole.corrected.stddev());

  REQUIRE(merged->series.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(merged->series[i].sent == 2000);
    CHECK(merged->series[i].latencies == dealt.whole.series[i].latencies);
  }
  CHECK(merged->messages().sent == 20'000);
  CHECK(merged->by_qos[1].lost == 6);
  CHECK(merged->throughput.target_per_s == 2000);
  CHECK(merged->sent_per_s() == 2000);
  CHECK(merged->connections.opened == 40);
  CHECK(merged->generator.threads == 2);
  CHECK(merged->generator.memory_bytes == 18'000'000);
  REQUIRE(merged->errors.size() == 1);
  CHECK(merged->errors.front().count == 2);
  CHECK(merged->shard == 0);
  CHECK(merged->notes.empty());
}

TEST_CASE("shards of different runs are not merged") {
  const auto why = [](auto change) {
    std::vector<RunResult> shards = dealt().shards;
    change(shards[1]);
    const auto merged = merge_shards(shards);
    REQUIRE_FALSE(merged);
    CHECK(exit_code(merged.error().kind) == 65);
    return merged.error().message;
  };
  const std::string prefix = "result 2 is no shard of the same run as result 1: ";
  CHECK(why([](RunResult& shard) { shard.scenario[7].value = 500.0; }) ==
        prefix + "'rate' differs");
  CHECK(why([](RunResult& shard) {
          shard.scenario.push_back({"retain", true});
        }) == prefix + "'retain' differs");
  CHECK(why([](RunResult& shard) { shard.shard = 1; }) == prefix + "shard 1 is there twice");
  CHECK(why([](RunResult& shard) { shard.shards = 3; }) == prefix + "the number of shards differs");
  CHECK(why([](RunResult& shard) {
          shard.started_ns += 60'000'000'000;
          shard.finished_ns += 60'000'000'000;
        }) == prefix + "they did not run at the same time");
  CHECK(why([](RunResult& shard) { shard.repeats.resize(2); }) ==
        prefix + "it has repeats; merge single runs");
  CHECK(why([](RunResult& shard) {
          shard = dealt().shards[0];
          shard.shard = 3;
          shard.shards = 3;
        }) == prefix + "the number of shards differs");
  CHECK_FALSE(merge_shards({}));

  // Without --shard nothing numbers them; the same file twice is still noticed.
  const auto twice = merge_shards({sample_result(), sample_result()});
  REQUIRE_FALSE(twice);
  CHECK(twice.error().message == prefix + "it is result 1 once more");

  std::vector<RunResult> threads = dealt().shards;
  threads[1].scenario.back().value = std::int64_t{4};
  CHECK(merge_shards(threads));
}

TEST_CASE("a shard that is missing or worth nothing is told") {
  const Dealt dealt = bench::dealt();
  const auto half = merge_shards({dealt.shards[0]});
  REQUIRE(half);
  REQUIRE(half->notes.size() == 1);
  CHECK(half->notes.front() == "only 1 of 2 shards are in these figures");

  std::vector<RunResult> shards = dealt.shards;
  shards[1].verdict = {Limit::Generator, false, "this program was the limit"};
  const auto merged = merge_shards(shards);
  REQUIRE(merged);
  CHECK_FALSE(merged->verdict.valid);
  CHECK(merged->verdict.reason == "shard 2 of 2: this program was the limit");
}

TEST_CASE("repeats are pooled, and their spread is told") {
  const RunResult pooled = sample_repeats();
  CHECK(pooled.repeats.size() == 5);
  CHECK(pooled.duration_s == 50);
  CHECK(pooled.messages().sent == 50'000);
  CHECK(pooled.sent_per_s() == 1000);
  CHECK(pooled.throughput.target_per_s == 1000);
  CHECK(pooled.latencies.at(Latency::EndToEnd).corrected.count() == 50'000);
  CHECK(pooled.errors.front().count == 5);
  CHECK(pooled.verdict.valid);

  const auto figures = repeat_summary(pooled.repeats);
  const auto found = [&](std::string_view path) {
    const auto figure = std::find_if(figures.begin(), figures.end(),
                                     [&](const RepeatFigure& each) { return each.path == path; });
    REQUIRE(figure != figures.end());
    return figure->interval;
  };
  const MedianInterval p50 = found("e2e.p50");
  CHECK(p50.count == 5);
  CHECK(p50.confidence == Catch::Approx(0.9375));
  CHECK(p50.low < p50.median);
  CHECK(p50.median < p50.high);
  CHECK(p50.median == Catch::Approx(330).epsilon(0.1));
  CHECK(found("messages.lost").median == 3);
  // What no run has measured has no figure.
  CHECK(std::none_of(figures.begin(), figures.end(),
                     [](const RepeatFigure& each) { return each.path.starts_with("pubcomp"); }));

  std::vector<RunResult> runs(3, sample_result());
  runs[1].verdict = {Limit::Generator, false, "this program was the limit"};
  CHECK(pool_repeats(runs).verdict.reason == "run 2 of 3: this program was the limit");
}

}  // namespace mqtk::bench
