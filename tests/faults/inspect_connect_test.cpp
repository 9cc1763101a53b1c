// mqtt-inspect connect names the cause of every fault, and finds nothing wrong where nothing is.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "faults/inspect_faults.hpp"
#include "support/catch.hpp"
#include "support/certs.hpp"
#include "support/nats.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/scripted_broker.hpp"
#include "support/skipped.hpp"

namespace mqtk::test {

namespace {

using Json = nlohmann::json;

/// The command line of mqtt-inspect for the connection that an mqtt-pub's would make; empty when it
/// is about something else than connecting.
Command as_diagnosis(const Command& command) {
  if (!command.front().ends_with("mqtt-pub")) return {};
  Command out = {built_program("mqtt-inspect"), "connect", "--json", "--no-variants"};
  for (std::size_t i = 1; i < command.size(); ++i) {
    if (command[i] == "-t" || command[i] == "-m" || command[i] == "-q") {
      ++i;
    } else if (command[i] != "-d") {
      out.push_back(command[i]);
    }
  }
  return out;
}

bool about_connecting(const Fault& fault) {
  const std::string& cause = fault.cause;
  return cause != "mqtt.lost" && !cause.starts_with("pub.") && !cause.starts_with("sub.") &&
         fault.name.find("QoS 2") == std::string::npos &&
         fault.name.find("at QoS") == std::string::npos;
}

std::string failed_phase(const Json& report) {
  for (const Json& phase : report["phases"]) {
    if (phase.contains("ok") && !phase["ok"]) return phase["name"];
  }
  return "";
}

void diagnose(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    if (!about_connecting(fault)) continue;
    INFO("fault: " << fault.name);
    Scene scene;
    std::string skip;
    const Command command = fault.command(scene, skip);
    if (command.empty()) {
      say_skipped(fault.name + ": " + skip);
      continue;
    }
    const Command words = as_diagnosis(command);
    if (words.empty()) continue;
    const ProcessResult result = run(words);
    INFO(result.text());
    const Json report = Json::parse(result.out, nullptr, false);
    REQUIRE(report.is_object());
    CHECK(report["schema"] == "mqtt-inspect.connect/1");
    CHECK(report["ok"] == false);
    CHECK(report["exit_code"] == fault.exit_code);
    CHECK(result.exit_code == fault.exit_code);
    CHECK(report.value("cause", "") == fault.cause);
    std::string sentence = fault.sentence;
    std::erase(sentence, '\n');
    CHECK(report.value("message", "").find(sentence) != std::string::npos);
    CHECK(failed_phase(report) != "");
  }
}

}  // namespace

TEST_CASE("a diagnosis names every fault of TLS and credentials") {
  diagnose(server_faults());
}

TEST_CASE("a diagnosis names every fault on the way to the broker") {
  diagnose(network_faults());
}

TEST_CASE("a diagnosis names every refusal of a broker") {
  diagnose(scripted_faults());
}

TEST_CASE("a diagnosis names the faults that take a whole one to see, and what would have worked") {
  for (const InspectFault& fault : inspect_faults()) {
    INFO("fault: " << fault.name);
    Scene scene;
    std::string skip;
    Command words = fault.words(scene, skip);
    if (words.empty()) {
      say_skipped(fault.name + ": " + skip);
      continue;
    }
    Command command;
    const auto separator = std::ranges::find(words, "--");
    if (separator != words.end()) {
      command.assign(words.begin(), separator);
      words.erase(words.begin(), separator + 1);
    }
    command.insert(command.end(), {built_program("mqtt-inspect"), "connect", "--json"});
    command.insert(command.end(), words.begin(), words.end());
    const ProcessResult result = run(command);
    INFO(result.text());
    const Json report = Json::parse(result.out, nullptr, false);
    REQUIRE(report.is_object());
    CHECK(failed_phase(report) == fault.phase);
    CHECK(report.value("cause", "") == fault.cause);
    CHECK(report.value("message", "").find(fault.sentence) != std::string::npos);
    CHECK(result.exit_code == fault.exit_code);
    CHECK(report.value("hint", "").find(fault.next) != std::string::npos);
    CHECK(report["variants"].size() <= 6);
    std::string works;
    for (const Json& variant : report["variants"]) {
      if (variant["ok"] && works.empty()) works = variant["change"];
    }
    CHECK(works == fault.variant);
  }
}

