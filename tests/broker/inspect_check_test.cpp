// mqtt-inspect check: its exit codes, and its output read by parsers of the forms it claims.
#include <map>
#include <optional>
#include <regex>
#include <sstream>
#include <thread>

#include "broker/inspect_run.hpp"
#include "support/catch.hpp"
#include "support/ports.hpp"
#include "support/temp_dir.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

struct Perfdata {
  double value = 0;
  std::string unit, warn, crit, low, high;
};

/// What the monitoring plugins' guidelines ask of one line of output; nullopt when it is not that.
struct PluginLine {
  std::string status, text;
  std::map<std::string, Perfdata> perfdata;
};

std::optional<PluginLine> parse_plugin_line(const std::string& out) {
  if (out.empty() || out.back() != '\n' || out.find('\n') != out.size() - 1) return std::nullopt;
  const std::string line = out.substr(0, out.size() - 1);
  const auto bar = line.find('|');
  static const std::regex kText(R"(^MQTT (OK|WARNING|CRITICAL|UNKNOWN) - (.+?) ?$)");
  std::smatch match;
  const std::string text = line.substr(0, bar);
  if (!std::regex_match(text, match, kText)) return std::nullopt;
  PluginLine parsed{match[1], match[2], {}};
  if (bar == std::string::npos) return parsed;
  std::string rest = line.substr(bar + 1);
  static const std::regex kPiece(
      R"(^ ('(?:[^'=]|'')+'|[^' =]+)=(-?[0-9]+(?:\.[0-9]+)?)(s|ms|us|%|B|KB|MB|TB|c)?)"
      R"((?:;(@?[-0-9.:~]*))?(?:;(@?[-0-9.:~]*))?(?:;(-?[0-9.]*))?(?:;(-?[0-9.]*))?)");
  while (!rest.empty()) {
    if (!std::regex_search(rest, match, kPiece, std::regex_constants::match_continuous)) {
      return std::nullopt;
    }
    parsed.perfdata[match[1]] = {
        std::stod(match[2]), match[3], match[4], match[5], match[6], match[7]};
    rest = match.suffix();
  }
  return parsed;
}

PluginLine check(const Words& words, ProcessResult& result) {
  result = inspect(Words{"check"} + words);
  const auto parsed = parse_plugin_line(result.out);
  INFO(result.text());
  REQUIRE(parsed);
  static const std::map<std::string, int> kCodes = {
      {"OK", 0}, {"WARNING", 1}, {"CRITICAL", 2}, {"UNKNOWN", 3}};
  CHECK(result.exit_code == kCodes.at(parsed->status));
  return *parsed;
}

}  // namespace

TEST_CASE("the parser of a plugin's output refuses what is none") {
  CHECK(parse_plugin_line("MQTT OK - fine | a=1s;2;3;0 'b c'=-1.5;@1:2;~:3\n"));
  CHECK_FALSE(parse_plugin_line("MQTT OK - fine | a=1 s\n"));
  CHECK_FALSE(parse_plugin_line("MQTT OK - fine | a=b\n"));
  CHECK_FALSE(parse_plugin_line("MQTT GOOD - fine\n"));
  CHECK_FALSE(parse_plugin_line("MQTT OK - fine\nmore\n"));
}

TEST_CASE("a healthy broker, thresholds of time, and a broker that is not there") {
  if (!have_broker()) return;
  const Mosquitto broker;
  ProcessResult result;
  PluginLine line = check(at(broker) + Words{"--connect-crit", "60s", "--rtt-warn", "30s"}, result);
  CHECK(line.status == "OK");
  CHECK(line.perfdata.at("connected").crit == "60");
  CHECK(line.perfdata.at("connected").unit == "s");
  CHECK(line.perfdata.at("round_trip").warn == "30");
  CHECK(line.perfdata.at("round_trip").value > 0);
  CHECK(line.perfdata.contains("tcp"));
  CHECK(check(at(broker) + Words{"--rtt-warn", "0"}, result).status == "WARNING");
  CHECK(check(at(broker) + Words{"--rtt-warn", "0", "--connect-crit", "0"}, result).status ==
        "CRITICAL");
  line = check(at(broker) + Words{"--safe"}, result);
  CHECK(line.status == "OK");
  CHECK_FALSE(line.perfdata.contains("round_trip"));
  const std::string nowhere = std::to_string(closed_port());
  line = check({"-h", "127.0.0.1", "-p", nowhere}, result);
  CHECK(line.status == "CRITICAL");
  CHECK(line.text.find("tcp.refused") != std::string::npos);
  // Nothing is left behind.
  CHECK(subscribe(at(broker) + Words{"-t", "#", "--retained-only", "-v"}).out.empty());
}

TEST_CASE("wrong options are UNKNOWN, on the standard output") {
  ProcessResult result;
  for (const Words& words :
       {Words{"--no-such-option"}, Words{"--rtt-warn", "soon"}, Words{"--age-crit", "5s"},
        Words{"-t", "a", "--value-at", ".x", "--value-crit", "20:10"}, Words{"--sys", "x=a"},
        Words{"--cafile", "/no/such/file"}}) {
    const PluginLine line = check(words, result);
    CHECK(line.status == "UNKNOWN");
    CHECK(result.err.empty());
  }
}

