// A RetainedReport for people, as JSON, and as message records.
#include <algorithm>

#include "base/units.hpp"
#include "inspect/retained/retained.hpp"
#include "inspect/shared/json_text.hpp"
#include "output/message_record.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::inspect {

namespace {

constexpr std::size_t kShownPayload = 60;

std::string row(const std::string& topic, const RetainedMessage& message) {
  std::string out = terminal_text(topic) + "  " + format_size(message.payload.size()) + "  QoS " +
                    std::to_string(static_cast<int>(message.qos)) + "  " +
                    terminal_text(Bytes(message.payload).substr(0, kShownPayload));
  return out + (message.payload.size() > kShownPayload ? " ...\n" : "\n");
}

std::uint64_t octets(const RetainedMessages& messages) {
  std::uint64_t sum = 0;
  for (const auto& [topic, message] : messages) sum += message.payload.size();
  return sum;
}

std::string count_text(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " retained message" : " retained messages");
}

std::string summary(const RetainedReport& report) {
  std::string out = count_text(report.matching.size());
  const bool restore = report.action == RetainedAction::Restore;
  if (report.action == RetainedAction::List || report.action == RetainedAction::Backup) {
    if (report.found != report.matching.size()) out += " of " + std::to_string(report.found);
    out += ", " + format_size(octets(report.matching));
  } else if (report.dry_run) {
    out += restore ? " would be restored; --yes does it" : " would be cleared; --yes does it";
  } else {
    out = count_text(report.changed) + (restore ? " restored" : " cleared") + ", and verified";
  }
  if (report.live > 0) out += "; " + std::to_string(report.live) + " live messages meanwhile";
  if (!report.backup.empty()) out += "; written to " + terminal_text(report.backup);
  return out + "\n";
}

}  // namespace

std::string retained_text(const RetainedReport& report) {
  if (report.error) return {};
  std::string out;
  if (report.action == RetainedAction::List || report.dry_run) {
    for (const auto& [topic, message] : report.matching) out += row(topic, message);
  }
  out += summary(report);
  for (const std::string& topic : report.remaining) {
    out += (report.action == RetainedAction::Clean ? "still there: " : "not as it should be: ") +
           terminal_text(topic) + "\n";
  }
  return out;
}

std::string retained_json(const RetainedReport& report) {
  JsonText json("mqtt-inspect.retained/1");
  json.add("target", report.target).add("action", name(report.action));
  json.outcome(report.error ? &*report.error : nullptr);
  if (report.error) return json.line();
  json.list("filters", report.filters).add("dry_run", report.dry_run);
  json.add("found", report.found).add("matching", report.matching.size());
  json.add("octets", octets(report.matching)).add("live_messages", report.live);
  const bool changes =
      report.action == RetainedAction::Clean || report.action == RetainedAction::Restore;
  if (changes && !report.dry_run) {
    json.add("changed", report.changed).list("remaining", report.remaining);
  }
  if (!report.backup.empty()) json.add("backup", report.backup);
  if (report.action == RetainedAction::List || report.dry_run) {
    json.begin_list("messages");
    for (const auto& [topic, message] : report.matching) {
      json.begin().add("topic", topic).octets("payload", message.payload);
      json.add("size", message.payload.size()).add("qos", static_cast<int>(message.qos)).end();
    }
  }
  return json.line();
}

std::string retained_records(const RetainedMessages& messages) {
  std::string out;
  RecordFormat format;
  MessageRecord record;
  record.time = std::chrono::system_clock::now();
  record.retain = true;
  for (const auto& [topic, message] : messages) {
    record.topic = topic;
    record.payload = message.payload;
    record.qos = message.qos;
    record.properties = wire::PropertiesView(message.properties);
    format.append(out, record);
  }
  return out;
}

}  // namespace mqtk::inspect
