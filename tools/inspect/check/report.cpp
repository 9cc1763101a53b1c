#include "inspect/check/report.hpp"

#include <algorithm>
#include <map>

#include "base/numbers.hpp"
#include "inspect/shared/json_text.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::inspect {

namespace {

int rank(CheckState state) {
  switch (state) {
    case CheckState::Ok:
      return 0;
    case CheckState::Unknown:
      return 1;
    case CheckState::Warning:
      return 2;
    case CheckState::Critical:
      break;
  }
  return 3;
}

/// A '|' ends the text of a plugin, a newline its line.
std::string plain(std::string_view text) {
  std::string out = terminal_text(text);
  std::ranges::replace(out, '|', '/');
  return out;
}

std::string perfdata(const CheckMetric& metric) {
  std::string label = metric.label;
  std::erase_if(label, [](char c) { return c == '\'' || c == '='; });
  if (label.find(' ') != std::string::npos) label = "'" + label + "'";
  std::string out = label + "=" + double_text(metric.value) + metric.unit + ";" +
                    (metric.warn ? metric.warn->text : "") + ";" +
                    (metric.crit ? metric.crit->text : "") + ";";
  if (metric.unit == "s" || metric.unit == "B") out += "0";
  out.erase(out.find_last_not_of(';') + 1);
  return out;
}

std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

std::string sample_line(const std::string& family,
                        std::vector<std::pair<std::string, std::string>> labels, double value,
                        const std::string& target) {
  std::string out = "mqtt_check_" + family + "{target=\"" + escaped(target) + "\"";
  for (const auto& [key, text] : labels) out += "," + key + "=\"" + escaped(text) + "\"";
  return out + "} " + double_text(value) + "\n";
}

std::string head(const std::string& family, const std::string& help) {
  return "# HELP mqtt_check_" + family + " " + help + "\n# TYPE mqtt_check_" + family + " gauge\n";
}

const std::map<std::string, std::string>& helps() {
  static const std::map<std::string, std::string> kHelps = {
      {"phase_seconds", "Time that a phase of connecting took."},
      {"connect_seconds", "Time from the first name lookup to the accepted connection."},
      {"round_trip_seconds", "Time until a message of QoS 1 came back."},
      {"certificate_days_left", "Days until the first certificate of the chain ends."},
      {"topic_age_seconds", "Age of the newest sign of life of a topic."},
      {"topic_value", "A value in the payload of a topic."},
      {"sys", "What the broker says of itself."},
  };
  return kHelps;
}

}  // namespace

std::string_view name(CheckState state) {
  switch (state) {
    case CheckState::Ok:
      return "OK";
    case CheckState::Warning:
      return "WARNING";
    case CheckState::Critical:
      return "CRITICAL";
    case CheckState::Unknown:
      break;
  }
  return "UNKNOWN";
}

CheckState worse(CheckState a, CheckState b) {
  return rank(a) >= rank(b) ? a : b;
}

CheckState CheckMetric::state() const {
  if (crit && crit->alerts(value)) return CheckState::Critical;
  if (warn && warn->alerts(value)) return CheckState::Warning;
  return CheckState::Ok;
}

void CheckReport::add(CheckMetric metric, const std::string& what) {
  const CheckState found = metric.state();
  if (found == CheckState::Ok) {
    if (!what.empty()) good.push_back(what);
  } else {
    const auto& range = found == CheckState::Critical ? metric.crit : metric.warn;
    problem(found, what + " (threshold " + range->text + ")");
  }
  metrics.push_back(std::move(metric));
}

void CheckReport::problem(CheckState how, std::string text) {
  state = worse(state, how);
  problems.push_back(std::move(text));
}

std::string check_line(const CheckReport& report) {
  std::string out = "MQTT " + std::string(name(report.state)) + " - ";
  bool first = true;
  for (const auto* texts : {&report.problems, &report.good}) {
    for (const std::string& text : *texts) {
      if (!first) out += ", ";
      out += plain(text);
      first = false;
    }
  }
  if (!report.metrics.empty()) out += " |";
  for (const CheckMetric& metric : report.metrics) out += " " + perfdata(metric);
  return out + "\n";
}

std::string check_prometheus(const CheckReport& report, double time) {
  std::string out = head("status", "0 ok, 1 warning, 2 critical, 3 unknown.") +
                    sample_line("status", {}, static_cast<double>(report.state), report.target) +
                    head("up", "1 when the broker accepted the connection.") +
                    sample_line("up", {}, report.error ? 0 : 1, report.target);
  std::map<std::string, std::string> families;
  for (const CheckMetric& metric : report.metrics) {
    families[metric.family] +=
        sample_line(metric.family, metric.labels, metric.value, report.target);
  }
  for (const auto& [family, samples] : families) {
    out += head(family, helps().at(family)) + samples;
  }
  return out + head("timestamp_seconds", "When this was found out.") +
         sample_line("timestamp_seconds", {}, time, report.target);
}

std::string check_json(const CheckReport& report) {
  JsonText json("mqtt-inspect.check/1");
  json.add("target", report.target).add("state", name(report.state));
  json.add("exit_code", static_cast<int>(report.state));
  json.outcome(report.error ? &*report.error : nullptr);
  json.list("problems", report.problems).list("good", report.good).begin_list("metrics");
  for (const CheckMetric& metric : report.metrics) {
    json.begin().add("name", metric.label).add("value", metric.value);
    if (!metric.unit.empty()) json.add("unit", metric.unit);
    if (metric.warn) json.add("warn", metric.warn->text);
    if (metric.crit) json.add("crit", metric.crit->text);
    json.add("state", name(metric.state())).end();
  }
  return json.line();
}

}  // namespace mqtk::inspect