TEST_CASE("the human view of a failure has the phases, the cause, the evidence and a next step") {
  if (!Mosquitto::available()) return say_skipped("mosquitto is not installed");
  Scene scene;
  const auto broker = start_broker(scene, {});
  const ProcessResult result = run(
      {built_program("mqtt-inspect"), "-L", "mqtts://127.0.0.1:" + std::to_string(broker->port())});
  INFO(result.text());
  for (const char* line :
       {"ok      resolve ", "ok      tcp ", "FAILED  tls ",
        "\ncause   tls.not_tls: ", "\nseen    tls failed after ", "\ntried   no TLS: works\n",
        "\nnext    it works with no TLS: -L mqtt://127.0.0.1:"}) {
    INFO(line);
    CHECK(result.out.find(line) != std::string::npos);
  }
  CHECK(result.err.empty());
}

TEST_CASE("nothing else is tried after the credentials were refused, nor with a given client id") {
  if (!Mosquitto::available()) return say_skipped("mosquitto is not installed");
  MosquittoListener listener;
  listener.users = {{"alice", "secret"}};
  listener.anonymous = false;
  Scene scene;
  const auto broker = start_broker(scene, listener);
  const std::string port = std::to_string(broker->port());
  const Command program = {built_program("mqtt-inspect"), "--json", "-h", "127.0.0.1", "-p", port};
  Command denied = program;
  denied.insert(denied.end(), {"-u", "alice", "-P", "wrong"});
  const ProcessResult result = run(denied);
  INFO(result.text());
  Json report = Json::parse(result.out, nullptr, false);
  REQUIRE(report.is_object());
  CHECK(report["variants"].empty());
  CHECK(report["notes"].dump().find("nothing else was tried") != std::string::npos);
  CHECK(result.out.find("wrong") == std::string::npos);

  MosquittoListener tls;
  tls.cert_file = test_certs().server.certificate;
  tls.key_file = test_certs().server.key;
  const auto tls_broker = start_broker(scene, tls);
  const ProcessResult given = run({built_program("mqtt-inspect"), "--json", "-i", "device-7", "-h",
                                   "localhost", "-4", "-p", std::to_string(tls_broker->port())});
  INFO(given.text());
  report = Json::parse(given.out, nullptr, false);
  REQUIRE(report.is_object());
  CHECK(report["variants"].size() > 0);
  CHECK(report["notes"].dump().find("instead of 'device-7'") != std::string::npos);
}

namespace {

/// Of MQTT 3.1.1 and grants at most `granted`: messages come back at that.
void serve_at_most(ScriptedBroker& broker, wire::Qos granted) {
  const std::string code(1, static_cast<char>(granted));
  broker.further_connections().serve([code](const wire::Packet& packet, Peer& peer) {
    if (std::holds_alternative<wire::Connect>(packet)) peer.send(wire::Connack{});
    if (std::holds_alternative<wire::Pingreq>(packet)) peer.send(wire::Pingresp{});
    if (const auto* subscribe = std::get_if<wire::Subscribe>(&packet)) {
      wire::Suback suback;
      suback.packet_id = subscribe->packet_id;
      suback.codes = code;
      peer.send(suback);
    }
    if (const auto* unsubscribe = std::get_if<wire::Unsubscribe>(&packet)) {
      wire::Unsuback unsuback;
      unsuback.packet_id = unsubscribe->packet_id;
      peer.send(unsuback);
    }
    if (const auto* publish = std::get_if<wire::Publish>(&packet)) {
      if (publish->qos == wire::Qos::ExactlyOnce) return peer.finish();
      wire::Publish back = *publish;
      back.packet_id = back.qos == wire::Qos::AtMostOnce ? 0 : 77;
      wire::PublishReply puback;
      puback.packet_id = publish->packet_id;
      if (publish->qos == wire::Qos::AtLeastOnce) peer.send(puback);
      peer.send(back);
    }
  });
  broker.start();
}

Json phase_named(const Json& report, const std::string& name) {
  for (const Json& phase : report["phases"]) {
    if (phase["name"] == name) return phase;
  }
  return {};
}

void check_at_most_qos1(std::uint16_t port, const std::string& version) {
  const ProcessResult result = run({built_program("mqtt-inspect"), "connect", "--json", "-V",
                                    version, "-h", "127.0.0.1", "-p", std::to_string(port)});
  INFO(result.text());
  const Json report = Json::parse(result.out, nullptr, false);
  REQUIRE(report.is_object());
  CHECK(result.exit_code == 0);
  CHECK(report["ok"] == true);
  CHECK(phase_named(report, "publish_qos1")["ok"] == true);
  const Json skipped = phase_named(report, "publish_qos2");
  REQUIRE(skipped.is_object());
  CHECK(skipped["skipped"] == true);
  CHECK_THAT(skipped["text"].get<std::string>(),
             Catch::Matchers::ContainsSubstring("at most QoS 1"));
  CHECK(skipped["details"]["maximum_qos"] == 1);
}

}  // namespace

