// What mqtt-inspect topics found, for people and as JSON.
#include <algorithm>
#include <array>
#include <cstdio>

#include "base/units.hpp"
#include "inspect/shared/columns.hpp"
#include "inspect/shared/json_text.hpp"
#include "inspect/shared/payload_view.hpp"
#include "inspect/topics/topics.hpp"
#include "output/terminal_text.hpp"
#include "payload/decoder.hpp"

namespace mqtk::inspect {

namespace {

constexpr std::size_t kSampleLength = 60;

double per_second(std::uint64_t count, Duration time) {
  const std::chrono::duration<double> seconds = time;
  return seconds.count() > 0 ? static_cast<double>(count) / seconds.count() : 0.0;
}

std::string live_rate(double rate) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), rate >= 100 || rate == 0.0 ? "%.0f" : "%.2f", rate);
  return text.data();
}

std::string time_text(Duration time) {
  return format_duration(time > 10s ? time / 1s * 1s : time / 1ms * 1ms);
}

std::string row(const TopicEntry& entry, const TopicsReport& report) {
  std::string out =
      right_cell(std::to_string(entry.count), 9) +
      right_cell(live_rate(per_second(entry.live(), report.observed)), 9) +
      right_cell(format_size(entry.bytes), 10) +
      right_cell(std::to_string(entry.least) + "/" +
                     std::to_string(entry.bytes / std::max<std::uint64_t>(entry.count, 1)) + "/" +
                     std::to_string(entry.most),
                 14) +
      right_cell(std::to_string(entry.qos), 3) + (entry.retained > 0 ? "r" : "-") +
      (entry.stale(report.now) ? "s " : "- ");
  const Duration cadence = entry.cadence();
  out += right_cell(cadence > 0ns ? time_text(cadence) : "-", 8);
  out += right_cell(entry.live() > 0 ? time_text(report.now - entry.first) : "-", 8);
  out += right_cell(entry.live() > 0 ? time_text(report.now - entry.last) : "-", 8);
  return out + terminal_text(entry.topic) + "  " +
         payload_view({entry.topic, entry.payload, entry.size, {}}, kSampleLength) + "\n";
}

void append_entry(JsonText& json, const TopicEntry& entry, const TopicsReport& report) {
  json.begin().add("topic", entry.topic).add("count", entry.count);
  json.add("rate_per_s", per_second(entry.live(), report.observed)).add("bytes", entry.bytes);
  json.begin("size").add("min", entry.least).add("mean", entry.bytes / entry.count);
  json.add("max", entry.most).add("last", entry.size).end();
  json.add("qos", entry.qos).add("retained", entry.retained > 0);
  if (entry.live() > 0) {
    json.milliseconds("first_ms_ago", report.now - entry.first);
    json.milliseconds("last_ms_ago", report.now - entry.last);
  }
  if (entry.cadence() > 0ns) json.milliseconds("cadence_ms", entry.cadence());
  json.add("stale", entry.stale(report.now)).octets("payload", entry.payload);
  if (entry.size > entry.payload.size()) json.add("payload_cut", true);
  std::string storage;
  const DecodedPayload decoded =
      decode_payload(Decoder::Auto, {entry.topic, entry.payload, {}}, storage);
  json.add("decoder", name(decoded.decoder));
  if (!decoded.json.empty()) json.raw("decoded", decoded.json);
  json.end();
}

}  // namespace

std::string topics_text(const TopicsReport& report, const TopicStore& store,
                        const TopicsOptions& options) {
  std::string out;
  if (options.depth > 0) {
    for (const Subtree& subtree : store.subtrees(options.depth)) {
      const auto level = std::ranges::count(subtree.prefix, '/');
      const auto name = subtree.prefix.substr(subtree.prefix.rfind('/') + 1);
      out += right_cell(std::to_string(subtree.messages), 9) +
             right_cell(format_size(subtree.bytes), 10) +
             right_cell(std::to_string(subtree.topics), 8) +
             std::string(static_cast<std::size_t>(level) * 2, ' ') +
             (name.empty() ? "(empty)" : terminal_text(name)) + "\n";
    }
    if (!out.empty())
      out = right_cell("messages", 9) + right_cell("bytes", 10) + right_cell("topics", 8) +
            "tree\n" + out;
  }
  const auto entries = store.sorted(options.order, options.shown, report.now);
  if (!entries.empty()) {
    out += right_cell("messages", 9) + right_cell("per s", 9) + right_cell("bytes", 10) +
           right_cell("min/mean/max", 14) + right_cell("QoS", 3) + "   " + right_cell("every", 8) +
           right_cell("first", 8) + right_cell("last", 8) + "topic and last payload\n";
  }
  for (const TopicEntry* entry : entries) out += row(*entry, report);
  if (entries.size() < store.size()) {
    out += "and " + std::to_string(store.size() - entries.size()) + " more topics\n";
  }
  const TopicTotals& totals = store.totals();
  out += std::to_string(totals.messages) + " messages, " + format_size(totals.bytes) + ", " +
         std::to_string(store.size()) + " topics in " + time_text(report.observed) + ", " +
         live_rate(per_second(totals.messages - totals.retained, report.observed)) +
         " live messages a second\n";
  if (totals.untracked_messages > 0) {
    out += std::to_string(totals.untracked_messages) + " of them (" +
           format_size(totals.untracked_bytes) +
           ") belong to further topics, which are counted but not tracked: --max-topics\n";
  }
  return out;
}

std::string topics_json(const TopicsReport& report, const TopicStore& store,
                        const TopicsOptions& options) {
  JsonText json("mqtt-inspect.topics/1");
  json.add("target", report.target).list("filters", report.filters);
  json.outcome(report.error ? &*report.error : nullptr);
  json.milliseconds("observed_ms", report.observed);
  const TopicTotals& totals = store.totals();
  json.add("messages", totals.messages).add("bytes", totals.bytes);
  json.add("retained_messages", totals.retained).add("duplicates", totals.duplicates);
  json.add("rate_per_s", per_second(totals.messages - totals.retained, report.observed));
  json.add("topics_tracked", store.size());
  json.add("untracked_messages", totals.untracked_messages);
  json.add("untracked_bytes", totals.untracked_bytes);
  if (options.depth > 0) {
    json.begin_list("tree");
    for (const Subtree& subtree : store.subtrees(options.depth)) {
      json.begin().add("prefix", subtree.prefix).add("topics", subtree.topics);
      json.add("messages", subtree.messages).add("bytes", subtree.bytes).end();
    }
    json.end();
  }
  json.begin_list("topics");
  for (const TopicEntry* entry : store.sorted(options.order, options.shown, report.now)) {
    append_entry(json, *entry, report);
  }
  return json.line();
}

}  // namespace mqtk::inspect
