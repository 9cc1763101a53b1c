// mqtt-inspect connect against a healthy broker: every phase of every transport, with its time.
#include <signal.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "broker/world.hpp"
#include "server/loop_thread.hpp"
#include "support/catch.hpp"
#include "support/programs.hpp"
#include "support/relay.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;
using Json = nlohmann::json;

namespace {

Json diagnose(const Words& words, ProcessResult& result) {
  result = run(Words{built_program("mqtt-inspect"), "connect", "--json"} + words);
  return Json::parse(result.out, nullptr, false);
}

std::set<std::string> phases_expected(const std::string& link) {
  std::set<std::string> names = {"resolve",   "tcp",          "connect",      "ping",
                                 "subscribe", "publish_qos0", "publish_qos1", "publish_qos2"};
  const auto has = [&link](const char* word) { return link.find(word) != std::string::npos; };
  if (has("TLS") || has("PSK") || has("https")) names.insert("tls");
  if (has("WebSocket") || has("nginx")) names.insert("websocket");
  if (has("SOCKS5") || has("HTTP CONNECT")) names.insert("proxy");
  return names;
}

}  // namespace

TEST_CASE("a healthy broker passes every phase over every transport within a second") {
  if (!have_broker()) return;
  const World world;
  for (const Link& link : world.links()) {
    for (const char* version : {"3.1.1", "5"}) {
      ProcessResult result;
      const Json report = diagnose(link.words + Words{"-V", version}, result);
      INFO(link.name << ", MQTT " << version << result.text());
      REQUIRE(report.is_object());
      CHECK(result.exit_code == 0);
      CHECK(report["ok"] == true);
      CHECK(result.err.empty());
      CHECK(report["total_ms"].get<double>() < 1000.0);
      std::set<std::string> names;
      for (const Json& phase : report["phases"]) {
        names.insert(phase["name"].get<std::string>());
        CHECK(phase["ok"] == true);
        CHECK(phase["ms"].get<double>() >= 0.0);
      }
      CHECK(names == phases_expected(link.name));
      const bool with_certificates = names.contains("tls") && link.name != "PSK";
      CHECK(report.contains("tls") == names.contains("tls"));
      if (!with_certificates) continue;
      const Json& leaf = report["tls"]["chain"][0];
      CHECK(report["tls"]["verified"] == true);
      CHECK(leaf["issuer"].get<std::string>().find("Test CA") != std::string::npos);
      CHECK(leaf["san"].dump().find("DNS:localhost") != std::string::npos);
      CHECK(leaf["days_left"].get<int>() > 0);
      CHECK(report["tls"]["client_certificate_requested"] == (link.name == "mutual TLS"));
    }
  }
}

TEST_CASE("the addresses that were not needed are tried as well") {
  if (!have_broker()) return;
  MosquittoConfig config;
  const Mosquitto broker(config);
  ProcessResult result;
  const Json report = diagnose(at(broker, "tcp"), result);
  INFO(result.text());
  REQUIRE(report.is_object());
  REQUIRE(report["addresses"].size() == 2);
  for (const Json& address : report["addresses"]) {
    const bool v6 = address["address"].get<std::string>().starts_with("[::1]");
    CHECK(address["outcome"] == (v6 ? "Connection refused" : "connected"));
  }
}

TEST_CASE("what the broker declares in MQTT 5 is shown whole") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.listeners[0].extra = {"max_qos 1", "max_topic_alias 3"};
  config.extra = {"max_packet_size 2000", "retain_available false", "max_keepalive 30",
                  "max_inflight_messages 5"};
  const Mosquitto broker(config);
  ProcessResult result;
  const Json report = diagnose(at(broker) + Words{"-V", "5"}, result);
  INFO(result.text());
  REQUIRE(report.is_object());
  const Json expected = {{"server_keep_alive", 30}, {"topic_alias_maximum", 3},
                         {"receive_maximum", 5},    {"maximum_packet_size", 2000},
                         {"retain_available", 0},   {"maximum_qos", 1}};
  CHECK(report["connack"]["properties"] == expected);
  CHECK(report["connack"]["code"] == 0);
  CHECK(report["phases"].back() == Json({{"name", "publish_qos2"},
                                         {"skipped", true},
                                         {"text", "the broker declares QoS 1 as its highest"},
                                         {"details", {{"maximum_qos", 1}}}}));
  const ProcessResult shown =
      run(Words{built_program("mqtt-inspect")} + at(broker) + Words{"-V", "5"});
  CHECK(shown.out.find("maximum_packet_size 2000\n") != std::string::npos);
  CHECK(shown.out.find("\nresult  everything works, ") != std::string::npos);
}

TEST_CASE("a word that is no subcommand is a mistake, and nothing stays on the broker") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const ProcessResult mistyped = run({built_program("mqtt-inspect"), "conect"});
  CHECK(mistyped.exit_code == 64);
  CHECK(mistyped.err.find("there is no subcommand 'conect'") != std::string::npos);
  CHECK(mistyped.err.find("did you mean connect?") != std::string::npos);
  const ProcessResult host = run({built_program("mqtt-inspect"), "127.0.0.1"});
  CHECK(host.exit_code == 64);
  CHECK(host.err.find("-h 127.0.0.1") != std::string::npos);

  ProcessResult result;
  const Json report = diagnose(at(broker) + Words{"-r", "-q", "1"}, result);
  INFO(result.text());
  CHECK(result.exit_code == 0);
  const ProcessResult left = subscribe(at(broker) + Words{"-t", "#", "--retained-only"});
  CHECK(left.exit_code == 0);
  CHECK(left.out.empty());
}

TEST_CASE("an interrupted connect -r leaves no retained message") {
  if (!have_broker()) return;
  const Mosquitto broker;
  RelayOptions options;
  options.target_port = broker.port();
  Hosted<Relay> relay([&options](EventLoop& loop) {
    auto started = Relay::start(loop, options);
    return started ? std::move(*started) : nullptr;
  });
  relay.call(
      [](Relay& each) { each.add(RelaySwallow{.type = wire::PacketType::Puback, .count = 1}); });
  const auto port = relay.call([](Relay& each) { return each.port(); });
  ProcessOptions program;
  program.argv = {
      built_program("mqtt-inspect"), "connect", "-r", "-q", "1", "-h", "127.0.0.1", "-p",
      std::to_string(port)};
  Process process(std::move(program));
  REQUIRE(wait_until(
      [&relay] {
        return relay.call([](Relay& each) {
          return std::any_of(each.records().begin(), each.records().end(),
                             [](const RelayRecord& record) { return record.swallowed; });
        });
      },
      30s));
  process.send_signal(SIGTERM);
  const ProcessResult result = process.wait();
  INFO(result.text());
  CHECK(result.signal == SIGTERM);
  CHECK(subscribe(at(broker) + Words{"-t", "#", "--retained-only", "-v"}).out.empty());
}
