#include "bench/results/summary.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/units.hpp"
#include "bench/results/assertion.hpp"
#include "bench/results/figures.hpp"
#include "bench/results/repeats.hpp"
#include "bench/results/text_table.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::bench {

namespace {

std::string fact_text(const Fact& fact) {
  return std::visit(
      [](const auto& value) -> std::string {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, bool>) {
          return value ? "yes" : "no";
        } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
          std::string out;
          for (const std::string& word : value) out += (out.empty() ? "" : ",") + word;
          return terminal_text(out);
        } else if constexpr (std::is_same_v<T, std::string>) {
          return terminal_text(value);
        } else {
          return fmt::format("{}", value);
        }
      },
      fact.value);
}

/// "name value, name value", broken into lines before the 100th column.
std::string wrapped(const Facts& facts, std::size_t indent) {
  std::string out, line(indent, ' ');
  for (const Fact& fact : facts) {
    std::string item = fmt::format("{} {}", terminal_text(fact.name), fact_text(fact));
    if (line.size() > indent && line.size() + 2 + item.size() > 98) {
      out += line + ",\n";
      line.assign(indent, ' ');
    }
    if (line.size() > indent) line += ", ";
    line += item;
  }
  return line.size() > indent ? out + line + "\n" : out;
}

/// A label of 13 columns and a text that is broken into lines before the 100th.
std::string paragraph(std::string_view label, std::string_view text) {
  constexpr std::size_t kIndent = 13, kWidth = 98;
  std::string out, line = fmt::format("{:<{}}", label, kIndent);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if (line.size() > kIndent && line.size() + 1 + word.size() > kWidth) {
      out += line + "\n";
      line.assign(kIndent, ' ');
    }
    if (line.size() > kIndent) line += ' ';
    line += word;
    at = end + 1;
  }
  return out + line + "\n";
}

std::string head(const RunResult& result) {
  Facts options;
  std::string name;
  for (const Fact& fact : result.scenario) {
    if (fact.name == "name" || fact.name == "topology") {
      name += fmt::format("{}{}", name.empty() ? "" : " ", fact_text(fact));
    } else {
      options.push_back(fact);
    }
  }
  std::string out = result.tool + (name.empty() ? "" : " " + name);
  for (const Facts& broker : result.brokers) {
    for (const Fact& fact : broker) {
      if (fact.name == "url") out += fmt::format("  {}", fact_text(fact));
    }
  }
  if (result.interrupted) out += "  (interrupted)";
  return out + "\n" + wrapped(options, 2);
}

std::string connection_line(const RunResult& result) {
  const ConnectionCounts& counts = result.connections;
  if (counts.requested == 0) return {};
  std::string out = fmt::format("connections  {} of {} opened", count_text(counts.opened),
                                count_text(counts.requested));
  if (counts.ramp_s > 0) {
    out += " at " + rate_text(static_cast<double>(counts.opened) / counts.ramp_s);
  }
  out += fmt::format(", {} failed, {} lost, {} reconnected\n", count_text(counts.failed),
                     count_text(counts.lost), count_text(counts.reconnected));
  return out;
}

std::string message_table(const RunResult& result) {
  if (result.messages() == MessageCounts{}) return {};
  TextTable table;
  table.add({"messages", "due", "sent", "acked", "failed", "in flight", "expected", "received",
             "lost", "duplicated", "reordered"});
  for (std::size_t qos = 0; qos < result.by_qos.size(); ++qos) {
    const MessageCounts& counts = result.by_qos[qos];
    if (counts == MessageCounts{}) continue;
    // What cannot be known is no zero.
    const auto when = [](bool known, std::uint64_t count) {
      return known ? count_text(count) : std::string("-");
    };
    const bool answers = qos > 0 && counts.scheduled > 0, deliveries = counts.expected > 0;
    table.add({fmt::format("  QoS {}", qos), when(counts.scheduled > 0, counts.scheduled),
               when(counts.scheduled > 0, counts.sent), when(answers, counts.acked),
               when(counts.scheduled > 0, counts.failed), when(answers, counts.in_flight),
               when(deliveries, counts.expected),
               when(deliveries || counts.received > 0, counts.received),
               when(deliveries, counts.lost), count_text(counts.duplicated),
               count_text(counts.reordered)});
  }
  return table.text();
}

std::string rate_line(const RunResult& result) {
  if (result.duration_s <= 0 || result.messages() == MessageCounts{}) return {};
  const auto per_second = [&](std::uint64_t bytes) {
    return format_size(static_cast<std::uint64_t>(static_cast<double>(bytes) / result.duration_s)) +
           "/s";
  };
  std::string out = "rate         " + rate_text(result.sent_per_s()) + " sent";
  if (result.throughput.target_per_s > 0) {
    out += fmt::format(" ({} asked for)", rate_text(result.throughput.target_per_s));
  }
  out += fmt::format(", {} received, over {}\n", rate_text(result.received_per_s()),
                     format_duration(Duration(static_cast<std::int64_t>(result.duration_s * 1e9))));
  out += "traffic      " + per_second(result.throughput.sent_bytes) + " out, " +
         per_second(result.throughput.received_bytes) + " in";
  return out + "\n";
}

