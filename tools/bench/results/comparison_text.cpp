// A Comparison for people and as JSON.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bench/results/comparison.hpp"
#include "bench/results/figures.hpp"
#include "bench/results/text_table.hpp"

namespace mqtk::bench {

namespace {

using Json = nlohmann::ordered_json;

std::string_view name(Change change) {
  switch (change) {
    case Change::Better:
      return "better";
    case Change::Worse:
      return "worse";
    case Change::Same:
      break;
  }
  return "same";
}

/// 1.12 -> "+12.0 %".
std::string change_text(double ratio) {
  const double percent = (ratio - 1) * 100;
  const double shown = std::round(percent * 10) / 10;
  return fmt::format("{:+.1f} %", shown == 0 ? 0.0 : shown);
}

std::string difference_text(const FigureComparison& figure) {
  if (figure.ratio) return change_text(figure.ratio->ratio);
  if (figure.median_a > 0) return change_text(figure.median_b / figure.median_a);
  return "-";
}

std::string listed(const Comparison& comparison, Change change) {
  std::string out;
  for (const FigureComparison& figure : comparison.figures) {
    if (figure.change != change) continue;
    out += fmt::format("{}{} by {}", out.empty() ? "" : ", ", figure.metric.path,
                       difference_text(figure));
  }
  return out;
}

/// The largest worsening that the data do not exclude.
double unseen(const Comparison& comparison) {
  double out = 0;
  for (const FigureComparison& figure : comparison.figures) {
    if (!figure.ratio) continue;
    const bool higher = figure.metric.better == Better::Higher;
    out = std::max(out, higher ? 1 - figure.ratio->low : figure.ratio->high - 1);
  }
  return out;
}

std::string conclusion(const Comparison& comparison) {
  const std::string worse = listed(comparison, Change::Worse);
  const std::string better = listed(comparison, Change::Better);
  const std::string chance = fmt::format("chance alone says so in less than {} of comparisons",
                                         percent_text(100 * comparison.alpha));
  if (!worse.empty()) return "worse: " + worse + " (" + chance + ")";
  if (!better.empty()) return "no worse; better: " + better + " (" + chance + ")";
  return fmt::format("no worse: no difference was shown; up to {} would have been overlooked",
                     percent_text(std::ceil(100 * unseen(comparison))));
}

}  // namespace

std::string comparison_text(const Comparison& comparison) {
  TextTable table;
  table.add({"median of runs", fmt::format("A ({})", comparison.runs_a),
             fmt::format("B ({})", comparison.runs_b), "change", "between", "and", "confidence",
             "p worse", ""});
  for (const FigureComparison& figure : comparison.figures) {
    std::vector<std::string> row = {
        "  " + figure.metric.path, figure_text(figure.median_a, figure.metric.unit),
        figure_text(figure.median_b, figure.metric.unit), difference_text(figure)};
    if (figure.ratio) {
      row.push_back(change_text(figure.ratio->low));
      row.push_back(change_text(figure.ratio->high));
      row.push_back(percent_text(100 * figure.ratio->confidence));
    } else {
      row.insert(row.end(), {"-", "-", "-"});
    }
    row.push_back(fmt::format("{:.4f}", figure.p_worse));
    row.push_back(figure.change == Change::Same ? "" : std::string(name(figure.change)));
    table.add(std::move(row));
  }
  std::string out = table.text();
  for (const std::string& option : comparison.differences) out += "varied       " + option + "\n";
  for (const std::string& note : comparison.notes) out += "note         " + note + "\n";
  return out + conclusion(comparison) + "\n";
}

std::string comparison_json(const Comparison& comparison) {
  Json out;
  out["schema"] = "mqtt-bench.comparison/1";
  out["worse"] = comparison.worse();
  out["conclusion"] = conclusion(comparison);
  out["runs"] = {comparison.runs_a, comparison.runs_b};
  out["alpha"] = comparison.alpha;
  out["varied"] = comparison.differences;
  out["notes"] = comparison.notes;
  out["figures"] = Json::array();
  for (const FigureComparison& figure : comparison.figures) {
    Json entry;
    entry["path"] = figure.metric.path;
    entry["median_a"] = figure.median_a;
    entry["median_b"] = figure.median_b;
    if (figure.ratio) {
      entry["ratio"] = {{"estimate", figure.ratio->ratio},
                        {"low", figure.ratio->low},
                        {"high", figure.ratio->high},
                        {"confidence", figure.ratio->confidence}};
    }
    entry["p_worse"] = figure.p_worse;
    entry["change"] = name(figure.change);
    out["figures"].push_back(std::move(entry));
  }
  return out.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace mqtk::bench
