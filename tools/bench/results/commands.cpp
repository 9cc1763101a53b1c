// compare, merge and plot: what is done with results afterwards, without a broker.
#include <algorithm>

#include "base/units.hpp"
#include "bench/plot/plot.hpp"
#include "bench/results/comparison.hpp"
#include "bench/results/file.hpp"
#include "bench/results/output.hpp"
#include "bench/results/repeats.hpp"
#include "bench/results/verdict.hpp"
#include "options/subcommand.hpp"

namespace mqtk::bench {

SubcommandEntry compare_subcommand();
SubcommandEntry merge_subcommand();
SubcommandEntry plot_subcommand();

namespace {

constexpr std::string_view kGroup = "Results";

/// What the three share: files in, flags of the report.
class ResultCommand : public Subcommand {
 public:
  const ReportFlags& report_flags() const override { return report_; }

 protected:
  /// The words that are no options.
  Flag files_flag(std::string_view doc) {
    return {.name = "result",
            .value_name = "FILE",
            .kind = FlagKind::List,
            .group = kGroup,
            .doc = doc,
            .completion = Completion::File,
            .common = true,
            .operand = [](std::string_view) { return true; },
            .store = store(paths_)};
  }

  ReportFlags report_;
  std::vector<std::string> paths_;
};

Error usage_of_results(std::string message, std::string hint = {}) {
  return {ErrorKind::Usage, Cause::None, std::move(message), std::move(hint)};
}

/// 0.05 from "5%"; the text of what is wrong.
Store store_share(double& target) {
  return [&target](std::string_view text) -> std::optional<std::string> {
    std::string_view number = text;
    if (number.ends_with('%')) number.remove_suffix(1);
    const bool plain = number.find_first_not_of("0123456789.") == std::string_view::npos;
    const auto percent = plain ? parse_rate(number) : std::nullopt;
    if (!percent || *percent > 100) return std::string(text).append(" is no percentage such as 5%");
    target = *percent / 100;
    return std::nullopt;
  };
}

class CompareCommand final : public ResultCommand {
 public:
  FlagTable flags() override;
  int run(const Launch& launch) override;

 private:
  CompareOptions options_;
  bool json_ = false;
};

FlagTable CompareCommand::flags() {
  FlagTable table;
  table.push_back(files_flag("the two results: first what was before, then what is now"));
  table.push_back({.name = "metric",
                   .value_name = "PATH",
                   .kind = FlagKind::List,
                   .group = kGroup,
                   .doc = "compare this figure, such as e2e.p99; may be repeated",
                   .default_text = "median and p99 of the latency, and the rate",
                   .common = true,
                   .store = store(options_.paths)});
  table.push_back({.name = "vary",
                   .value_name = "OPTION",
                   .kind = FlagKind::List,
                   .group = kGroup,
                   .doc = "this option of the scenario may differ: it is what is being compared",
                   .common = true,
                   .store = store(options_.varying)});
  table.push_back({.name = "tolerance",
                   .value_name = "PERCENT",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "worse by no more than this is not worse",
                   .default_text = "0%",
                   .store = store_share(options_.tolerance)});
  table.push_back({.name = "alpha",
                   .value_name = "PERCENT",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "how often chance alone may be taken for a change",
                   .default_text = "5%",
                   .store = store_share(options_.alpha)});
  table.push_back({.name = "json",
                   .group = kGroup,
                   .doc = "print the comparison as JSON (schema mqtt-bench.comparison/1)",
                   .store = store(json_)});
  return table;
}

int CompareCommand::run(const Launch& launch) {
  if (paths_.size() != 2) {
    return launch.report.finish(
        usage_of_results("compare takes two results, not " + std::to_string(paths_.size()),
                         "mqtt-bench compare BEFORE.json AFTER.json"));
  }
  const auto results = read_results(paths_);
  if (!results) return launch.report.finish(results.error());
  const auto comparison = compare_results((*results)[0], (*results)[1], options_);
  if (!comparison) return launch.report.finish(comparison.error());
  const auto text = json_ ? comparison_json(*comparison) : comparison_text(*comparison);
  if (const auto written = write_text("-", text); !written) {
    return launch.report.finish(written.error());
  }
  return comparison->worse() ? exit_code(ErrorKind::Failed) : 0;
}

class MergeCommand final : public ResultCommand {
 public:
  FlagTable flags() override;
  int run(const Launch& launch) override;

 private:
  OutputPlan plan_;
};

FlagTable MergeCommand::flags() {
  FlagTable table;
  table.push_back(files_flag("the results of all shards of one run"));
  const auto output = [&table](std::string_view name, std::string_view doc,
                               std::optional<std::string>& target) {
    table.push_back({.name = name,
                     .value_name = "FILE",
                     .kind = FlagKind::Value,
                     .group = kGroup,
                     .doc = doc,
                     .completion = Completion::File,
                     .common = true,
                     .store = store(target)});
  };
  output("json", "write the sum as JSON; - is standard output", plan_.json);
  output("csv", "write its series as CSV", plan_.csv);
  output("hlog", "write its latencies as an HdrHistogram log", plan_.hlog);
  return table;
}

int MergeCommand::run(const Launch& launch) {
  if (paths_.empty()) {
    return launch.report.finish(usage_of_results(
        "no results given", "mqtt-bench merge SHARD1.json SHARD2.json --json SUM.json"));
  }
  const auto results = read_results(paths_);
  if (!results) return launch.report.finish(results.error());
  const auto sum = merge_shards(*results);
  if (!sum) return launch.report.finish(sum.error());
  if (const auto written = write_result(*sum, plan_); !written) {
    return launch.report.finish(written.error());
  }
  return exit_code(*sum);
}

class PlotCommand final : public ResultCommand {
 public:
  FlagTable flags() override;
  int run(const Launch& launch) override;

