// How results look: text, CSV, log, JSON and pictures against files that a person has looked at.
#include <algorithm>

#include "bench/plot/axis.hpp"
#include "bench/plot/plot.hpp"
#include "bench/results/comparison.hpp"
#include "bench/results/live_line.hpp"
#include "bench/results/series_files.hpp"
#include "bench/results/summary.hpp"
#include "bench/results/text_table.hpp"
#include "stats/histogram_codec.hpp"
#include "support/catch.hpp"
#include "unit/bench/sample.hpp"

namespace mqtk::bench {

namespace {

using Catch::Matchers::ContainsSubstring;
using test::golden;
using test::sample_repeats;
using test::sample_result;

/// A result with all that a report can have.
RunResult full_result() {
  RunResult result = sample_result();
  result.assertions = {{"e2e.p99<20ms", 914358.271, false}, {"rate>=1000/s", 1000, true}};
  result.notes = {"payloads of 20 octets hold no time stamp"};
  return result;
}

void check_golden(const std::string& name, const std::string& text) {
  INFO("set MQTK_WRITE_GOLDEN=1 to write tests/unit/tools/golden anew, then look at the change");
  CHECK(golden(name, text) == text);
}

std::string plot(const std::vector<RunResult>& results, std::vector<std::string> labels) {
  const auto svg = plot_svg(results, {.latency = {}, .labels = std::move(labels), .title = {}});
  REQUIRE(svg);
  return *svg;
}

std::size_t widest_line(const std::string& text) {
  std::size_t out = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out = std::max(out, end - at);
    at = end + 1;
  }
  return out;
}

}  // namespace

TEST_CASE("the summary of a run") {
  check_golden("run.txt", summary_text(full_result()));
}

TEST_CASE("the summary of repeats") {
  check_golden("repeats.txt", summary_text(sample_repeats()));
}

TEST_CASE("the summary of a run without messages, and of nothing") {
  RunResult result;
  result.tool = "mqtt-bench 0.4.0";
  CHECK(summary_text(result) == "mqtt-bench 0.4.0\n\n\ngenerator    \nverdict      \n");
  result.scenario = {{"name", "connect"}, {"clients", std::int64_t{1000}}};
  result.duration_s = 2;
  result.connections = {.requested = 1000, .opened = 998, .failed = 2, .ramp_s = 0.25};
  result.latencies[Latency::Connack].corrected.record_n(200'000, 998);
  result.errors = {{"tcp.reset", 2, 0.1, "the broker\x1b[31m closed"}};
  const std::string text = summary_text(result);
  CHECK_THAT(text, ContainsSubstring("connections  998 of 1,000 opened at 3,992/s, 2 failed"));
  CHECK_THAT(text, ContainsSubstring("CONNACK"));
  CHECK_THAT(text, !ContainsSubstring("messages"));
  CHECK_THAT(text, ContainsSubstring("tcp.reset"));
  // Text of a broker does not reach the terminal raw.
  CHECK_THAT(text, !ContainsSubstring("\x1b"));
}

TEST_CASE("summaries fit a screen") {
  CHECK(widest_line(summary_text(sample_repeats())) <= 110);
}

TEST_CASE("the series as CSV") {
  check_golden("run.csv", series_csv(sample_result()));
  const std::string none = series_csv(RunResult());
  CHECK(std::count(none.begin(), none.end(), '\n') == 1);
}

TEST_CASE("the log has every sample exactly once") {
  RunResult result = sample_result();
  const std::string log = latency_log(result);
  check_golden("run.hlog", log);
  const auto read_back = [](const std::string& text, const std::string& tag) {
    Histogram sum;
    std::size_t lines = 0;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      const std::string line = text.substr(at, end - at);
      at = end + 1;
      if (!line.starts_with("Tag=" + tag + ",")) continue;
      const auto histogram = parse_histogram(line.substr(line.rfind(',') + 1));
      REQUIRE(histogram);
      REQUIRE(sum.add(*histogram));
      ++lines;
    }
    return std::pair(sum, lines);
  };
  const auto [e2e, intervals] = read_back(log, "e2e");
  CHECK(e2e == result.latencies.at(Latency::EndToEnd).corrected);
  CHECK(intervals == 10);
  const auto [uncorrected, whole] = read_back(log, "e2e.uncorrected");
  CHECK(uncorrected == result.latencies.at(Latency::EndToEnd).uncorrected);
  CHECK(whole == 1);
  CHECK(read_back(log, "connack").second == 1);

  // Intervals that leave something out are not shown in its place.
  result.series.pop_back();
  const auto [all, lines] = read_back(latency_log(result), "e2e");
  CHECK(all == result.latencies.at(Latency::EndToEnd).corrected);
  CHECK(lines == 1);
}

TEST_CASE("the JSON of a run") {
  RunResult result = full_result();
  result.series.resize(2);
  check_golden("run.json", result_json(result));
}

TEST_CASE("pictures") {
  check_golden("run.svg", plot({sample_result()}, {"sample"}));
  check_golden("comparison.svg",
               plot({sample_result(1), sample_result(2, 1.6)}, {"before.json", "after.json"}));
}