TEST_CASE("certificate days are judged") {
  if (!have_broker()) return;
  const World world;
  const Words there = at(world.broker, "tls") + Words{"--cafile", world.certs.ca};
  ProcessResult result;
  const PluginLine line = check(there, result);
  CHECK(line.status == "OK");
  const auto days = static_cast<int>(line.perfdata.at("certificate_days").value);
  CHECK(line.perfdata.at("certificate_days").crit == "7:");
  CHECK(check(there + Words{"--cert-warn", std::to_string(days + 2) + "d"}, result).status ==
        "WARNING");
  CHECK(check(there + Words{"--cert-crit", std::to_string(days + 2) + "d"}, result).status ==
        "CRITICAL");
  CHECK(check(at(world.broker, "expired") + Words{"--cafile", world.certs.ca}, result)
            .text.find("tls.expired") != std::string::npos);
}

TEST_CASE("a retained message is no sign of life, a live one is, and so is a time in the payload") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const Words there = at(broker);
  REQUIRE(
      publish(there + Words{"-t", "s/x", "-r", "-m", R"({"at":"2020-01-01T00:00:00Z","v":17.5})"})
          .ok());
  ProcessResult result;
  PluginLine line = check(there + Words{"-t", "s/x", "--age-crit", "700ms"}, result);
  CHECK(line.status == "CRITICAL");
  CHECK(line.text.find("only a retained message") != std::string::npos);
  CHECK(check(there + Words{"-t", "s/x", "--time-at", ".at", "--age-crit", "1h"}, result).status ==
        "CRITICAL");
  CHECK(check(there + Words{"-t", "s/x", "--time-at", ".at", "--age-crit", "876000h"}, result)
            .status == "OK");
  CHECK(check(there + Words{"-t", "s/x", "--time-at", ".v2", "--age-crit", "1h"}, result).status ==
        "UNKNOWN");
  line = check(there + Words{"-t", "s/x", "--value-at", ".v", "--value-warn", "10:20",
                             "--value-crit", "5:30"},
               result);
  CHECK(line.status == "OK");
  CHECK(line.perfdata.at("value").value == 17.5);
  CHECK(line.perfdata.at("value").warn == "10:20");
  CHECK(
      check(there + Words{"-t", "s/x", "--value-at", ".v", "--value-warn", "18:"}, result).status ==
      "WARNING");
  CHECK(check(there + Words{"-t", "s/x", "--value-at", ".v", "--value-crit", "@10:20"}, result)
            .status == "CRITICAL");
  CHECK(check(there + Words{"-t", "s/none", "--value-at", ".v", "--patience", "500ms"}, result)
            .status == "CRITICAL");

  Process waiting(
      inspect_options(Words{"check"} + there + Words{"-d", "-t", "s/x", "--age-crit", "60s"}));
  REQUIRE(waiting.wait_stderr_contains("received SUBACK (Mid: 1, 0)", 30s));
  // The round trip's connection subscribes at QoS 2, the one that listens at QoS 0.
  REQUIRE(publish(there + Words{"-t", "s/x", "-m", "now"}).ok());
  const ProcessResult alive = waiting.wait();
  INFO(alive.text());
  CHECK(alive.exit_code == 0);
  CHECK(alive.out.find("s/x alive after") != std::string::npos);
}

TEST_CASE("values under $SYS have thresholds") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.extra = {"sys_interval 1"};
  const Mosquitto broker(config);
  ProcessResult result;
  PluginLine line = check(at(broker) + Words{"--sys", "clients_connected=100,200", "--sys",
                                             "$SYS/broker/clients/maximum=0:1000"},
                          result);
  CHECK(line.status == "OK");
  CHECK(line.perfdata.at("sys_clients_connected").crit == "200");
  CHECK(line.perfdata.at("sys_$SYS/broker/clients/maximum").warn == "0:1000");
  CHECK(check(at(broker) + Words{"--sys", "uptime=1000000:"}, result).status == "WARNING");
  CHECK(
      check(at(broker) + Words{"--sys", "no_such_value=1", "--patience", "500ms"}, result).status ==
      "UNKNOWN");
}

TEST_CASE("Prometheus text replaces the file as a whole; JSON says the same") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const TempDir folder;
  const std::string file = folder.write("mqtt.prom", "old");
  const ProcessResult written =
      inspect(Words{"check", "--format", "prometheus", "--output", file} + at(broker));
  INFO(written.text());
  CHECK(written.exit_code == 0);
  CHECK(written.out.empty());
  std::istringstream text(read_file(file));
  static const std::regex kComment(R"(# (HELP [a-z_]+ .+|TYPE [a-z_]+ gauge))");
  static const std::regex kSample(
      R"re(([a-z_]+)\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\} (-?[0-9.]+))re");
  std::map<std::string, double> samples;
  for (std::string line; std::getline(text, line);) {
    INFO(line);
    std::smatch match;
    if (std::regex_match(line, kComment)) continue;
    REQUIRE(std::regex_match(line, match, kSample));
    samples[match[1]] = std::stod(match[3]);
  }
  CHECK(samples.at("mqtt_check_status") == 0);
  CHECK(samples.at("mqtt_check_up") == 1);
  CHECK(samples.at("mqtt_check_round_trip_seconds") > 0);
  CHECK(samples.at("mqtt_check_timestamp_seconds") > 1e9);
  CHECK(inspect(Words{"check", "--output", "/no/such/folder/x"} + at(broker)).exit_code == 3);
  ProcessResult result;
  const Json report = inspect_json(Words{"check"} + at(broker), result);
  CHECK(report["schema"] == "mqtt-inspect.check/1");
  CHECK(report["state"] == "OK");
  CHECK(report["exit_code"] == 0);
}