 private:
  PlotOptions options_;
  std::string output_ = "-";
};

FlagTable PlotCommand::flags() {
  FlagTable table;
  table.push_back(files_flag("one result, or up to six to compare"));
  table.push_back({.letter = 'o',
                   .name = "output",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "where the picture (SVG) goes",
                   .default_text = "standard output",
                   .completion = Completion::File,
                   .common = true,
                   .store = store(output_)});
  table.push_back({.name = "label",
                   .value_name = "TEXT",
                   .kind = FlagKind::List,
                   .group = kGroup,
                   .doc = "what a result is called; as often as there are results",
                   .default_text = "the name of its file",
                   .common = true,
                   .store = store(options_.labels)});
  table.push_back({.name = "title",
                   .value_name = "TEXT",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "the heading of the picture",
                   .store = store(options_.title)});
  table.push_back(
      {.name = "latency",
       .value_name = "KIND",
       .kind = FlagKind::Value,
       .group = kGroup,
       .doc = "which latency to show",
       .default_text = "e2e, else the first that was measured",
       .choices = "connect tls connack suback puback pubcomp e2e rtt",
       .store = store_choice(
           options_.latency, "connect tls connack suback puback pubcomp e2e rtt",
           {Latency::Connect, Latency::Tls, Latency::Connack, Latency::Suback, Latency::Puback,
            Latency::Pubcomp, Latency::EndToEnd, Latency::RoundTrip})});
  return table;
}

int PlotCommand::run(const Launch& launch) {
  if (paths_.empty()) {
    return launch.report.finish(
        usage_of_results("no results given", "mqtt-bench plot RESULT.json -o picture.svg"));
  }
  if (!options_.labels.empty() && options_.labels.size() != paths_.size()) {
    return launch.report.finish(
        usage_of_results("--label is given " + std::to_string(options_.labels.size()) +
                         " times for " + std::to_string(paths_.size()) + " results"));
  }
  const auto results = read_results(paths_);
  if (!results) return launch.report.finish(results.error());
  if (options_.labels.empty()) {
    for (const std::string& path : paths_) {
      options_.labels.push_back(path.substr(path.rfind('/') + 1));
    }
  }
  const auto picture = plot_svg(*results, options_);
  if (!picture) return launch.report.finish(picture.error());
  const auto written = write_text(output_, *picture);
  return written ? 0 : launch.report.finish(written.error());
}

}  // namespace

SubcommandEntry compare_subcommand() {
  return {
      .word = "compare",
      .program = {.name = "mqtt-bench compare",
                  .summary = "say whether a second result is worse than a first",
                  .synopsis = "BEFORE.json AFTER.json [OPTION]...",
                  .examples = "mqtt-bench compare before.json after.json\n"
                              "mqtt-bench compare a.json b.json --metric e2e.p99 --tolerance 5%\n"
                              "mqtt-bench compare native.json paho.json --vary engine"},
      .description =
          "Compares the runs of two results that were measured with --repeat, figure by figure, by "
          "an exact rank test, corrected for the number of figures. Shows the medians, the typical "
          "change with the interval that it lies in, and which changes are more than chance. The "
          "exit status is 0 when the second is no worse, 1 when it is worse, and 65 when the two "
          "cannot be compared: other options, too few runs, or figures that do not judge the "
          "broker.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<CompareCommand>(); }};
}

SubcommandEntry merge_subcommand() {
  return {
      .word = "merge",
      .program = {.name = "mqtt-bench merge",
                  .summary = "add up the results of several processes or machines",
                  .synopsis = "SHARD.json... [OPTION]...",
                  .examples = "mqtt-bench merge shard1.json shard2.json --json sum.json"},
      .description =
          "Adds up results that were measured at the same time with --shard. Histograms and counts "
          "add up exactly: the percentiles are those of all samples together. The exit status is "
          "65 "
          "when the files are no shards of one run.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<MergeCommand>(); }};
}

SubcommandEntry plot_subcommand() {
  return {
      .word = "plot",
      .program = {.name = "mqtt-bench plot",
                  .summary = "draw results: latency by percentile, rate and latency over time",
                  .synopsis = "RESULT.json... [OPTION]...",
                  .examples = "mqtt-bench plot run.json -o run.svg\n"
                              "mqtt-bench plot before.json after.json -o change.svg"},
      .description =
          "Draws one result, or several in one picture, as SVG: the latency by percentile with and "
          "without correction for messages that could not be sent in time, the rate and the "
          "latency "
          "over time, and the main figures as a table.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<PlotCommand>(); }};
}

}  // namespace mqtk::bench
