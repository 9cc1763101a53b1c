#include "output/packet_text.hpp"

#include "support/catch.hpp"

namespace mqtk::test {

using namespace wire;

namespace {

std::string sent(const Packet& packet, ProtocolVersion version = ProtocolVersion::V311) {
  return sent_packet_text("me", packet, version);
}
std::string received(const Packet& packet, ProtocolVersion version = ProtocolVersion::V311) {
  return received_packet_text("me", packet, version);
}

constexpr ProtocolVersion kV5 = ProtocolVersion::V5;

}  // namespace

TEST_CASE("CONNECT never shows secrets") {
  Connect connect;
  CHECK(sent(connect) == "Client me sending CONNECT (v3.1.1, c1, k60)");
  connect.version = kV5;
  connect.clean_start = false;
  connect.keep_alive_s = 0;
  connect.username = "bob-the-token";
  connect.password = "hunter2";
  connect.will = Will{.topic = "a/will",
                      .payload = "secret",
                      .qos = Qos::AtLeastOnce,
                      .retain = true,
                      .properties = {}};
  Properties properties;
  REQUIRE(properties.add(PropertyId::SessionExpiryInterval, 60));
  REQUIRE(properties.add(PropertyId::AuthenticationMethod, "SCRAM"));
  REQUIRE(properties.add(PropertyId::AuthenticationData, "hunter2"));
  connect.properties = properties;
  const std::string text = sent(connect, kV5);
  CHECK(
      text ==
      "Client me sending CONNECT (v5, c0, k0, username, password, will q1 r1 'a/will' (6 bytes)) "
      "{session-expiry-interval 60, authentication-method 'SCRAM', authentication-data (7 bytes)}");
  for (const char* secret : {"hunter2", "bob-the-token", "secret"}) {
    CHECK(text.find(secret) == std::string::npos);
  }
}

TEST_CASE("CONNACK names its code") {
  CHECK(received(Connack{}) == "Client me received CONNACK (0, accepted)");
  CHECK(received(Connack{.session_present = true}) ==
        "Client me received CONNACK (0, accepted, session present)");
  CHECK(received(Connack{.code = 5}) == "Client me received CONNACK (5, not authorized)");
  CHECK(received(Connack{.code = 0x87}, kV5) == "Client me received CONNACK (135, not authorized)");
  Properties properties;
  REQUIRE(properties.add(PropertyId::ReceiveMaximum, 20));
  REQUIRE(properties.add(PropertyId::RetainAvailable, 0));
  CHECK(received(Connack{.properties = properties}, kV5) ==
        "Client me received CONNACK (0, success) {receive-maximum 20, retain-available 0}");
}

TEST_CASE("PUBLISH shows the size of the payload, not the payload") {
  Publish publish{.topic = "a/b", .payload = "hello", .qos = Qos::AtLeastOnce, .packet_id = 7};
  CHECK(sent(publish) == "Client me sending PUBLISH (d0, q1, r0, m7, 'a/b', ... (5 bytes))");
  publish = {.topic = "x", .payload = "", .retain = true, .dup = true};
  CHECK(received(publish) == "Client me received PUBLISH (d1, q0, r1, m0, 'x', ... (0 bytes))");
  Properties properties;
  REQUIRE(properties.add(PropertyId::ContentType, "text/plain"));
  REQUIRE(properties.add(PropertyId::CorrelationData, "12345678"));
  REQUIRE(properties.add_user_property("k\n", "v\x1b"));
  publish.properties = properties;
  CHECK(
      received(publish, kV5) ==
      "Client me received PUBLISH (d1, q0, r1, m0, 'x', ... (0 bytes)) {content-type 'text/plain', "
      "correlation-data (8 bytes), user-property 'k\\x0a'='v\\x1b'}");
}

TEST_CASE("replies to PUBLISH") {
  const auto reply = [](PacketType type, ReasonCode reason = ReasonCode::Success) {
    return PublishReply{.type = type, .packet_id = 9, .reason = reason};
  };
  CHECK(received(reply(PacketType::Puback)) == "Client me received PUBACK (Mid: 9, RC:0)");
  CHECK(received(reply(PacketType::Pubrec)) == "Client me received PUBREC (Mid: 9, RC:0)");
  CHECK(received(reply(PacketType::Pubrel)) == "Client me received PUBREL (Mid: 9, RC:0)");
  CHECK(received(reply(PacketType::Pubcomp)) == "Client me received PUBCOMP (Mid: 9, RC:0)");
  CHECK(sent(reply(PacketType::Puback)) == "Client me sending PUBACK (m9, rc0)");
  CHECK(sent(reply(PacketType::Pubrec)) == "Client me sending PUBREC (m9, rc0)");
  CHECK(sent(reply(PacketType::Pubrel)) == "Client me sending PUBREL (m9, rc0)");
  CHECK(sent(reply(PacketType::Pubcomp)) == "Client me sending PUBCOMP (m9, rc0)");
  CHECK(received(reply(PacketType::Puback, ReasonCode::NotAuthorized), kV5) ==
        "Client me received PUBACK (Mid: 9, RC:135, not authorized)");
}

TEST_CASE("SUBSCRIBE and UNSUBSCRIBE have a line for each filter") {
  Subscribe subscribe{.packet_id = 1, .requests = {{.filter = "a/#"}}};
  CHECK(sent(subscribe) ==
        "Client me sending SUBSCRIBE (Mid: 1, Topic: a/#, QoS: 0, Options: 0x00)");
  subscribe.requests.push_back({.filter = "b\x1b",
                                .qos = Qos::ExactlyOnce,
                                .no_local = true,
                                .retain_as_published = true,
                                .retain_handling = RetainHandling::DoNotSend});
  CHECK(sent(subscribe, kV5) ==
        "Client me sending SUBSCRIBE (Mid: 1, Topic: a/#, QoS: 0, Options: 0x00)\n"
        "Client me sending SUBSCRIBE (Mid: 1, Topic: b\\x1b, QoS: 2, Options: 0x2c)");
  CHECK(sent(Unsubscribe{.packet_id = 2, .filters = {"a", "b"}}) ==
        "Client me sending UNSUBSCRIBE (Mid: 2, Topic: a)\n"
        "Client me sending UNSUBSCRIBE (Mid: 2, Topic: b)");
}

TEST_CASE("SUBACK and UNSUBACK list their codes") {
  CHECK(received(Suback{.packet_id = 1, .codes = Bytes("\x00\x02\x80", 3)}) ==
        "Client me received SUBACK (Mid: 1, 0 2 128 failure)");
  CHECK(received(Suback{.packet_id = 1, .codes = "\x87"}, kV5) ==
        "Client me received SUBACK (Mid: 1, 135 not authorized)");
  CHECK(received(Unsuback{.packet_id = 3}) == "Client me received UNSUBACK (Mid: 3)");
  CHECK(received(Unsuback{.packet_id = 3, .codes = "\x11"}, kV5) ==
        "Client me received UNSUBACK (Mid: 3, 17)");
}

TEST_CASE("the packets without a body") {
  CHECK(sent(Pingreq{}) == "Client me sending PINGREQ");
  CHECK(received(Pingresp{}) == "Client me received PINGRESP");
  CHECK(sent(Disconnect{}) == "Client me sending DISCONNECT");
}

TEST_CASE("DISCONNECT and AUTH give their reason in MQTT 5") {
  CHECK(received(Disconnect{.reason = ReasonCode::SessionTakenOver}, kV5) ==
        "Client me received DISCONNECT (142, session taken over)");
  CHECK(sent(Disconnect{}, kV5) == "Client me sending DISCONNECT (0, normal disconnection)");
  Properties properties;
  REQUIRE(properties.add(PropertyId::AuthenticationData, "abc"));
  CHECK(
      received(Auth{.reason = ReasonCode::ContinueAuthentication, .properties = properties}, kV5) ==
      "Client me received AUTH (24, continue authentication) {authentication-data (3 bytes)}");
}

TEST_CASE("client identifiers are shown safely") {
  CHECK(sent_packet_text("", Pingreq{}, kV5) == "Client (null) sending PINGREQ");
  CHECK(sent_packet_text("a\x1b", Pingreq{}, kV5) == "Client a\\x1b sending PINGREQ");
}

}  // namespace mqtk::test
