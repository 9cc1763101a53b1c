// compare: when a difference is said to be real, and when nothing can be said.
#include "bench/results/comparison.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "unit/bench/sample.hpp"

namespace mqtk::bench {

namespace {

using Catch::Matchers::ContainsSubstring;
using test::golden;
using test::sample_repeats;
using test::sample_result;

/// Runs of which only the rate and the number of lost messages matter.
RunResult rates(const std::vector<std::uint64_t>& sent, std::uint64_t lost = 0) {
  RunResult result;
  for (const std::uint64_t each : sent) {
    RunResult run;
    run.duration_s = 1;
    run.by_qos[0].sent = each;
    run.by_qos[0].lost = lost;
    result.repeats.push_back(run);
  }
  return result;
}

Error refusal(const RunResult& a, const RunResult& b, const CompareOptions& options = {}) {
  const auto comparison = compare_results(a, b, options);
  REQUIRE_FALSE(comparison);
  return comparison.error();
}

Change change(const RunResult& a, const RunResult& b, const CompareOptions& options) {
  const auto comparison = compare_results(a, b, options);
  REQUIRE(comparison);
  REQUIRE(comparison->figures.size() == 1);
  return comparison->figures.front().change;
}

}  // namespace

TEST_CASE("a slower run is worse, the same one is not") {
  const RunResult before = sample_repeats(1), after = sample_repeats(2, 1.6);
  const auto worse = compare_results(before, after, {});
  REQUIRE(worse);
  CHECK(worse->worse());
  REQUIRE(worse->figures.size() == 3);
  CHECK(worse->figures[0].metric.path == "e2e.p50");
  CHECK(worse->figures[0].change == Change::Worse);
  CHECK(worse->figures[0].p_worse == Catch::Approx(1.0 / 252));
  REQUIRE(worse->figures[0].ratio);
  CHECK(worse->figures[0].ratio->low < 1.6);
  CHECK(worse->figures[0].ratio->high > 1.6);
  CHECK(golden("worse.txt", comparison_text(*worse)) == comparison_text(*worse));

  const auto better = compare_results(after, before, {});
  REQUIRE(better);
  CHECK_FALSE(better->worse());
  CHECK(better->figures[0].change == Change::Better);
  CHECK_THAT(comparison_text(*better), ContainsSubstring("no worse; better: e2e.p50 by -"));

  const auto same = compare_results(before, sample_repeats(3), {});
  REQUIRE(same);
  CHECK_FALSE(same->worse());
  CHECK_THAT(comparison_text(*same),
             ContainsSubstring("no worse: no difference was shown; up to "));
}

TEST_CASE("the comparison as JSON") {
  const auto worse = compare_results(sample_repeats(1), sample_repeats(2, 1.6), {});
  REQUIRE(worse);
  const auto json = nlohmann::json::parse(comparison_json(*worse));
  CHECK(json["schema"] == "mqtt-bench.comparison/1");
  CHECK(json["worse"] == true);
  CHECK(json["runs"] == nlohmann::json::array({5, 5}));
  CHECK(json["figures"][0]["path"] == "e2e.p50");
  CHECK(json["figures"][0]["change"] == "worse");
  CHECK(json["figures"][0]["ratio"]["estimate"].get<double>() == Catch::Approx(1.6).epsilon(0.1));
}

TEST_CASE("rates are worse when they fall") {
  const CompareOptions options{.paths = {"rate"}, .varying = {}};
  const RunResult high = rates({1000, 1010, 1020, 1030}), low = rates({900, 910, 920, 930});
  CHECK(change(high, low, options) == Change::Worse);
  CHECK(change(low, high, options) == Change::Better);
  CHECK(change(high, high, options) == Change::Same);
}

TEST_CASE("a tolerance forgives that much and no more") {
  CompareOptions options{.paths = {"rate"}, .varying = {}};
  const RunResult a = rates({1000, 1001, 1002, 1003}), b = rates({970, 971, 972, 973});
  CHECK(change(a, b, options) == Change::Worse);
  options.tolerance = 0.05;
  CHECK(change(a, b, options) == Change::Same);
  options.tolerance = 0.02;
  CHECK(change(a, b, options) == Change::Worse);
}

TEST_CASE("counts that are zero are compared without ratios") {
  const CompareOptions options{.paths = {"messages.lost"}, .varying = {}};
  const RunResult none = rates({1000, 1000, 1000}), some = rates({1000, 1000, 1000}, 4);
  const auto comparison = compare_results(none, some, options);
  REQUIRE(comparison);
  CHECK(comparison->worse());
  CHECK_FALSE(comparison->figures.front().ratio);
  CHECK_THAT(comparison_text(*comparison), ContainsSubstring("worse: messages.lost"));
}

TEST_CASE("too few runs are not comparable, and it is said how many are needed") {
  const Error single = refusal(sample_result(1), sample_result(2));
  CHECK(exit_code(single.kind) == 65);
  CHECK(single.message ==
        "not comparable: with 1 and 1 runs no difference in 3 figures could be told from chance");
  CHECK(single.hint == "measure both with --repeat 4 or more");
  CHECK(refusal(sample_repeats(1, 1, 3), sample_repeats(2, 1, 3)).hint ==
        "measure both with --repeat 4 or more");
  // One figure needs fewer.
  CHECK(compare_results(sample_repeats(1, 1, 3), sample_repeats(2, 1, 3),
                        {.paths = {"e2e.p99"}, .varying = {}}));
  CHECK(compare_results(sample_repeats(1, 1, 4), sample_repeats(2, 1, 4), {}));
}

TEST_CASE("different loads are not comparable unless that is the question") {
  const RunResult a = sample_repeats();
  RunResult b = sample_repeats(2);
  b.scenario[7].value = 2000.0;
  const Error error = refusal(a, b);
  CHECK(exit_code(error.kind) == 65);
  CHECK(error.message == "not comparable: the option 'rate' differs");
  CHECK(error.hint == "if that is what is being compared, add --vary rate");
  const auto allowed = compare_results(a, b, {.paths = {}, .varying = {"rate"}});
  REQUIRE(allowed);
  CHECK(allowed->differences == std::vector<std::string>{"rate"});

  // The engine may always differ: comparing engines is a question people have.
  RunResult paho = sample_repeats(2);
  paho.scenario[13].value = std::string("paho");
  CHECK(compare_results(a, paho, {}));

  RunResult elsewhere = sample_repeats(2);
  elsewhere.host = {{"kernel", "Linux 5.10"}};
  const auto noted = compare_results(a, elsewhere, {});
  REQUIRE(noted);
  CHECK(noted->notes.size() == 1);
}

TEST_CASE("figures that judge the generator are not compared") {
  RunResult late = sample_repeats(2);
  late.repeats[3].verdict = {Limit::Generator, false, "this program was the limit"};
  CHECK(refusal(sample_repeats(), late).message ==
        "not comparable: the second result, run 4: this program was the limit");
  RunResult cut = sample_repeats(2);
  cut.repeats[0].interrupted = true;
  CHECK(refusal(cut, sample_repeats()).message ==
        "not comparable: the first result, run 1 was interrupted");
}

TEST_CASE("figures to compare are named") {
  const RunResult a = sample_repeats();
  CHECK(refusal(a, a, {.paths = {"e2e.p9x"}, .varying = {}}).kind == ErrorKind::Usage);
  CHECK(refusal(a, a, {.paths = {"messages.sent"}, .varying = {}}).kind == ErrorKind::Usage);
  CHECK(refusal(a, a, {.paths = {"tls.p99"}, .varying = {}}).message ==
        "not comparable: 'tls.p99' was not measured in every run");
  RunResult nothing;
  nothing.repeats.resize(5);
  CHECK(refusal(nothing, nothing).message ==
        "not comparable: they have measured nothing in common");
}

}  // namespace mqtk::bench
