// A CapsReport for people and as JSON.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "inspect/caps/report.hpp"
#include "inspect/shared/columns.hpp"
#include "inspect/shared/probe_phases.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::inspect {

namespace {

using Json = nlohmann::ordered_json;

std::string_view mark(Finding finding) {
  switch (finding) {
    case Finding::Yes:
      return "yes";
    case Finding::No:
      return "no";
    case Finding::Limited:
      return "limited";
    case Finding::NotAllowed:
      return "not allowed";
    case Finding::NotTested:
      return "not tested";
    case Finding::Unclear:
      break;
  }
  return "unclear";
}

std::string spaced(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}

Json document(const CapsReport& report) {
  Json out;
  out["schema"] = "mqtt-inspect.caps/1";
  out["target"] = report.target;
  out["ok"] = !report.error;
  if (report.error) {
    out["cause"] = name(report.error->cause);
    out["message"] = report.error->message;
    if (!report.error->hint.empty()) out["hint"] = report.error->hint;
  }
  out["exit_code"] = report.exit_code();
  out["total_ms"] = static_cast<double>(report.total / 1us) / 1000.0;
  if (!report.version.empty()) out["probed_with"] = report.version;
  out["topic_prefix"] = report.prefix;
  out["capabilities"] = Json::array();
  for (const Capability& each : report.capabilities) {
    Json entry;
    entry["name"] = each.name;
    entry["finding"] = name(each.finding);
    if (!each.declared.empty()) entry["declared"] = each.declared;
    entry["observed"] = each.observed;
    out["capabilities"].push_back(std::move(entry));
  }
  out["notes"] = report.notes;
  out["left_behind"] = report.left_behind;
  return out;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

void append_end(std::string& out, const CapsReport& report) {
  for (const std::string& note : report.notes) out += "note: " + terminal_text(note) + "\n";
  for (const std::string& left : report.left_behind) {
    out += "left behind: " + terminal_text(left) + "\n";
  }
  if (!report.error) return;
  out += "cause: " + std::string(name(report.error->cause)) + ": " +
         terminal_text(report.error->message) + "\n";
  if (!report.error->hint.empty()) out += "next: " + terminal_text(report.error->hint) + "\n";
}

bool differs(const Capability& left, const Capability& right) {
  return left.finding != right.finding || left.observed != right.observed ||
         left.declared != right.declared;
}

std::string summary(const Capability* capability) {
  if (capability == nullptr) return "-";
  return std::string(mark(capability->finding)) + ": " + capability->observed +
         (capability->declared.empty() ? "" : " (declared: " + capability->declared + ")");
}

std::vector<std::string> all_names(const CapsReport& left, const CapsReport& right) {
  std::vector<std::string> names;
  for (const CapsReport* report : {&left, &right}) {
    for (const Capability& each : report->capabilities) {
      if (std::ranges::find(names, each.name) == names.end()) names.push_back(each.name);
    }
  }
  return names;
}

bool differs(const CapsReport& left, const CapsReport& right, const std::string& capability) {
  const Capability* const a = left.find(capability);
  const Capability* const b = right.find(capability);
  return a == nullptr || b == nullptr || differs(*a, *b);
}

}  // namespace

std::string_view name(Finding finding) {
  switch (finding) {
    case Finding::NotAllowed:
      return "not_allowed";
    case Finding::NotTested:
      return "not_tested";
    default:
      return mark(finding);
  }
}

const Capability* CapsReport::find(std::string_view wanted) const {
  const auto found = std::ranges::find(capabilities, wanted, &Capability::name);
  return found == capabilities.end() ? nullptr : &*found;
}

int CapsReport::exit_code() const {
  if (error) return mqtk::exit_code(error->kind);
  return left_behind.empty() ? 0 : mqtk::exit_code(ErrorKind::Failed);
}

std::string caps_text(const CapsReport& report) {
  std::string out = terminal_text(report.target) + "\n";
  if (!report.capabilities.empty()) {
    out += left_cell("", 28) + left_cell("finding", 13) + left_cell("declared", 12) + "observed\n";
  }
  for (const Capability& each : report.capabilities) {
    out += left_cell(spaced(each.name), 28) + left_cell(mark(each.finding), 13) +
           left_cell(each.declared.empty() ? "-" : each.declared, 12) +
           terminal_text(each.observed) + "\n";
  }
  append_end(out, report);
  if (!report.error) {
    out += "probed with MQTT " + report.version + " in " + milliseconds(report.total) +
           (report.left_behind.empty() ? "; nothing was left behind\n" : "\n");
  }
  return out;
}

std::string caps_json(const CapsReport& report) {
  return dump(document(report));
}

std::string comparison_text(const CapsReport& left, const CapsReport& right) {
  constexpr std::size_t kColumn = 48;
  std::string out =
      left_cell("", 30) + left_cell(left.target, kColumn) + terminal_text(right.target) + "\n";
  for (const std::string& each : all_names(left, right)) {
    out += (differs(left, right, each) ? "! " : "  ") + left_cell(spaced(each), 28) +
           left_cell(summary(left.find(each)), kColumn) + terminal_text(summary(right.find(each))) +
           "\n";
  }
  append_end(out, left);
  append_end(out, right);
  return out;
}

std::string comparison_json(const CapsReport& left, const CapsReport& right) {
  Json out;
  out["schema"] = "mqtt-inspect.caps-comparison/1";
  out["brokers"] = {document(left), document(right)};
  out["differences"] = Json::array();
  for (const std::string& each : all_names(left, right)) {
    if (differs(left, right, each)) out["differences"].push_back(each);
  }
  return dump(out);
}

}  // namespace mqtk::inspect
