// mqtt-inspect caps against brokers whose limits are known: from their configuration, from their
// documentation, and from packets that were sent to them by hand.
#include <csignal>
#include <map>

#include "broker/caps_table.hpp"
#include "support/catch.hpp"
#include "support/nats.hpp"
#include "support/programs.hpp"
#include "support/raw_client.hpp"
#include "support/skipped.hpp"

using namespace mqtk;
using namespace mqtk::test;
using Json = nlohmann::json;

namespace {

MosquittoConfig lowered() {
  MosquittoConfig config;
  config.listeners[0].extra = {"max_qos 1", "max_topic_alias 3",
                               "allow_zero_length_clientid false"};
  config.extra = {"max_packet_size 2000", "retain_available false", "max_keepalive 30",
                  "max_inflight_messages 5"};
  return config;
}

/// Whether the broker takes a PUBLISH of so many octets in all, asked by hand.
bool takes_packet(std::uint16_t port, std::size_t size) {
  RawClient client(port);
  // From 2.0.12 on it refuses who promises less often to send than it wants.
  wire::Connect connect = plain_connect("raw");
  connect.keep_alive_s = 20;
  client.send(connect);
  if (client.receive_type() != "CONNACK") return false;
  const std::string payload(size, '.');
  wire::Publish message;
  message.topic = "t";
  message.qos = wire::Qos::AtLeastOnce;
  message.packet_id = 1;
  std::size_t octets = size;
  do {
    message.payload = Bytes(payload).substr(0, --octets);
  } while (wire::publish_size(message, wire::ProtocolVersion::V311) > size);
  client.send(message);
  return client.receive_type() == "PUBACK";
}

std::size_t largest_by_hand(std::uint16_t port, std::size_t around) {
  std::size_t size = around - 10;
  while (size < around + 10 && takes_packet(port, size + 1)) ++size;
  return size;
}

CapsTable lowered_table(std::uint16_t port) {
  CapsTable table = mosquitto_caps();
  const std::string largest = std::to_string(largest_by_hand(port, 2000));
  table["empty_client_id"] = {"no", "refused"};
  table["qos"] = {"limited", "0, 1; 2: the connection is closed (0x9b", "1"};
  table["retained"] = {"no", "(0x9a", "no"};
  table["retained_by_wildcard"] = {"no", "(0x9a"};
  table["packet_size"] = {"limited", largest, "2000"};
  table["topic_length"] = {"limited", "19"};
  table["client_id_length"] = {"limited", "19"};
  table["keep_alive"] = {"limited", "cut to 30 s", "30"};
  table["receive_maximum"] = {"yes", "ours is kept to", "5"};
  table["topic_aliases"] = {"yes", "alias 3 works", "3"};
  return table;
}

/// Neither a retained message nor a session is left; needs sys_interval 1.
void check_nothing_left(const Mosquitto& broker) {
  const ProcessResult left =
      subscribe(at(broker) + Words{"-t", "#", "--retained-only", "--idle", "300ms"});
  CHECK(left.out.empty());
  // What the broker still stores is in its own count of clients, which it takes every second.
  CHECK(subscribe(at(broker) + Words{"-t", "$SYS/broker/uptime", "-C", "3"}).ok());
  const ProcessResult count =
      subscribe(at(broker) + Words{"-t", "$SYS/broker/clients/disconnected", "-C", "1"});
  CHECK(count.out == "0\n");
}

}  // namespace

TEST_CASE("the capabilities of mosquitto as it comes are found, and nothing is left behind") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.persistence = true;
  config.extra = {"sys_interval 1"};
  Mosquitto broker(config);
  ProcessResult result;
  const Json report = run_caps(at(broker) + Words{"-4"}, result);
  INFO(result.text());
  CHECK(result.exit_code == 0);
  compare_caps(report, mosquitto_caps());
  CHECK(report["notes"].empty());
  check_nothing_left(broker);
}

TEST_CASE("every lowered limit is found") {
  if (!have_broker()) return;
  const Mosquitto broker(lowered());
  ProcessResult result;
  const Json report = run_caps(at(broker), result);
  INFO(result.text());
  CHECK(result.exit_code == 0);
  compare_caps(report, lowered_table(broker.port()));
}

// As its documentation says: 3.1.1 only, no spaces in topics, no shared subscriptions of MQTT;
// before 2.10 neither QoS 2 nor dots in topics.
TEST_CASE("the gaps of nats-server are found, though it grants what it does not do") {
  if (!Nats::available()) return say_skipped("nats-server is not installed");
  const Nats broker;
  CapsTable table = caps_without_5();
  table["mqtt_3_1"] = {"no", "closed"};
  table["mqtt_5"] = {"no", "refused"};
  table["empty_client_id"] = {"yes", "with a clean session only"};
  const bool since_2_10 = installed_version("nats-server", "--version") >= std::vector<int>{2, 10};
  if (!since_2_10) table["qos"] = {"limited", "0, 1; 2: the connection is closed"};
  table["shared_subscriptions"] = {"no", "granted, and nothing is delivered"};
  table["topic_fidelity"] = {"limited", since_2_10 ? "not spaces" : "not dots, spaces"};
  table["topic_levels"] = {"yes", "at least 1000"};
  table["rejects_nul_in_topic"] = {"no", "taken"};
  table["rejects_misplaced_wildcard"] = {"yes", "refused (0x80"};
  ProcessResult result;
  const Json report =
      run_caps(Words{"-h", "127.0.0.1", "-p", std::to_string(broker.port())}, result);
  INFO(result.text());
  CHECK(result.exit_code == 0);
  compare_caps(report, table);
  CHECK(report["notes"].dump().find("MQTT 5 is not spoken here") != std::string::npos);
}

