#include "output/packet_trace.hpp"

#include "support/catch.hpp"
#include "wire/codec.hpp"

using namespace mqtk;
using namespace mqtk::wire;

namespace {

std::string traced(const Packet& packet, ProtocolVersion version, TraceForm form,
                   bool sent = true) {
  return packet_trace(sent, "me", packet, version, form);
}

Connect connecting() {
  Connect packet;
  packet.version = ProtocolVersion::V5;
  packet.client_id = "me";
  packet.username = "user";
  packet.password = "secret";
  return packet;
}

}  // namespace

TEST_CASE("all fields and properties of a PUBLISH") {
  Properties properties;
  properties.add(PropertyId::ContentType, "text");
  properties.add(PropertyId::MessageExpiryInterval, 60);
  properties.add_user_property("k", "v\x1b");
  Publish packet;
  packet.topic = "a/b";
  packet.payload = "hello";
  packet.qos = Qos::AtLeastOnce;
  packet.packet_id = 7;
  packet.properties = properties;
  CHECK(traced(packet, ProtocolVersion::V5, TraceForm::Fields, false) ==
        "Client me received PUBLISH, 35 bytes\n"
        "  packet type: PUBLISH\n"
        "  dup: 0\n"
        "  qos: 1\n"
        "  retain: 0\n"
        "  remaining length: 33 octets\n"
        "  topic: 'a/b'\n"
        "  packet identifier: 7\n"
        "  properties: 20 octets\n"
        "    content-type: 'text'\n"
        "    message-expiry-interval: 60\n"
        "    user-property: 'k'='v\\x1b'\n"
        "  payload: 'hello', 5 bytes\n");
}

TEST_CASE("every octet of a packet stands in one line of its hex, in order") {
  Properties properties;
  properties.add(PropertyId::ContentType, "text");
  Publish packet;
  packet.topic = "a/b";
  packet.payload = "0123456789abcdefghij";
  packet.properties = properties;
  const std::string text = traced(packet, ProtocolVersion::V5, TraceForm::Hex);
  CHECK(text.find(
            "  0000  30                                                packet type: PUBLISH\n") !=
        std::string::npos);
  CHECK(text.find("  000f  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66   payload: ") !=
        std::string::npos);
  CHECK(text.find("  001f  67 68 69 6a \n") != std::string::npos);
  std::string bytes;
  encode(packet, ProtocolVersion::V5, bytes);
  std::size_t at = 0;
  for (const PacketField& field : packet_fields(bytes, ProtocolVersion::V5)) {
    CHECK(field.at == at);
    at += field.size;
  }
  CHECK(at == bytes.size());
}

TEST_CASE("passwords and authentication data are masked in both forms") {
  Properties properties;
  properties.add(PropertyId::AuthenticationMethod, "m");
  properties.add(PropertyId::AuthenticationData, "token");
  Connect packet = connecting();
  packet.properties = properties;
  for (const TraceForm form : {TraceForm::Fields, TraceForm::Hex}) {
    const std::string text = traced(packet, ProtocolVersion::V5, form);
    INFO(text);
    CHECK(text.find("secret") == std::string::npos);
    CHECK(text.find("token") == std::string::npos);
    CHECK(text.find("73 65 63") == std::string::npos);
    CHECK(text.find("74 6f 6b") == std::string::npos);
    CHECK(text.find("password: (masked)") != std::string::npos);
    CHECK(text.find("authentication-data: (masked)") != std::string::npos);
    CHECK(text.find("user name: 'user'") != std::string::npos);
  }
}

TEST_CASE("every kind of packet is covered by its fields") {
  const std::string codes("\x00\x01\x80", 3);
  Connect with_will = connecting();
  with_will.will = Will{.topic = "w", .payload = "gone", .qos = Qos::ExactlyOnce, .retain = true};
  const std::vector<Packet> packets = {
      with_will,
      Connack{.session_present = true, .code = 0},
      PublishReply{.type = PacketType::Puback, .packet_id = 1},
      PublishReply{.type = PacketType::Pubrec, .packet_id = 1, .reason = ReasonCode::NotAuthorized},
      PublishReply{.type = PacketType::Pubrel, .packet_id = 1},
      PublishReply{.type = PacketType::Pubcomp, .packet_id = 1},
      Subscribe{.packet_id = 2, .requests = {{.filter = "a"}, {.filter = "b", .no_local = true}}},
      Suback{.packet_id = 2, .codes = codes},
      Unsubscribe{.packet_id = 3, .filters = {"a", "b"}},
      Unsuback{.packet_id = 3, .codes = codes},
      Pingreq{},
      Pingresp{},
      Disconnect{.reason = ReasonCode::SessionTakenOver},
      Auth{.reason = ReasonCode::ContinueAuthentication}};
  for (const Packet& packet : packets) {
    std::string bytes;
    encode(packet, ProtocolVersion::V5, bytes);
    std::size_t size = 0;
    for (const PacketField& field : packet_fields(bytes, ProtocolVersion::V5)) size += field.size;
    INFO(name(type_of(packet)));
    CHECK(size == bytes.size());
  }
  Connect older = connecting();
  older.version = ProtocolVersion::V311;
  CHECK(traced(older, ProtocolVersion::V311, TraceForm::Fields).find("properties") ==
        std::string::npos);
}

TEST_CASE("long payloads are cut, and that is said") {
  Publish packet;
  const std::string payload(68'214, 'x');
  packet.topic = "t";
  packet.payload = payload;
  const std::string fields = traced(packet, ProtocolVersion::V311, TraceForm::Fields);
  CHECK(fields.find("(shown 200 of 68214 bytes)") != std::string::npos);
  CHECK(fields.size() < 1000);
  const std::string hex = traced(packet, ProtocolVersion::V311, TraceForm::Hex);
  CHECK(hex.find("... (shown 64 of 68214 bytes)") != std::string::npos);
}