TEST_CASE("pictures of what there is") {
  RunResult bare;
  bare.latencies[Latency::Connack].corrected.record(1'000'000);
  const std::string svg = plot({bare}, {"<one & only>"});
  CHECK_THAT(svg, ContainsSubstring("Latency by percentile: CONNACK"));
  CHECK_THAT(svg, ContainsSubstring("&lt;one &amp; only&gt;"));
  CHECK_THAT(svg, !ContainsSubstring("over time"));
  CHECK_THAT(svg, !ContainsSubstring("nan"));
  CHECK_THAT(svg, !ContainsSubstring("inf"));

  CHECK_FALSE(plot_svg({}, {}));
  CHECK_FALSE(plot_svg(std::vector<RunResult>(7, bare), {}));
  CHECK_FALSE(plot_svg({RunResult()}, {}));
  const auto missing = plot_svg({bare}, {.latency = Latency::Tls, .labels = {}, .title = {}});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message == "none of the results has measured tls");
  const auto second = plot_svg({bare, RunResult()}, {});
  REQUIRE_FALSE(second);
  CHECK(second.error().message == "result 2 has not measured connack");
}

TEST_CASE("axes have round ends and room for every value") {
  for (const double most : {1.0, 7.0, 99.0, 100.0, 1000.0, 123'456.0, 3e7}) {
    const Axis axis = linear_axis(most, 0, 100);
    CAPTURE(most);
    CHECK(axis.high >= most);
    CHECK(axis.high <= most * 1.7);
    const auto ticks = rate_ticks(axis);
    CHECK(ticks.size() >= 3);
    CHECK(ticks.size() <= 7);
    CHECK(ticks.front().label == "0");
  }
  for (const double least : {1000.0, 35'000.0, 310'000.0}) {
    for (const double most : {least, least * 1.5, least * 40, 3.6e12}) {
      const Axis axis = latency_axis(least, most, 300, 0);
      CAPTURE(least, most);
      CHECK(axis.low <= least);
      CHECK(axis.low >= least / 3);
      CHECK(axis.high >= most);
      CHECK(axis.high <= most * 3);
      CHECK(axis.place(least) > axis.place(axis.high));
      std::size_t labels = 0;
      for (const Tick& tick : latency_ticks(axis)) labels += tick.label.empty() ? 0U : 1U;
      CHECK(labels >= 2);
      CHECK(labels <= 12);
    }
  }
  const Axis nine = percentile_axis(10'000, 0, 400);
  CHECK(nine.place(nines(0.9)) == Catch::Approx(100));
  CHECK(nine.place(nines(0.999)) == Catch::Approx(300));
  CHECK(nine.place(nines(1)) == Catch::Approx(400));
  CHECK(percentile_ticks(nine).back().label == "99.99 %");
}

TEST_CASE("columns line up") {
  TextTable table;
  CHECK(table.text().empty());
  table.add({"name", "a", "long title"});
  table.add({"x", "1,000"});
  table.add({"longer", "2", "3"});
  CHECK(table.text(1) ==
        " name        a  long title\n"
        " x       1,000\n"
        " longer      2           3\n");
}

TEST_CASE("the live line shows what matters and fits") {
  LiveLine line(false);
  Sample sample{.time_s = 3, .interval_s = 0.5, .phase = "ramp", .connections = 1200};
  CHECK(line.text(sample, {.elapsed_s = 0.5, .connections_wanted = 5000}, 80) ==
        "ramp 0 s  1,200 of 5,000 connected");

  sample.phase = "measure";
  sample.sent = 500;
  sample.received = 490;
  sample.latencies[Latency::EndToEnd].record_n(312'000, 490);
  const LiveStatus status{.elapsed_s = 3.2, .progress = 0.426, .lost = 2, .errors = 1};
  const std::string whole = line.text(sample, status, 200);
  CHECK_THAT(whole, ContainsSubstring(
                        "measure 3 s 42%  1,200 connected  sent 1,000/s  received 980/s  e2e p50 "
                        "312 us p99 312 us max 312 us  lost 2  errors 1  _#"));
  for (std::size_t columns = 0; columns < 130; ++columns) {
    const std::string text = line.text(sample, status, columns);
    CAPTURE(columns);
    CHECK(text.size() + 1 <= std::max<std::size_t>(columns, 1));
    if (columns > 20) CHECK_THAT(text, ContainsSubstring("measure 3 s 42%"));
    if (columns > 60) CHECK_THAT(text, ContainsSubstring("sent 1,000/s  received 980/s"));
  }
}

TEST_CASE("the sparkline follows the rate") {
  LiveLine line(true);
  Sample sample{.time_s = 1, .interval_s = 1, .phase = "measure"};
  std::string text;
  for (int i = 1; i <= 8; ++i) {
    sample.sent = static_cast<std::uint64_t>(i * 1000 / 8);
    text = line.text(sample, {}, 200);
  }
  CHECK(text.ends_with("▂▃▄▅▅▆▇█"));
  for (int i = 0; i < 30; ++i) text = line.text(sample, {}, 200);
  CHECK(text.ends_with("  ████████████████████"));
  // Block characters count as one column each.
  CHECK_THAT(line.text(sample, {}, 60), ContainsSubstring("█"));
}

}  // namespace mqtk::bench
