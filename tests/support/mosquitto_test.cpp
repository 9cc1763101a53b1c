#include "support/mosquitto.hpp"

#include "support/catch.hpp"
#include "support/certs.hpp"
#include "support/ports.hpp"
#include "support/programs.hpp"
#include "support/raw_client.hpp"
#include "support/script_player.hpp"
#include "support/skipped.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

bool missing() {
  if (Mosquitto::available() && !find_program("mosquitto_pub").empty()) return false;
  say_skipped("mosquitto or its clients are not installed");
  return true;
}

ProcessResult client(const char* program, std::vector<std::string> where,
                     std::vector<std::string> what) {
  ProcessOptions options;
  options.argv = {program};
  for (auto* words : {&where, &what}) {
    options.argv.insert(options.argv.end(), words->begin(), words->end());
  }
  return run(std::move(options));
}

/// Publishes a retained message, and subscribes to it.
bool exchanges(const std::vector<std::string>& where, const std::string& topic = "t/x") {
  const ProcessResult published =
      client("mosquitto_pub", where, {"-q", "1", "-r", "-t", topic, "-m", "hello"});
  const ProcessResult received =
      client("mosquitto_sub", where, {"-q", "1", "-t", topic, "-C", "1", "-W", "10"});
  INFO(published.text() + received.text());
  CHECK(published.ok());
  return published.ok() && received.out == "hello\n";
}

std::vector<std::string> at(std::uint16_t port) {
  return {"-h", "127.0.0.1", "-p", std::to_string(port)};
}

MosquittoListener with_certificate(const Certs& certs, const std::string& name) {
  MosquittoListener listener;
  listener.name = name;
  listener.cert_file = certs.server.certificate;
  listener.key_file = certs.server.key;
  listener.ca_file = certs.ca;
  return listener;
}

}  // namespace

TEST_CASE("mosquitto: plain and Unix listeners") {
  if (missing()) return;
  MosquittoConfig config;
  MosquittoListener socket;
  socket.name = "unix";
  socket.unix_socket = true;
  config.listeners.push_back(socket);
  const Mosquitto broker(config);
  CHECK(exchanges(at(broker.port())));
  CHECK(exchanges({"--unix", broker.unix_path("unix")}));
  CHECK(broker.log().find("running") != std::string::npos);
}

TEST_CASE("mosquitto: TLS, client certificates and pre-shared keys") {
  if (missing()) return;
  const Certs& certs = test_certs();
  MosquittoConfig config;
  config.listeners = {with_certificate(certs, "tls"), with_certificate(certs, "mtls"), {}};
  config.listeners[1].require_certificate = true;
  config.listeners[2].name = "psk";
  config.listeners[2].psk_identity = "device";
  config.listeners[2].psk_hex = "0123abcd";
  const Mosquitto broker(config);

  auto tls = at(broker.port("tls"));
  tls.insert(tls.end(), {"--cafile", certs.ca});
  CHECK(exchanges(tls));
  auto mtls = at(broker.port("mtls"));
  mtls.insert(mtls.end(), {"--cafile", certs.ca});
  CHECK_FALSE(client("mosquitto_pub", mtls, {"-t", "t", "-m", "m"}).ok());
  mtls.insert(mtls.end(), {"--cert", certs.client.certificate, "--key", certs.client.key});
  CHECK(exchanges(mtls));
  auto psk = at(broker.port("psk"));
  psk.insert(psk.end(), {"--psk", "0123abcd", "--psk-identity", "device"});
  CHECK(exchanges(psk));
}

TEST_CASE("mosquitto: users and access rules of one listener") {
  if (missing()) return;
  MosquittoConfig config;
  MosquittoListener locked;
  locked.name = "locked";
  locked.users = {{"alice", "secret"}, {"bob", "hunter2"}};
  locked.anonymous = false;
  locked.acl = "user alice\ntopic readwrite t/#\nuser bob\ntopic read t/#";
  config.listeners.push_back(locked);
  const Mosquitto broker(config);
  CHECK(exchanges(at(broker.port())));
  auto where = at(broker.port("locked"));
  CHECK_FALSE(client("mosquitto_pub", where, {"-t", "t", "-m", "m"}).ok());
  where.insert(where.end(), {"-u", "alice", "-P", "secret"});
  CHECK(exchanges(where));
  where[5] = "bob";
  CHECK_FALSE(client("mosquitto_pub", where, {"-t", "t/x", "-m", "m"}).ok());
  where[7] = "hunter2";
  CHECK(client("mosquitto_sub", where, {"-t", "t/x", "-C", "1", "-W", "10"}).out == "hello\n");
}

