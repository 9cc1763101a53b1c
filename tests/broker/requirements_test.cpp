// The commands that users of other systems' documents type, with our programs' names.
#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/ports.hpp"
#include "support/programs.hpp"
#include "support/skipped.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

constexpr const char* kSenml =
    R"([{"bn":"some-base-name:","bt":1.276020076001e+09, "bu":"A","bver":5, )"
    R"("n":"voltage","u":"V","v":120.1}, {"n":"current","t":-5,"v":1.2}])";

MosquittoListener with_users() {
  MosquittoListener listener;
  listener.users = {{"thing", "thing-secret"}, {"mqtt_user", "MQTT_password"}, {"jwt", "token-1"}};
  listener.anonymous = false;
  return listener;
}

}  // namespace

TEST_CASE("messaging platform: user, password, SenML payload, and the same over TLS") {
  if (!have_broker()) return;
  const Certs& certs = test_certs();
  MosquittoConfig config;
  MosquittoListener tls = with_users();
  tls.name = "tls";
  tls.cert_file = certs.server.certificate;
  tls.key_file = certs.server.key;
  config.listeners = {with_users(), tls};
  const Mosquitto broker(config);
  const Words who = {"-u", "thing",    "-P", "thing-secret", "-t", "channels/c1/messages",
                     "-h", "localhost"};
  struct Case {
    const char* name;
    Words words;
  };
  const std::vector<Case> cases = {
      {"plain", who + Words{"-p", std::to_string(broker.port())}},
      {"TLS", who + Words{"--cafile", certs.ca, "-p", std::to_string(broker.port("tls"))}},
  };
  for (const Case& c : cases) {
    Subscriber subscriber(c.words + Words{"-C", "1"});
    REQUIRE(subscriber.ready());
    const ProcessResult sent = publish(c.words + Words{"-m", kSenml});
    INFO(c.name << ": " << sent.text());
    CHECK(sent.ok());
    const ProcessResult got = subscriber.wait();
    CHECK(got.out == std::string(kSenml) + "\n");
    CHECK(got.err.find("thing-secret") == std::string::npos);
  }
  // Without a port a CA means 8883, which the refusal names.
  if (!can_connect(8883)) {
    const ProcessResult other = publish(who + Words{"--cafile", certs.ca, "-m", "x"});
    INFO(other.text());
    CHECK(other.exit_code == 69);
    CHECK(other.err.find("localhost:8883") != std::string::npos);
  }
}

TEST_CASE("messaging platform: subtopics and wildcards") {
  if (!have_broker()) return;
  const Mosquitto broker;
  Subscriber subscriber(at(broker) +
                        Words{"-t", "channels/c1/messages/#", "-t", "+/c2/+", "-v", "-C", "2"});
  REQUIRE(subscriber.ready());
  CHECK(
      publish(at(broker) + Words{"-q", "1", "-t", "channels/c1/messages/a/b/c/d", "-m", "1"}).ok());
  CHECK(publish(at(broker) + Words{"-q", "1", "-t", "channels/c2/messages", "-m", "2"}).ok());
  CHECK(subscriber.wait().out == "channels/c1/messages/a/b/c/d 1\nchannels/c2/messages 2\n");
}

TEST_CASE("broker for devices: -d shows what happens and keeps the password to itself") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.listeners = {with_users()};
  const Mosquitto broker(config);
  const Words user = {"-u", "mqtt_user", "-P", "MQTT_password"};
  Subscriber subscriber(at(broker) + user + Words{"-t", "test/#", "-v", "-d", "-C", "1"});
  REQUIRE(subscriber.ready());
  const ProcessResult sent =
      publish(Words{"-h", "127.0.0.1", "-m", "test message", "-t", "test/terminal", "-u",
                    "mqtt_user", "-P", "MQTT_password", "-d", "-p", std::to_string(broker.port())});
  INFO(sent.text());
  CHECK(sent.ok());
  for (const char* line : {"sending CONNECT", "received CONNACK", "sending PUBLISH (d0, q0, r0",
                           "'test/terminal'", "sending DISCONNECT"}) {
    CHECK(sent.err.find(line) != std::string::npos);
  }
  const ProcessResult got = subscriber.wait();
  INFO(got.text());
  CHECK(got.out == "test/terminal test message\n");
  CHECK(got.err.find("received PUBLISH (d0, q0, r0, m0, 'test/terminal'") != std::string::npos);
  for (const ProcessResult* result : {&sent, &got}) {
    CHECK(result->err.find("MQTT_password") == std::string::npos);
  }
}