std::vector<std::string> latency_row(std::string title, const Histogram& histogram) {
  const auto at = [&](double percent) {
    return latency_text(static_cast<double>(histogram.percentile(percent)));
  };
  return {std::move(title),
          count_text(histogram.count()),
          latency_text(static_cast<double>(histogram.min())),
          latency_text(histogram.mean()),
          at(50),
          at(90),
          at(99),
          at(99.9),
          latency_text(static_cast<double>(histogram.max()))};
}

std::string latency_table(const RunResult& result) {
  TextTable table;
  bool difference = false;
  table.add({"latency", "count", "min", "mean", "p50", "p90", "p99", "p99.9", "max"});
  const auto add = [&](Latency kind) {
    const auto found = result.latencies.find(kind);
    if (found == result.latencies.end() || found->second.corrected.empty()) return;
    table.add(latency_row("  " + latency_title(kind), found->second.corrected));
    if (found->second.uncorrected.empty()) return;
    difference = true;
    table.add(latency_row("    uncorrected", found->second.uncorrected));
  };
  // What matters most comes first.
  for (const Latency kind :
       {Latency::EndToEnd, Latency::Puback, Latency::Pubcomp, Latency::RoundTrip, Latency::Connect,
        Latency::Tls, Latency::Connack, Latency::Suback}) {
    add(kind);
  }
  if (result.latencies.empty()) return {};
  std::string out = "\n" + table.text();
  if (difference) out += "  (from when a message was due; uncorrected: from when it was sent)\n";
  return out;
}

std::string repeat_table(const RunResult& result) {
  if (result.repeats.empty()) return {};
  TextTable table;
  double confidence = 0;
  for (const RepeatFigure& figure : repeat_summary(result.repeats)) {
    const auto metric = find_metric(figure.path);
    const Unit unit = metric ? metric->unit : Unit::Count;
    confidence = figure.interval.confidence;
    table.add({"  " + figure.path, figure_text(figure.interval.median, unit),
               figure_text(figure.interval.low, unit), "to",
               figure_text(figure.interval.high, unit)});
  }
  return fmt::format("\n{} runs: median, and where it lies at {} confidence\n",
                     result.repeats.size(), percent_text(100 * confidence)) +
         table.text();
}

std::string error_table(const RunResult& result) {
  if (result.errors.empty()) return {};
  std::string out = "\nerrors\n";
  for (const ErrorCount& error : result.errors) {
    out += fmt::format("  {:>7}  {:<24} first after {:.1f} s: {}\n", count_text(error.count),
                       terminal_text(error.cause), error.first_s, terminal_text(error.example));
  }
  return out;
}

std::string generator_lines(const RunResult& result) {
  const GeneratorCost& cost = result.generator;
  std::string out = "\ngenerator    ";
  if (const auto percent = cpu_percent(result)) {
    out += fmt::format("CPU {} of a core", percent_text(*percent));
  }
  if (const auto each = cpu_us_per_message(result)) {
    out += fmt::format(", {} a message", latency_text(*each * 1000));
  }
  if (cost.memory_bytes > 0) out += "; memory " + format_size(cost.memory_bytes);
  if (const auto each = bytes_per_connection(result)) {
    out += fmt::format(", {} a connection", format_size(static_cast<std::uint64_t>(*each)));
  }
  out += "\n";
  const auto line = [](const char* what, const Histogram& histogram) {
    if (histogram.empty()) return std::string();
    return fmt::format("             {} p50 {}, p99 {}, max {}\n", what,
                       latency_text(static_cast<double>(histogram.percentile(50))),
                       latency_text(static_cast<double>(histogram.percentile(99))),
                       latency_text(static_cast<double>(histogram.max())));
  };
  return out + line("sent late by", cost.send_late) + line("timers late by", cost.loop_lag);
}

std::string sys_line(const RunResult& result) {
  if (!result.sys_check) return {};
  const SysCheck& check = *result.sys_check;
  std::string text = fmt::format(
      "the broker counted {} messages received, of which this program wrote {}, and {} sent, of "
      "which this program got {}",
      count_text(check.broker_received), count_text(check.sent), count_text(check.broker_sent),
      count_text(check.received));
  if (check.broker_dropped > 0) {
    text += fmt::format("; it dropped {}", count_text(check.broker_dropped));
  }
  text += check.agrees() ? ": they agree" : ": they differ";
  return paragraph("$SYS", text);
}

}  // namespace

std::string summary_text(const RunResult& result) {
  std::string out = head(result) + "\n";
  out += connection_line(result) + message_table(result) + rate_line(result);
  out += latency_table(result) + repeat_table(result) + error_table(result);
  out += generator_lines(result);
  out += sys_line(result);
  for (const std::string& note : result.notes) out += paragraph("note", terminal_text(note));
  out += paragraph("verdict", terminal_text(result.verdict.reason));
  for (const AssertionOutcome& outcome : result.assertions) {
    out += paragraph("assertion", terminal_text(outcome_text(outcome)));
  }
  return out;
}

}  // namespace mqtk::bench
