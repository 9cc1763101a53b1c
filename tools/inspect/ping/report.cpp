// A PingReport for people and as JSON.
#include "inspect/ping/ping.hpp"
#include "inspect/shared/json_text.hpp"
#include "inspect/shared/probe_phases.hpp"

namespace mqtk::inspect {

namespace {

Duration at(const PingResult& result, double percent) {
  const auto value = Duration(static_cast<std::int64_t>(result.times.percentile(percent)));
  return std::clamp(value, result.least, result.most);
}

double loss_percent(const PingResult& result) {
  if (result.sent == 0) return 0.0;
  return 100.0 * static_cast<double>(result.lost()) / static_cast<double>(result.sent);
}

std::string percent_text(double percent) {
  if (percent > 0 && percent < 0.1) return "less than 0.1";
  std::string out = std::to_string(percent);
  out.resize(out.find('.') + 2);
  return out.ends_with(".0") ? out.substr(0, out.size() - 2) : out;
}

double us(double nanoseconds) {
  return static_cast<double>(static_cast<std::int64_t>(nanoseconds / 10)) / 100.0;
}

void append_json(JsonText& json, PingKind kind, const PingResult& result) {
  json.begin(name(kind));
  json.add("sent", result.sent).add("received", result.received).add("lost", result.lost());
  json.add("loss_percent", loss_percent(result));
  if (result.received > 0) {
    json.begin("us");
    const auto value = [&](std::string_view key, Duration time) {
      json.add(key, us(static_cast<double>(time.count())));
    };
    value("min", result.least);
    json.add("mean", us(result.times.mean())).add("stddev", us(result.times.stddev()));
    value("p50", at(result, 50));
    value("p90", at(result, 90));
    value("p99", at(result, 99));
    value("max", result.most);
    json.end();
  }
  json.end();
}

}  // namespace

std::string_view name(PingKind kind) {
  return kind == PingKind::Pingreq ? "pingreq" : "loopback";
}

std::string ping_text(const PingReport& report) {
  std::string out;
  for (const PingKind kind : {PingKind::Pingreq, PingKind::Loopback}) {
    const PingResult& result = report.of(kind);
    if (result.sent == 0) continue;
    out += std::string(name(kind)) + ": " + std::to_string(result.sent) + " sent, " +
           std::to_string(result.received) + " answered, " + percent_text(loss_percent(result)) +
           "% lost";
    if (result.received > 0) {
      out += "; min " + milliseconds(result.least) + ", median " + milliseconds(at(result, 50)) +
             ", p90 " + milliseconds(at(result, 90)) + ", p99 " + milliseconds(at(result, 99)) +
             ", max " + milliseconds(result.most);
    }
    out += '\n';
  }
  return out;
}

std::string ping_json(const PingReport& report) {
  JsonText json("mqtt-inspect.ping/1");
  json.add("target", report.target).add("client_id", report.client_id);
  json.outcome(report.error ? &*report.error : nullptr);
  append_json(json, PingKind::Pingreq, report.of(PingKind::Pingreq));
  if (report.loopback) {
    json.add("qos", static_cast<int>(report.qos)).add("size", report.size);
    append_json(json, PingKind::Loopback, report.of(PingKind::Loopback));
  }
  return json.line();
}

}  // namespace mqtk::inspect