TEST_CASE("a QoS that a broker does not grant is a fact, and a failure where it was asked for") {
  ScriptedBroker broker;
  serve_at_most(broker, wire::Qos::AtLeastOnce);
  check_at_most_qos1(broker.port(), "3.1.1");
  const ProcessResult asked = run({built_program("mqtt-inspect"), "connect", "-q", "2", "-h",
                                   "127.0.0.1", "-p", std::to_string(broker.port())});
  INFO(asked.text());
  CHECK(asked.exit_code == 76);
  CHECK_THAT(asked.out, Catch::Matchers::ContainsSubstring("FAILED  publish qos2"));
}

TEST_CASE("NATS, which has no QoS 2 unless told so, passes a diagnosis") {
  if (!Nats::available()) return say_skipped("nats-server is not installed");
  const Nats server;
  check_at_most_qos1(server.port(), "3.1.1");
}

TEST_CASE("a diagnosis leaves once UNSUBSCRIBE and every message of QoS 2 are answered") {
  ScriptedBroker broker;
  broker.connection().serve([](const wire::Packet& packet, Peer& peer) {
    wire::PublishReply reply;
    if (std::holds_alternative<wire::Connect>(packet)) peer.send(wire::Connack{});
    if (std::holds_alternative<wire::Pingreq>(packet)) peer.send(wire::Pingresp{});
    if (const auto* subscribe = std::get_if<wire::Subscribe>(&packet)) {
      wire::Suback suback;
      suback.packet_id = subscribe->packet_id;
      suback.codes = "\2";
      peer.send(suback);
    }
    if (const auto* publish = std::get_if<wire::Publish>(&packet)) {
      wire::Publish back = *publish;
      back.packet_id = 77;
      reply.type = wire::PacketType::Pubrec;
      reply.packet_id = publish->packet_id;
      peer.send(back);
      peer.send(reply);
    }
    if (const auto* received = std::get_if<wire::PublishReply>(&packet)) {
      if (received->type == wire::PacketType::Pubrel) {
        reply.type = wire::PacketType::Pubcomp;
        reply.packet_id = received->packet_id;
        peer.send(reply);
      }
    }
    // PUBREL comes last: only after this is the exchange of the message over.
    if (const auto* unsubscribe = std::get_if<wire::Unsubscribe>(&packet)) {
      wire::Unsuback unsuback;
      unsuback.packet_id = unsubscribe->packet_id;
      peer.send(unsuback);
      reply.type = wire::PacketType::Pubrel;
      reply.packet_id = 77;
      peer.send(reply);
    }
  });
  broker.start();
  const ProcessResult result = run({built_program("mqtt-inspect"), "connect", "-q", "2", "-h",
                                    "127.0.0.1", "-p", std::to_string(broker.port())});
  INFO(result.text());
  CHECK(result.exit_code == 0);
  REQUIRE(broker.wait_received(wire::PacketType::Disconnect));
  CHECK(broker.received_types() ==
        "CONNECT PINGREQ SUBSCRIBE PUBLISH PUBREC PUBREL UNSUBSCRIBE PUBCOMP DISCONNECT");
}

TEST_CASE("a diagnosis does not wait for ever for the answer to UNSUBSCRIBE, and says so") {
  ScriptedBroker broker;
  wire::Suback suback;
  suback.codes = std::string_view("\0", 1);
  broker.connection()
      .expect<wire::Connect>()
      .reply(wire::Connack{})
      .expect(wire::PacketType::Pingreq)
      .reply(wire::Pingresp{})
      .expect<wire::Subscribe>()
      .reply(suback)
      .expect<wire::Unsubscribe>()
      .expect_end();
  broker.start();
  const ProcessResult result = run({built_program("mqtt-inspect"), "connect", "--safe", "-h",
                                    "127.0.0.1", "-p", std::to_string(broker.port())});
  INFO(result.text());
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Matchers::ContainsSubstring("no answer to UNSUBSCRIBE within 2s"));
  CHECK(broker.finish());
  INFO(broker.report());
}

}  // namespace mqtk::test
