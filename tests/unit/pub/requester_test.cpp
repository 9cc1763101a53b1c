#include "pub/requester.hpp"

#include "pub/repeated_message.hpp"
#include "support/catch.hpp"
#include "support/fake_client.hpp"

namespace mqtk::pub::test {

using mqtk::test::FakeClient;
using mqtk::test::FakeHost;
using mqtk::test::TempFile;

namespace {

RequestOptions options_for(wire::ProtocolVersion version) {
  RequestOptions options;
  options.response_topic = "answers";
  options.subscription.filter = "answers";
  options.version = version;
  return options;
}

struct RequestRig {
  explicit RequestRig(wire::ProtocolVersion version, std::uint64_t requests = 1,
                      std::string match = {})
      : source(question(), requests), writer(output.fd(), [] {}) {
    RequestOptions options = options_for(version);
    options.match = std::move(match);
    config.client_id = "me";
    requester.emplace(std::move(options), config, DisconnectMode::Normal, source, writer, host);
    client.emplace(*requester);
    requester->start(*client);
  }
  static OutgoingMessage question() {
    OutgoingMessage message;
    message.topic = "questions";
    message.payload = "?";
    return message;
  }
  void answer(const std::string& payload, const std::string& correlation, bool retain = false) {
    wire::Properties properties;
    properties.add(wire::PropertyId::CorrelationData, Bytes(correlation));
    MessageView message;
    message.topic = "answers";
    message.payload = payload;
    message.retain = retain;
    message.properties = properties;
    requester->on_message(message);
    requester->on_messages_end();
  }
  void begin() {
    client->connect();
    client->grant({0});
  }

  FakeHost host;
  ClientConfig config;
  RepeatedMessage source;
  TempFile output;
  Writer writer;
  std::optional<Requester> requester;
  std::optional<FakeClient> client;
};

constexpr auto kV3 = wire::ProtocolVersion::V311;
constexpr auto kV5 = wire::ProtocolVersion::V5;

}  // namespace

TEST_CASE("a request goes out when the answer can be heard, and its answer is printed") {
  RequestRig rig(kV3);
  rig.client->connect();
  CHECK(rig.client->published.empty());
  REQUIRE(rig.client->subscribed.size() == 1);
  CHECK(rig.client->subscribed[0].filter == "answers");
  rig.answer("too early", "");
  rig.client->grant({0});
  REQUIRE(rig.client->published.size() == 1);
  CHECK(rig.client->published[0].topic == "questions");
  rig.answer("kept from before", "", true);
  CHECK_FALSE(rig.client->stopped);
  rig.answer("42", "");
  CHECK(rig.client->stopped);
  rig.client->end();
  CHECK(rig.host.exit_code == 0);
  CHECK(rig.output.content() == "42\n");
}

TEST_CASE("with MQTT 5 only the request's correlation data makes an answer") {
  RequestRig rig(kV5, 2);
  rig.begin();
  REQUIRE(rig.client->published.size() == 1);
  const std::string prefix =
      "me/" + std::to_string(rig.host.now().time_since_epoch().count()) + "/";
  rig.answer("somebody else's", "x");
  rig.answer("first", prefix + "1");
  REQUIRE(rig.client->published.size() == 2);
  rig.answer("late", prefix + "1");
  CHECK_FALSE(rig.client->stopped);
  rig.answer("second", prefix + "2");
  CHECK(rig.client->stopped);
  CHECK(rig.output.content() == "first\nsecond\n");
}

TEST_CASE("before MQTT 5 a text can tell the answer") {
  RequestRig rig(kV3, 1, "\"id\":7");
  rig.begin();
  rig.answer("{\"id\":6}", "");
  CHECK_FALSE(rig.client->stopped);
  rig.answer("{\"id\":7}", "");
  CHECK(rig.client->stopped);
  CHECK(rig.output.content() == "{\"id\":7}\n");
}

TEST_CASE("no answer in time is a time-out that says what came instead") {
  RequestRig rig(kV5);
  rig.begin();
  rig.answer("other", "x");
  rig.requester->on_deadline(2s);
  CHECK(rig.client->aborted);
  rig.client->end();
  CHECK(rig.host.exit_code == 124);
  CHECK(rig.host.said().find("timed out after 2s: no answer") != std::string::npos);
  CHECK(rig.host.said().find("1 message on the response topic was no answer") != std::string::npos);
}

TEST_CASE("a denied subscription, a refused request and a lost connection are errors") {
  {
    RequestRig rig(kV5);
    rig.client->connect();
    rig.client->grant({0x87});
    CHECK(rig.client->published.empty());
    rig.client->end();
    CHECK(rig.host.exit_code == 77);
  }
  {
    RequestRig rig(kV5);
    rig.begin();
    rig.client->refuse({ErrorKind::Permission, Cause::PubDenied, "not authorized", {}});
    rig.client->end();
    CHECK(rig.host.exit_code == 77);
  }
  RequestRig rig(kV5);
  rig.begin();
  const Error lost{ErrorKind::Unreachable, Cause::MqttLost, "the connection was lost", {}};
  rig.client->end(&lost);
  CHECK(rig.host.exit_code == 69);
}

}  // namespace mqtk::pub::test