TEST_CASE("what is not allowed here is told apart from what is not supported") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.listeners[0].acl = "topic readwrite allowed/#\n";
  const Mosquitto broker(config);
  ProcessResult result;
  Json report = run_caps(at(broker), result);
  INFO(result.text());
  CHECK(result.exit_code == 0);
  REQUIRE(report.is_object());
  std::map<std::string, std::string> findings;
  for (const Json& entry : report["capabilities"]) findings[entry["name"]] = entry["finding"];
  for (const char* name : {"publish_and_subscribe", "qos", "retained", "shared_subscriptions",
                           "topic_aliases", "packet_size"}) {
    CHECK(findings[name] == "not_allowed");
  }
  CHECK(findings["mqtt_5"] == "yes");
  CHECK(findings["client_id_length"] == "yes");
  CHECK(report["notes"].dump().find("--topic-prefix") != std::string::npos);

  report = run_caps(at(broker) + Words{"--topic-prefix", "allowed/"}, result);
  INFO(result.text());
  findings.clear();
  REQUIRE(report.is_object());
  for (const Json& entry : report["capabilities"]) findings[entry["name"]] = entry["finding"];
  for (const char* name : {"publish_and_subscribe", "qos", "retained", "topic_aliases"}) {
    CHECK(findings[name] == "yes");
  }
  CHECK(report["left_behind"].empty());
}

TEST_CASE("with --safe nothing is published") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.log_packets = true;
  const Mosquitto broker(config);
  ProcessResult result;
  const Json report = run_caps(at(broker) + Words{"--safe"}, result);
  INFO(result.text());
  CHECK(result.exit_code == 0);
  REQUIRE(report.is_object());
  CHECK(broker.log().find("Received PUBLISH") == std::string::npos);
  CHECK(broker.log().find("Received SUBSCRIBE") != std::string::npos);
  for (const Json& entry : report["capabilities"]) {
    if (entry["name"] == "qos" || entry["name"] == "will") CHECK(entry["finding"] == "not_tested");
    if (entry["name"] == "client_id_length") CHECK(entry["finding"] == "yes");
  }
}

TEST_CASE("what an interrupted run has made is removed as well") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.persistence = true;
  config.log_packets = true;
  config.extra = {"sys_interval 1"};
  const Mosquitto broker(config);
  ProcessOptions options;
  options.argv = Words{built_program("mqtt-inspect"), "caps", "--slow"} + at(broker);
  Process process(options);
  REQUIRE(broker.wait_log_contains("/retained/a'"));
  REQUIRE(process.send_signal(SIGINT));
  const ProcessResult result = process.wait();
  CHECK(result.signal == SIGINT);
  CHECK(result.out.empty());
  check_nothing_left(broker);
}

TEST_CASE("two brokers are compared") {
  if (!have_broker()) return;
  const Mosquitto usual;
  const Mosquitto low(lowered());
  ProcessResult result;
  const Json report = run_caps(at(usual) + Words{"--compare", "mqtt://" + low.address()}, result);
  INFO(result.text());
  REQUIRE(report.is_object());
  CHECK(report["schema"] == "mqtt-inspect.caps-comparison/1");
  REQUIRE(report["brokers"].size() == 2);
  const std::string differences = report["differences"].dump();
  for (const char* name : {"\"qos\"", "\"retained\"", "\"packet_size\"", "\"keep_alive\""}) {
    CHECK(differences.find(name) != std::string::npos);
  }
  CHECK(differences.find("\"will\"") == std::string::npos);
  const ProcessResult shown =
      run(Words{built_program("mqtt-inspect"), "caps", "--compare", "mqtt://" + low.address()} +
          at(usual));
  CHECK(shown.out.find("! qos ") != std::string::npos);
  CHECK(shown.out.find("\n  will ") != std::string::npos);
}

TEST_CASE("caps works over TLS and WebSocket, and says why when there is no connection") {
  if (!have_broker()) return;
  const Certs& certs = test_certs();
  const Mosquitto broker(world_config(certs));
  const Words ca = {"--cafile", certs.ca};
  for (const Words& link : {at(broker, "tls") + ca,
                            Words{"-L", "ws://127.0.0.1:" + std::to_string(broker.port("ws"))}}) {
    ProcessResult result;
    const Json report = run_caps(link, result);
    INFO(result.text());
    CHECK(result.exit_code == 0);
    CapsTable table = mosquitto_caps();
    // The WebSocket of 2.0.11 takes 4 KiB in a tenth of a second, that of 2.0.21 what it is sent.
    const bool slow = installed_version("mosquitto", "-h") < std::vector<int>{2, 0, 21};
    if (slow && link.front() == "-L") table["packet_size"] = {"limited", "; more met with silence"};
    compare_caps(report, table);
  }
  ProcessResult result;
  const Json report = run_caps(at(broker, "tls") + Words{"--cafile", certs.other_ca}, result);
  INFO(result.text());
  CHECK(result.exit_code == 79);
  REQUIRE(report.is_object());
  CHECK(report["cause"] == "tls.untrusted");
}
