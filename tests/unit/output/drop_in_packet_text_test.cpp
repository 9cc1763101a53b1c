// Every line of -d of mosquitto's tools.
#include "output/drop_in_packet_text.hpp"

#include "support/catch.hpp"

using namespace mqtk;
using namespace mqtk::wire;

namespace {

Packet reply(PacketType type, std::uint16_t id, ReasonCode reason = ReasonCode::Success) {
  return PublishReply{.type = type, .packet_id = id, .reason = reason};
}

}  // namespace

TEST_CASE("what is sent") {
  DropInPacketText text("me", true);
  CHECK(text.sent(Connect{}) == "Client me sending CONNECT\n");
  Subscribe subscribe;
  subscribe.packet_id = 1;
  subscribe.requests = {
      {.filter = "a/#", .qos = Qos::ExactlyOnce},
      {.filter = "b", .retain_as_published = true, .retain_handling = RetainHandling::DoNotSend}};
  CHECK(text.sent(subscribe) ==
        "Client me sending SUBSCRIBE (Mid: 1, Topic: a/#, QoS: 2, Options: 0x00)\n"
        "Client me sending SUBSCRIBE (Mid: 1, Topic: b, QoS: 0, Options: 0x28)\n");
  CHECK(text.sent(Unsubscribe{.packet_id = 2, .filters = {"c"}}) ==
        "Client me sending UNSUBSCRIBE (Mid: 2, Topic: c)\n");
  CHECK(text.sent(Publish{.topic = "t", .payload = "hello", .retain = true}) ==
        "Client me sending PUBLISH (d0, q0, r1, m3, 't', ... (5 bytes))\n");
  CHECK(text.sent(Publish{.topic = "t", .qos = Qos::AtLeastOnce, .dup = true, .packet_id = 9}) ==
        "Client me sending PUBLISH (d1, q1, r0, m9, 't', ... (0 bytes))\n");
  CHECK(text.sent(Publish{.topic = "t"}) ==
        "Client me sending PUBLISH (d0, q0, r0, m10, 't', ... (0 bytes))\n");
  CHECK(text.sent(reply(PacketType::Puback, 4)) == "Client me sending PUBACK (m4, rc0)\n");
  CHECK(text.sent(reply(PacketType::Pubrec, 4, ReasonCode::NotAuthorized)) ==
        "Client me sending PUBREC (m4, rc135)\n");
  CHECK(text.sent(reply(PacketType::Pubrel, 4)) == "Client me sending PUBREL (m4)\n");
  CHECK(text.sent(reply(PacketType::Pubcomp, 4)) == "Client me sending PUBCOMP (m4)\n");
  CHECK(text.sent(Pingreq{}) == "Client me sending PINGREQ\n");
  CHECK(text.sent(Disconnect{}) == "Client me sending DISCONNECT\n");
}

TEST_CASE("what is received") {
  DropInPacketText text("", true);
  CHECK(text.received(Connack{.code = 5}) == "Client (null) received CONNACK (5)\n");
  Properties assigned;
  REQUIRE(assigned.add(PropertyId::AssignedClientIdentifier, "auto-1"));
  CHECK(text.received(Connack{.properties = assigned}) == "Client auto-1 received CONNACK (0)\n");
  CHECK(text.received(Suback{.packet_id = 1, .codes = std::string_view("\0\x02\x80", 3)}) ==
        "Client auto-1 received SUBACK\nSubscribed (mid: 1): 0, 2, 128\n");
  CHECK(text.received(Unsuback{}) == "Client auto-1 received UNSUBACK\n");
  CHECK(text.received(
            Publish{.topic = "t\x1b", .payload = "x", .qos = Qos::AtLeastOnce, .packet_id = 5}) ==
        "Client auto-1 received PUBLISH (d0, q1, r0, m5, 't\\x1b', ... (1 bytes))\n");
  CHECK(text.received(reply(PacketType::Puback, 4, ReasonCode::NotAuthorized)) ==
        "Client auto-1 received PUBACK (Mid: 4, RC:135)\n");
  CHECK(text.received(reply(PacketType::Pubrec, 4)) == "Client auto-1 received PUBREC (Mid: 4)\n");
  CHECK(text.received(reply(PacketType::Pubrel, 4)) == "Client auto-1 received PUBREL (Mid: 4)\n");
  CHECK(text.received(reply(PacketType::Pubcomp, 4)) ==
        "Client auto-1 received PUBCOMP (Mid: 4, RC:0)\n");
  CHECK(text.received(Pingresp{}) == "Client auto-1 received PINGRESP\n");
  CHECK(text.received(Disconnect{.reason = ReasonCode::SessionTakenOver}) ==
        "Received DISCONNECT (142)\n");
  CHECK(text.received(Auth{}) == "Client auto-1 received AUTH\n");
}

TEST_CASE("only mosquitto_sub says what it was granted") {
  DropInPacketText text("me", false);
  CHECK(text.received(Suback{.packet_id = 1, .codes = std::string_view("\0", 1)}) ==
        "Client me received SUBACK\n");
}
