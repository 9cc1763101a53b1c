// mqtt-bench compare, merge and plot on files of results: what they print and how they end.
#include <nlohmann/json.hpp>

#include "bench/results/run_result.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/temp_dir.hpp"
#include "unit/bench/sample.hpp"

using namespace mqtk;
using namespace mqtk::test;
using bench::result_json;
using bench::RunResult;
using bench::test::sample_repeats;
using bench::test::sample_result;
using Catch::Matchers::ContainsSubstring;

namespace {

ProcessResult bench_program(std::vector<std::string> words, std::string input = {}) {
  words.insert(words.begin(), built_program("mqtt-bench"));
  ProcessOptions options;
  options.argv = std::move(words);
  if (!input.empty()) options.stdin_text = std::move(input);
  return run(std::move(options));
}

struct Files {
  TempDir folder;
  std::string before = folder.write("before.json", result_json(sample_repeats(1)));
  std::string slower = folder.write("slower.json", result_json(sample_repeats(2, 1.6)));
  std::string again = folder.write("again.json", result_json(sample_repeats(3)));
};

}  // namespace

TEST_CASE("compare ends with 0, 1 or 65, and says why") {
  const Files files;
  const ProcessResult worse = bench_program({"compare", files.before, files.slower});
  INFO(worse.text());
  CHECK(worse.exit_code == 1);
  CHECK_THAT(worse.out, ContainsSubstring("worse: e2e.p50 by +5"));
  CHECK(worse.err.empty());

  const ProcessResult same = bench_program({"compare", files.before, files.again});
  INFO(same.text());
  CHECK(same.exit_code == 0);
  CHECK_THAT(same.out, ContainsSubstring("no worse"));

  const ProcessResult forgiven =
      bench_program({"compare", files.before, files.slower, "--tolerance", "80%"});
  INFO(forgiven.text());
  CHECK(forgiven.exit_code == 0);

  const std::string single = files.folder.write("single.json", result_json(sample_result()));
  const ProcessResult few = bench_program({"compare", single, files.before});
  INFO(few.text());
  CHECK(few.exit_code == 65);
  CHECK_THAT(few.err, ContainsSubstring("not comparable: with 1 and 5 runs"));
  CHECK_THAT(few.err, ContainsSubstring("hint: measure both with --repeat 4 or more"));

  RunResult other = sample_repeats(2);
  other.scenario[7].value = 2000.0;
  const std::string rate = files.folder.write("rate.json", result_json(other));
  CHECK(bench_program({"compare", files.before, rate}).exit_code == 65);
  CHECK(bench_program({"compare", files.before, rate, "--vary", "rate"}).exit_code == 0);
}

TEST_CASE("compare in JSON, and from standard input") {
  const Files files;
  const ProcessResult result = bench_program(
      {"compare", files.before, "-", "--json", "--metric", "e2e.p50"}, read_file(files.slower));
  INFO(result.text());
  CHECK(result.exit_code == 1);
  const auto json = nlohmann::json::parse(result.out);
  CHECK(json["schema"] == "mqtt-bench.comparison/1");
  CHECK(json["figures"].size() == 1);
}

TEST_CASE("mistakes in what is compared") {
  const Files files;
  const auto ends = [](std::vector<std::string> words, int code, const std::string& text) {
    const ProcessResult result = bench_program(std::move(words));
    INFO(result.text());
    CHECK(result.exit_code == code);
    CHECK_THAT(result.err, ContainsSubstring(text));
  };
  ends({"compare", files.before}, 64, "compare takes two results, not 1");
  ends({"compare", files.before, files.again, "--metric", "e2e.p9x"}, 64, "did you mean e2e.p90?");
  ends({"compare", files.before, files.again, "--tolerance", "much"}, 64, "is no percentage");
  ends({"compare", files.before, files.folder.file("none.json")}, 66, "none.json");
  const std::string text = files.folder.write("text.json", "hello");
  ends({"compare", files.before, text}, 65, "text.json: it is not JSON");
  ends({"plot"}, 64, "no results given");
  ends({"plot", files.before, "--label", "a", "--label", "b"}, 64, "given 2 times for 1 result");
  ends({"merge"}, 64, "no results given");
  ends({"merge", files.before, files.again}, 65, "no shard of the same run");
}

TEST_CASE("merge writes the sum in every form") {
  const TempDir folder;
  RunResult first = sample_result(1), second = sample_result(1, 2);
  first.shard = 1;
  second.shard = 2;
  first.shards = second.shards = 2;
  const std::string a = folder.write("1.json", result_json(first));
  const std::string b = folder.write("2.json", result_json(second));
  const ProcessResult result =
      bench_program({"merge", a, b, "--json", folder.file("sum.json"), "--csv",
                     folder.file("sum.csv"), "--hlog", folder.file("sum.hlog")});
  INFO(result.text());
  CHECK(result.exit_code == 1);  // as each of them: some messages were not delivered
  CHECK_THAT(result.out, ContainsSubstring("QoS 1   20,000"));
  const auto sum = bench::parse_result(read_file(folder.file("sum.json")));
  REQUIRE(sum);
  Histogram expected = first.latencies.at(bench::Latency::EndToEnd).corrected;
  REQUIRE(expected.add(second.latencies.at(bench::Latency::EndToEnd).corrected));
  CHECK(sum->latencies.at(bench::Latency::EndToEnd).corrected == expected);
  CHECK_THAT(read_file(folder.file("sum.csv")), ContainsSubstring("e2e_p99_us"));
  CHECK_THAT(read_file(folder.file("sum.hlog")), ContainsSubstring("Tag=e2e,"));

  const ProcessResult json = bench_program({"merge", a, b, "--json", "-"});
  CHECK(bench::parse_result(json.out));
}

TEST_CASE("plot writes a picture") {
  const TempDir folder;
  const std::string a = folder.write("first.json", result_json(sample_result(1)));
  const std::string b = folder.write("second.json", result_json(sample_result(2, 2)));
  const std::string picture = folder.file("out.svg");
  const ProcessResult result = bench_program({"plot", a, b, "-o", picture, "--title", "A & B"});
  INFO(result.text());
  CHECK(result.exit_code == 0);
  CHECK(result.out.empty());
  const std::string svg = read_file(picture);
  CHECK(svg.starts_with("<svg "));
  CHECK_THAT(svg, ContainsSubstring("first.json"));
  CHECK_THAT(svg, ContainsSubstring("second.json"));
  CHECK_THAT(svg, ContainsSubstring("A &amp; B"));
  CHECK(bench_program({"plot", a, b, "-o", "-", "--title", "A & B"}).out == svg);
  CHECK(bench_program({"plot", a, "--latency", "tls"}).exit_code == 65);
}
