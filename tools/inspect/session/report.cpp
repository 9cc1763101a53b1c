#include "inspect/session/report.hpp"

#include "inspect/shared/json_text.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::inspect {

int SessionReport::exit_code() const {
  if (!refusal.empty()) return mqtk::exit_code(ErrorKind::Permission);
  const bool good = deleted.value_or(present);
  return good ? 0 : mqtk::exit_code(ErrorKind::Failed);
}

std::string session_text(const SessionReport& report) {
  if (report.error) return {};
  const std::string id = "'" + terminal_text(report.client_id) + "'";
  if (!report.refusal.empty()) {
    return "the broker refuses a connection as " + id + ": " + report.refusal + "\n";
  }
  std::string out = report.present ? "a session of " + id + " is stored" : "no session of " + id;
  if (report.waiting > 0) {
    out += "; at least " + std::to_string(report.waiting) + " messages (" +
           std::to_string(report.octets) + " octets) wait in it, of " +
           std::to_string(report.topics.size()) + " topics:";
    std::size_t shown = 0;
    for (const std::string& topic : report.topics) {
      if (++shown > 10) {
        out += " ...";
        break;
      }
      out += " " + terminal_text(topic);
    }
  } else if (report.present) {
    out += "; no message of QoS 1 or 2 waits in it";
  }
  out += '\n';
  if (report.deleted) out += *report.deleted ? "deleted, and verified\n" : "it is still there\n";
  return out;
}

std::string session_json(const SessionReport& report) {
  JsonText json("mqtt-inspect.session/1");
  json.add("target", report.target).add("client_id", report.client_id);
  json.outcome(report.error ? &*report.error : nullptr);
  if (!report.error) {
    json.add("protocol", report.version).add("refused", !report.refusal.empty());
    if (!report.refusal.empty()) json.add("refusal", report.refusal);
    json.add("present", report.present);
    json.begin("waiting").add("at_least", report.waiting).add("octets", report.octets);
    json.list("topics", {report.topics.begin(), report.topics.end()}).end();
    if (report.deleted) json.add("deleted", *report.deleted);
  }
  return json.line();
}

}  // namespace mqtk::inspect
