#include "inspect/sys/report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/numbers.hpp"
#include "inspect/shared/json_text.hpp"
#include "output/terminal_text.hpp"
#include "wire/topic.hpp"

namespace mqtk::inspect {

namespace {

// mosquitto and what follows it, then EMQX, then VerneMQ.
constexpr SysName kNames[] = {
    {"version", "", SysKind::Text, "$SYS/broker/version|$SYS/brokers/+/version"},
    {"uptime", "seconds", SysKind::Gauge, "$SYS/broker/uptime|$SYS/brokers/+/uptime|$SYS/+/uptime"},
    {"clients_connected", "clients", SysKind::Gauge,
     "$SYS/broker/clients/connected|$SYS/brokers/+/stats/connections/count|"
     "$SYS/brokers/+/stats/live_connections/count"},
    {"clients_disconnected", "clients", SysKind::Gauge, "$SYS/broker/clients/disconnected"},
    {"clients_maximum", "clients", SysKind::Gauge,
     "$SYS/broker/clients/maximum|$SYS/brokers/+/stats/connections/max"},
    {"sessions", "sessions", SysKind::Gauge,
     "$SYS/broker/clients/total|$SYS/brokers/+/stats/sessions/count"},
    {"subscriptions", "subscriptions", SysKind::Gauge,
     "$SYS/broker/subscriptions/count|$SYS/brokers/+/stats/subscriptions/count"},
    {"retained_messages", "messages", SysKind::Gauge,
     "$SYS/broker/retained messages/count|$SYS/broker/messages/retained/count|"
     "$SYS/brokers/+/stats/retained/count"},
    {"stored_messages", "messages", SysKind::Gauge, "$SYS/broker/store/messages/count"},
    {"stored_bytes", "bytes", SysKind::Gauge, "$SYS/broker/store/messages/bytes"},
    {"packets_received", "packets", SysKind::Counter,
     "$SYS/broker/messages/received|$SYS/brokers/+/metrics/packets/received"},
    {"packets_sent", "packets", SysKind::Counter,
     "$SYS/broker/messages/sent|$SYS/brokers/+/metrics/packets/sent"},
    {"messages_received", "messages", SysKind::Counter,
     "$SYS/broker/publish/messages/received|$SYS/broker/messages/publish/received|"
     "$SYS/brokers/+/metrics/messages/received|$SYS/+/mqtt/publish/received"},
    {"messages_sent", "messages", SysKind::Counter,
     "$SYS/broker/publish/messages/sent|$SYS/broker/messages/publish/sent|"
     "$SYS/brokers/+/metrics/messages/sent|$SYS/+/mqtt/publish/sent"},
    {"messages_dropped", "messages", SysKind::Counter,
     "$SYS/broker/publish/messages/dropped|$SYS/broker/messages/publish/dropped|"
     "$SYS/brokers/+/metrics/messages/dropped"},
    {"bytes_received", "bytes", SysKind::Counter,
     "$SYS/broker/bytes/received|$SYS/broker/load/bytes/received|"
     "$SYS/brokers/+/metrics/bytes/received|$SYS/+/bytes/received"},
    {"bytes_sent", "bytes", SysKind::Counter,
     "$SYS/broker/bytes/sent|$SYS/broker/load/bytes/sent|$SYS/brokers/+/metrics/bytes/sent|"
     "$SYS/+/bytes/sent"},
    {"heap", "bytes", SysKind::Gauge, "$SYS/broker/heap/current|$SYS/broker/heap/current size"},
    {"heap_maximum", "bytes", SysKind::Gauge,
     "$SYS/broker/heap/maximum|$SYS/broker/heap/maximum size"},
};

bool matches_any(std::string_view filters, std::string_view topic) {
  while (!filters.empty()) {
    const auto end = std::min(filters.find('|'), filters.size());
    if (wire::topic_matches(filters.substr(0, end), topic)) return true;
    filters.remove_prefix(std::min(end + 1, filters.size()));
  }
  return false;
}

std::string rate_text(double rate) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), std::abs(rate) < 100 ? "%.2f" : "%.0f", rate);
  return text.data();
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 1, width), ' ');
  return text;
}