TEST_CASE("broker for devices: a token is fetched anew at each connection") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.listeners = {with_users()};
  Mosquitto broker(config);
  const TempDir folder;
  const std::string token = folder.write("token", "token-1\n");
  const std::string calls = folder.file("calls");
  Subscriber subscriber(at(broker) + Words{"-u", "jwt", "-t", "jwt/#", "--reconnect-interval",
                                           "50ms", "--password-command",
                                           "echo x >>" + calls + "; cat " + token});
  REQUIRE(subscriber.ready());
  CHECK(count_lines(read_file(calls)) == 1);
  broker.restart();
  CHECK(wait_until(
      [&] { return occurrences(subscriber.process().err_so_far(), "received SUBACK") == 2; }));
  INFO(subscriber.process().err_so_far());
  CHECK(count_lines(read_file(calls)) >= 2);
  CHECK(subscriber.process().err_so_far().find("token-1") == std::string::npos);
}

TEST_CASE("broker introduction: no host means localhost and port 1883") {
  if (!have_broker()) return;
  if (can_connect(1883) || can_connect(1883, "::1")) {
    say_skipped("port 1883 is in use");
    return;
  }
  const ProcessResult refused = publish({"-t", "test/topic", "-m", "Hello world!"});
  INFO(refused.text());
  CHECK(refused.exit_code == 69);
  CHECK(refused.err.find("localhost:1883") != std::string::npos);

  const TempDir folder;
  ProcessOptions server;
  server.argv = {
      find_program("mosquitto"), "-c",
      folder.write("mosquitto.conf", "listener 1883 127.0.0.1\nallow_anonymous true\nuser root\n")};
  Process broker(server);
  REQUIRE(wait_until([] { return can_connect(1883); }));
  Subscriber subscriber(Words{"-t", "test/topic", "-C", "1"});
  REQUIRE(subscriber.ready());
  CHECK(publish({"-t", "test/topic", "-m", "Hello world!"}).ok());
  CHECK(subscriber.wait().out == "Hello world!\n");
  broker.stop();
}

TEST_CASE("WebSocket through a reverse proxy: path, headers, a signed query, all kept secret") {
  if (!have_broker()) return;
  const World world;
  if (!Nginx::available()) {
    say_skipped("nginx is not installed");
    return;
  }
  for (const Link& link : world.links()) {
    if (!link.name.starts_with("nginx")) continue;
    const ProcessResult sent = publish(link.words + Words{"-t", "ws", "-m", "x", "-d"});
    INFO(link.name << ": " << sent.text());
    CHECK(sent.ok());
    for (const char* secret : {"ab%2Fcd", "YWxpY2U6c2VjcmV0", "X-Token: secret", "?a=b"}) {
      CHECK(sent.err.find(secret) == std::string::npos);
    }
  }
  const Nginx nginx({world.broker.port("ws")});
  const std::string base = "ws://127.0.0.1:" + std::to_string(nginx.http_port());
  struct Case {
    const char* path;
    int exit_code;
    const char* sentence;
  };
  for (const Case& c : std::vector<Case>{{"/auth/mqtt", 77, "401"},
                                         {"/forbidden", 77, "403"},
                                         {"/plain", 76, "200"},
                                         {"/elsewhere", 76, "404"}}) {
    const ProcessResult result = publish({"-L", base + c.path, "-t", "a", "-m", "b"});
    INFO(c.path << ": " << result.text());
    CHECK(result.exit_code == c.exit_code);
    CHECK(result.err.find(c.sentence) != std::string::npos);
  }
}

TEST_CASE("cloud: mutual TLS with server name and application protocol, a URL that expires") {
  if (!have_broker()) return;
  const World world;
  const Certs& certs = world.certs;
  const ProcessResult sent = publish(
      at(world.broker, "mtls") + Words{"--cafile", certs.ca, "--cert", certs.client.certificate,
                                       "--key", certs.client.key, "--tls-alpn", "x-amzn-mqtt-ca",
                                       "-i", "thing-1", "-t", "a/b", "-m", "x", "-q", "1"});
  INFO(sent.text());
  CHECK(sent.ok());

  const TempDir folder;
  const std::string url = "ws://127.0.0.1:" + std::to_string(world.broker.port("ws")) +
                          "/mqtt?X-Amz-Signature=0123456789abcdef";
  const ProcessResult signed_url = publish(
      {"--url-command", "cat " + folder.write("url", url + "\n"), "-t", "a", "-m", "x", "-d"});
  INFO(signed_url.text());
  CHECK(signed_url.ok());
  CHECK(signed_url.err.find("0123456789abcdef") == std::string::npos);
}