TEST_CASE("mosquitto: WebSocket listeners start") {
  if (missing()) return;
  MosquittoConfig config;
  MosquittoListener plain;
  plain.name = "ws";
  plain.websocket = true;
  MosquittoListener secure = with_certificate(test_certs(), "wss");
  secure.websocket = true;
  config.listeners = {plain, secure};
  const Mosquitto broker(config);
  CHECK(can_connect(broker.port("ws")));
  CHECK(can_connect(broker.port("wss")));
}

TEST_CASE("mosquitto: limits reach the client") {
  if (missing()) return;
  MosquittoConfig config;
  config.listeners[0].extra = {"max_qos 1"};
  config.extra = {"retain_available false", "max_packet_size 2000"};
  config.log_packets = true;
  const Mosquitto broker(config);
  RawClient raw(broker.port());
  wire::Connect connect = plain_connect();
  connect.version = wire::ProtocolVersion::V5;
  CHECK(raw.send(connect));
  const std::string answer = raw.receive();
  const auto packet = decode_whole(answer, wire::ProtocolVersion::V5);
  REQUIRE(packet);
  const auto& properties = std::get<wire::Connack>(*packet).properties;
  CHECK(properties.number(wire::PropertyId::MaximumQos) == 1);
  CHECK(properties.number(wire::PropertyId::RetainAvailable) == 0);
  CHECK(properties.number(wire::PropertyId::MaximumPacketSize) == 2000);
  CHECK(client("mosquitto_pub", at(broker.port()), {"-q", "1", "-t", "t", "-m", "m"}).ok());
  CHECK(broker.wait_log_contains("Received PUBLISH"));
}

TEST_CASE("mosquitto: comes back on its port, with and without what it kept") {
  if (missing()) return;
  MosquittoConfig config;
  config.persistence = true;
  Mosquitto broker(config);
  const auto where = at(broker.port());
  REQUIRE(exchanges(where));
  const std::uint16_t port = broker.port();
  broker.restart();
  CHECK(broker.port() == port);
  CHECK(client("mosquitto_sub", where, {"-t", "t/x", "-C", "1", "-W", "10"}).out == "hello\n");

  CHECK(client("mosquitto_pub", where, {"-q", "1", "-r", "-t", "late", "-m", "lost"}).ok());
  broker.kill();
  CHECK_FALSE(broker.running());
  CHECK_FALSE(can_connect(port));
  broker.start();
  CHECK(client("mosquitto_sub", where, {"-t", "t/x", "-t", "late", "-C", "1", "-W", "10"}).out ==
        "hello\n");
  CHECK(client("mosquitto_sub", where, {"-t", "late", "-W", "1"}).out.empty());
}

TEST_CASE("mosquitto: saves at every change when told to") {
  if (missing()) return;
  MosquittoConfig config;
  config.persistence = true;
  config.autosave_interval_s = 1;
  config.autosave_on_changes = true;
  Mosquitto broker(config);
  const auto where = at(broker.port());
  REQUIRE(exchanges(where, "one"));
  REQUIRE(exchanges(where, "two"));
  REQUIRE(broker.wait_log_contains("Saving in-memory database"));
  broker.kill();
  broker.start();
  CHECK(client("mosquitto_sub", where, {"-t", "one", "-C", "1", "-W", "10"}).out == "hello\n");
}

TEST_CASE("mosquitto: stands still and goes on") {
  if (missing()) return;
  Mosquitto broker;
  broker.pause();
  ProcessOptions options;
  options.argv = {"mosquitto_pub", "-p", std::to_string(broker.port()), "-t", "t", "-m", "m"};
  Process publisher(options);
  CHECK_FALSE(publisher.wait_end(300ms));
  broker.resume();
  CHECK(publisher.wait().ok());
}

TEST_CASE("mosquitto: a wrong configuration is told with the log") {
  if (missing()) return;
  MosquittoConfig config;
  config.extra = {"no_such_option 1"};
  CHECK_THROWS_WITH(Mosquitto(config), Catch::Matchers::ContainsSubstring("no_such_option"));
}
