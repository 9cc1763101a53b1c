#include "support/catch.hpp"
#include "unit/protocol/harness.hpp"

namespace mqtk::test {

using wire::PacketType;
using wire::ProtocolVersion;
using wire::Qos;

namespace {

struct Breach {
  std::string what;
  std::string rule;
  std::function<bool(Harness&)> act;  ///< the answer of feed()
};

std::vector<Breach> breaches() {
  return {
      {"a second CONNACK", "MQTT-3.2.0-2", [](Harness& h) { return h.feed(wire::Connack{}); }},
      {"PINGRESP unasked", "MQTT-3.12.4-1", [](Harness& h) { return h.feed(wire::Pingresp{}); }},
      {"PINGREQ", "2.1.2", [](Harness& h) { return h.feed(wire::Pingreq{}); }},
      {"SUBSCRIBE", "2.1.2",
       [](Harness& h) {
         return h.feed(wire::Subscribe{1, {{"a"}}, {}});
       }},
      {"PUBACK for nothing", "MQTT-4.3.2-2",
       [](Harness& h) { return h.reply(PacketType::Puback, 3); }},
      {"PUBCOMP for nothing", "MQTT-4.3.3-2",
       [](Harness& h) { return h.reply(PacketType::Pubcomp, 3); }},
      {"PUBACK for QoS 2", "MQTT-4.3.3-2",
       [](Harness& h) {
         h.publish(Qos::ExactlyOnce, 1);
         return h.reply(PacketType::Puback, 1);
       }},
      {"PUBCOMP before PUBREC", "MQTT-4.3.3-2",
       [](Harness& h) {
         h.publish(Qos::ExactlyOnce, 1);
         return h.reply(PacketType::Pubcomp, 1);
       }},
      {"PUBREC for QoS 1", "MQTT-4.3.3-2",
       [](Harness& h) {
         h.publish(Qos::AtLeastOnce, 1);
         return h.reply(PacketType::Pubrec, 1);
       }},
      {"SUBACK unasked", "MQTT-3.8.4-2",
       [](Harness& h) {
         return h.feed(wire::Suback{4, Bytes("\0", 1), {}});
       }},
      {"SUBACK with too many codes", "MQTT-3.8.4-5",
       [](Harness& h) {
         h.state.subscribe({{"a"}}, 1, {}, h.now);
         return h.feed(wire::Suback{1, Bytes("\0\0", 2), {}});
       }},
      {"an identifier used again", "MQTT-2.2.1-4",
       [](Harness& h) {
         return h.deliver(Qos::ExactlyOnce, 5, "a") && h.deliver(Qos::ExactlyOnce, 5, "b");
       }},
  };
}

}  // namespace

TEST_CASE("what the server may not send is refused with its rule") {
  const auto version = GENERATE(ProtocolVersion::V31, ProtocolVersion::V311, ProtocolVersion::V5);
  for (const Breach& breach : breaches()) {
    INFO(breach.what << ", MQTT " << name(version));
    Harness harness(settings_for(version));
    REQUIRE(harness.connect());
    harness.take();
    CHECK_FALSE(breach.act(harness));
    REQUIRE(harness.state.fault());
    CHECK(harness.state.fault()->rule == breach.rule);
    CHECK(harness.state.fault()->kind == ProtocolFault::Kind::Protocol);
    const bool said_goodbye = harness.take_text().ends_with("DISCONNECT");
    CHECK(said_goodbye == (version == ProtocolVersion::V5));
  }
}

TEST_CASE("packets before CONNACK, and bytes that are no MQTT") {
  Harness early(settings_for(ProtocolVersion::V311));
  early.state.connection_opened(early.now);
  CHECK_FALSE(early.deliver(Qos::AtMostOnce, 0, "x"));
  CHECK(early.state.fault()->kind == ProtocolFault::Kind::Protocol);
  CHECK(early.state.fault()->rule == "MQTT-3.2.0-1");

  Harness http(settings_for(ProtocolVersion::V311));
  http.state.connection_opened(http.now);
  CHECK_FALSE(http.feed_raw("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(http.state.fault()->kind == ProtocolFault::Kind::NotMqtt);
}

TEST_CASE("a packet of MQTT in the place of CONNACK is told as such") {
  struct Case {
    ProtocolVersion version;
    std::string octets;
    std::string rule;
    std::string what;
  };
  const std::string auth("\xF0\x09\x18\x07\x15\0\4SCRM", 11);
  const std::string asks =
      "answered CONNECT with AUTH: it asks for the authentication method 'SCRM'";
  const std::vector<Case> cases = {
      {ProtocolVersion::V5, auth, "MQTT-4.12.0-6", asks},
      {ProtocolVersion::V311, auth, "MQTT-4.12.0-6", asks},
      {ProtocolVersion::V5, std::string("\xF0\0", 2), "MQTT-4.12.0-6", "without the name"},
      {ProtocolVersion::V311, std::string("\x90\3\0\1\0", 5), "MQTT-3.2.0-1", "with SUBACK"},
      {ProtocolVersion::V311, std::string("\x30\4\0\1ax", 6), "MQTT-3.2.0-1", "with PUBLISH"},
      {ProtocolVersion::V311, std::string("\xD0\0", 2), "MQTT-3.2.0-1", "with PINGRESP"},
  };
  for (const Case& each : cases) {
    INFO(each.what);
    Harness h(settings_for(each.version));
    h.state.connection_opened(h.now);
    CHECK_FALSE(h.feed_raw(each.octets));
    REQUIRE(h.state.fault());
    CHECK(h.state.fault()->kind == ProtocolFault::Kind::Protocol);
    CHECK(h.state.fault()->rule == each.rule);
    CHECK_THAT(h.state.fault()->what, Catch::Matchers::ContainsSubstring(each.what));
  }
  Harness moved(settings_for(ProtocolVersion::V5));
  moved.state.connection_opened(moved.now);
  CHECK(moved.feed_raw(std::string("\xE0\2\x9D\0", 4)));
  CHECK(moved.server_disconnects == std::vector{wire::ReasonCode::ServerMoved});
  // Text that begins like a packet, half a packet, and what only clients send.
  for (const std::string octets : {"0123456789", "PING", "@x", "\x10\x0C", "\xC0\0"}) {
    Harness h(settings_for(ProtocolVersion::V311));
    h.state.connection_opened(h.now);
    CHECK_FALSE(h.feed_raw(octets));
    CHECK(h.state.fault()->kind == ProtocolFault::Kind::NotMqtt);
  }
}

TEST_CASE("DISCONNECT and AUTH by version") {
  Harness v311(settings_for(ProtocolVersion::V311));
  REQUIRE(v311.connect());
  CHECK_FALSE(v311.feed_raw(std::string("\xE0\x00", 2)));
  Harness v5(settings_for(ProtocolVersion::V5));
  REQUIRE(v5.connect());
  CHECK(v5.feed(wire::Disconnect{wire::ReasonCode::SessionTakenOver, {}}));
  CHECK(v5.server_disconnects == std::vector{wire::ReasonCode::SessionTakenOver});
  CHECK_FALSE(v5.state.connected());
  Harness auth(settings_for(ProtocolVersion::V5));
  REQUIRE(auth.connect());
  CHECK_FALSE(auth.feed(wire::Auth{wire::ReasonCode::ContinueAuthentication, {}}));
}

TEST_CASE("a session that was not asked for, and a packet larger than allowed") {
  Harness clean(settings_for(ProtocolVersion::V311, true));
  CHECK_FALSE(clean.connect(true));
  CHECK(clean.state.fault()->rule == "MQTT-3.2.2-2");
  SessionSettings settings = settings_for(ProtocolVersion::V311);
  settings.max_packet_size = 50;
  Harness small(settings);
  REQUIRE(small.connect());
  CHECK_FALSE(small.deliver(Qos::AtMostOnce, 0, std::string(100, 'x')));
  CHECK(small.state.fault()->reason == wire::ReasonCode::PacketTooLarge);
}

}  // namespace mqtk::test
