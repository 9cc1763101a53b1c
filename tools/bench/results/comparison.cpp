#include "bench/results/comparison.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace mqtk::bench {

namespace {

/// What belongs to the program and its machine, not to the load.
constexpr std::string_view kAlwaysVarying[] = {"engine", "threads", "source", "sources", "topic"};

/// Few, since each further one makes it harder to prove anything: the first of each line that both
/// have measured.
constexpr std::string_view kUsual[][3] = {
    {"e2e.p50", "puback.p50", "pubcomp.p50"},
    {"e2e.p99", "puback.p99", "pubcomp.p99"},
    {"throughput.received_per_s", "throughput.sent_per_s", "connections.per_s"},
};

std::vector<RunResult> runs_of(const RunResult& result) {
  return result.repeats.empty() ? std::vector<RunResult>{result} : result.repeats;
}

/// The values of all runs; nothing when one of them lacks it.
std::optional<std::vector<double>> values_of(const Metric& metric,
                                             const std::vector<RunResult>& runs) {
  std::vector<double> out;
  for (const RunResult& run : runs) {
    const auto value = metric.value(run);
    if (!value) return std::nullopt;
    out.push_back(*value);
  }
  return out;
}

Unexpected<Error> not_comparable(std::string why, std::string hint = {}) {
  return fail(ErrorKind::BadInput, "not comparable: " + std::move(why), std::move(hint));
}

bool may_vary(std::string_view option, const CompareOptions& options) {
  return std::ranges::find(kAlwaysVarying, option) != std::end(kAlwaysVarying) ||
         std::ranges::find(options.varying, option) != options.varying.end();
}

std::vector<std::string> differing_options(const RunResult& a, const RunResult& b) {
  std::vector<std::string> out;
  for (const Fact& fact : a.scenario) {
    const Fact* same = b.scenario_fact(fact.name);
    if (same == nullptr || *same != fact) out.push_back(fact.name);
  }
  for (const Fact& fact : b.scenario) {
    if (a.scenario_fact(fact.name) == nullptr) out.push_back(fact.name);
  }
  return out;
}

Result<void> check_validity(const RunResult& result, const char* which) {
  const std::vector<RunResult> runs = runs_of(result);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Verdict& verdict = runs[i].verdict;
    const std::string run = runs.size() == 1 ? "" : fmt::format(", run {}", i + 1);
    if (!verdict.valid) return not_comparable(fmt::format("{}{}: {}", which, run, verdict.reason));
    if (runs[i].interrupted) {
      return not_comparable(fmt::format("{}{} was interrupted", which, run));
    }
  }
  return {};
}

Result<std::vector<Metric>> chosen_metrics(const CompareOptions& options,
                                           const std::vector<RunResult>& a,
                                           const std::vector<RunResult>& b) {
  std::vector<Metric> out;
  for (const std::string& path : options.paths) {
    auto metric = find_metric(path);
    if (!metric) return fail(metric.error());
    if (metric->better == Better::Neither) {
      return fail(ErrorKind::Usage,
                  "'" + metric->path + "' is neither better nor worse when larger",
                  "compare figures such as e2e.p99, throughput.received_per_s or messages.lost");
    }
    if (!values_of(*metric, a) || !values_of(*metric, b)) {
      return not_comparable("'" + metric->path + "' was not measured in every run");
    }
    out.push_back(std::move(*metric));
  }
  if (!options.paths.empty()) return out;
  for (const auto& line : kUsual) {
    for (const std::string_view path : line) {
      auto metric = find_metric(path);
      if (!metric) continue;
      const auto left = values_of(*metric, a), right = values_of(*metric, b);
      // A rate of 0 is a figure of another scenario.
      const auto some = [](const auto& values) {
        return values && std::ranges::any_of(*values, [](double value) { return value > 0; });
      };
      if (!some(left) && !some(right)) continue;
      if (!left || !right) continue;
      out.push_back(std::move(*metric));
      break;
    }
  }
  if (out.empty()) return not_comparable("they have measured nothing in common");
  return out;
}

/// Whatever the figure means: larger is worse in what this answers.
std::vector<double> as_badness(std::vector<double> values, Better better) {
  if (better == Better::Higher) {
    for (double& value : values) value = -value;
  }
  return values;
}

FigureComparison compare_figure(const Metric& metric, const std::vector<double>& a,
                                const std::vector<double>& b, double tolerance) {
  FigureComparison out{.metric = metric, .median_a = median(a), .median_b = median(b)};
  out.ratio = ratio_interval(a, b);
  std::vector<double> shifted = a;
  const double factor = metric.better == Better::Higher ? 1 - tolerance : 1 + tolerance;
  for (double& value : shifted) value *= factor;
  out.p_worse =
      compare_ranks(as_badness(shifted, metric.better), as_badness(b, metric.better)).p_larger;
  return out;
}

/// Holm's correction: the smallest p has to pass alpha / n, the next alpha / (n - 1), and so on.
void mark(std::vector<FigureComparison>& figures, const std::vector<double>& p, double alpha,
          Change change) {
  std::vector<std::size_t> order(figures.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::size_t i) { return p[i]; });
  for (std::size_t i = 0; i < order.size(); ++i) {
    constexpr double kSlack = 1 + 1e-9;
    if (p[order[i]] > alpha / static_cast<double>(order.size() - i) * kSlack) return;
    figures[order[i]].change = change;
  }
}

}  // namespace

bool Comparison::worse() const {
  return std::ranges::any_of(
      figures, [](const FigureComparison& figure) { return figure.change == Change::Worse; });
}

Result<Comparison> compare_results(const RunResult& a, const RunResult& b,
                                   const CompareOptions& options) {
  Comparison out;
  out.alpha = options.alpha;
  for (const std::string& option : differing_options(a, b)) {
    if (!may_vary(option, options)) {
      return not_comparable("the option '" + option + "' differs",
                            "if that is what is being compared, add --vary " + option);
    }
    out.differences.push_back(option);
  }
  if (const auto checked = check_validity(a, "the first result"); !checked) {
    return fail(checked.error());
  }
  if (const auto checked = check_validity(b, "the second result"); !checked) {
    return fail(checked.error());
  }
  if (a.host != b.host) out.notes.push_back("the two were measured on different machines");

  const std::vector<RunResult> runs_a = runs_of(a), runs_b = runs_of(b);
  out.runs_a = runs_a.size();
  out.runs_b = runs_b.size();
  const auto metrics = chosen_metrics(options, runs_a, runs_b);
  if (!metrics) return fail(metrics.error());
  const double needed = options.alpha / static_cast<double>(metrics->size());
  if (smallest_p(out.runs_a, out.runs_b) > needed * (1 + 1e-9)) {
    return not_comparable(
        fmt::format("with {} and {} runs no difference in {} figures could be told from chance",
                    out.runs_a, out.runs_b, metrics->size()),
        fmt::format("measure both with --repeat {} or more", values_needed(needed)));
  }

  std::vector<double> p_worse, p_better;
  for (const Metric& metric : *metrics) {
    const auto left = *values_of(metric, runs_a), right = *values_of(metric, runs_b);
    out.figures.push_back(compare_figure(metric, left, right, options.tolerance));
    p_worse.push_back(out.figures.back().p_worse);
    p_better.push_back(
        compare_ranks(as_badness(left, metric.better), as_badness(right, metric.better)).p_smaller);
  }
  mark(out.figures, p_better, options.alpha, Change::Better);
  mark(out.figures, p_worse, options.alpha, Change::Worse);
  return out;
}

}  // namespace mqtk::bench