std::string row(std::string_view name, std::string_view unit, const SysTopic& topic) {
  // "129 seconds" has its unit with it.
  std::string_view value = topic.last;
  if (const auto end = " " + std::string(unit); value.ends_with(end)) {
    value.remove_suffix(end.size());
  }
  std::string out = padded(terminal_text(name), 48) + padded(terminal_text(value), 20) +
                    padded(std::string(unit), 15);
  const auto rate = topic.rate();
  if (rate && *rate != 0.0) out += rate_text(*rate) + "/s";
  out.erase(out.find_last_not_of(' ') + 1);
  return out + "\n";
}

void append_value(JsonText& json, const SysTopic& topic, std::string_view unit) {
  const auto number = leading_number(topic.last);
  if (number) {
    json.add("value", *number);
  } else {
    json.octets("value", topic.last);
  }
  if (!unit.empty()) json.add("unit", unit);
  if (const auto rate = topic.rate()) json.add("rate_per_s", *rate);
}

}  // namespace

const SysName* sys_name(std::string_view topic) {
  const auto found = std::ranges::find_if(
      kNames, [topic](const SysName& each) { return matches_any(each.filters, topic); });
  return found == std::end(kNames) ? nullptr : &*found;
}

std::string_view sys_unit(std::string_view topic) {
  if (const SysName* const known = sys_name(topic)) return known->unit;
  const auto has = [topic](std::string_view word) {
    return topic.find(word) != std::string_view::npos;
  };
  const bool average = has("/load/") && topic.ends_with("min");
  if (has("/bytes/")) return average ? "bytes/min" : "bytes";
  if (has("/messages/") || has("/publish/")) return average ? "messages/min" : "messages";
  if (has("/packets/")) return "packets";
  if (has("/sockets/")) return average ? "sockets/min" : "sockets";
  if (has("/load/connections/")) return "connections/min";
  if (has("/clients/")) return "clients";
  return {};
}

std::optional<double> leading_number(Bytes payload) {
  const auto value = take_double(payload);
  // "2.0.11" is none, "12 seconds" is one.
  if (!payload.empty() && payload.front() != ' ') return std::nullopt;
  return value;
}

std::optional<double> SysTopic::rate() const {
  const auto before = leading_number(first);
  const auto now = leading_number(last);
  const std::chrono::duration<double> time = last_at - first_at;
  if (updates < 2 || !before || !now || time.count() <= 0) return std::nullopt;
  return (*now - *before) / time.count();
}

void SysReport::add(Bytes topic, Bytes payload, TimePoint now) {
  const auto found = topics_.find(topic);
  SysTopic& entry = found != topics_.end() ? found->second : topics_[std::string(topic)];
  // The retained value is of a moment that nobody knows: a rate begins with the first live one.
  if (entry.updates < 2) {
    entry.first = payload;
    entry.first_at = now;
  }
  entry.last = payload;
  entry.last_at = now;
  ++entry.updates;
}

std::string_view SysReport::product() const {
  for (const auto& [topic, value] : topics_) {
    if (topic.starts_with("$SYS/brokers")) return "EMQX";
    if (topic == "$SYS/broker/version" && value.last.starts_with("mosquitto")) return "mosquitto";
    if (topic == "$SYS/broker/version" && value.last.starts_with("HiveMQ")) return "HiveMQ";
  }
  return {};
}

std::string sys_text(const SysReport& report, bool all) {
  std::string out;
  for (const SysName& name : kNames) {
    for (const auto& [topic, value] : report.topics()) {
      if (sys_name(topic) != &name) continue;
      out += row(name.name, name.unit, value);
    }
  }
  if (!all) return out;
  if (!out.empty()) out += '\n';
  for (const auto& [topic, value] : report.topics()) out += row(topic, sys_unit(topic), value);
  return out;
}

std::string sys_json(const SysReport& report) {
  JsonText json("mqtt-inspect.sys/1");
  json.add("target", report.target);
  json.outcome(report.error ? &*report.error : nullptr);
  json.add("available", !report.empty());
  if (!report.product().empty()) json.add("product", report.product());
  json.milliseconds("observed_ms", report.observed);
  json.begin_list("values");
  for (const SysName& name : kNames) {
    for (const auto& [topic, value] : report.topics()) {
      if (sys_name(topic) != &name) continue;
      json.begin().add("name", name.name);
      append_value(json, value, name.unit);
      json.add("topic", topic).end();
    }
  }
  json.end().begin_list("topics");
  for (const auto& [topic, value] : report.topics()) {
    json.begin().add("topic", topic).octets("payload", value.last);
    append_value(json, value, sys_unit(topic));
    json.add("updates", value.updates).end();
  }
  json.end();
  return json.line();
}

}  // namespace mqtk::inspect
