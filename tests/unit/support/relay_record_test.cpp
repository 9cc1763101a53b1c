#include "support/relay_record.hpp"

#include "support/catch.hpp"
#include "wire/codec.hpp"

using namespace mqtk;

namespace {

std::string text_of(const wire::Packet& packet, wire::ProtocolVersion version,
                    std::size_t capture = 1000) {
  std::string octets;
  wire::encode(packet, version, octets);
  PacketScanner scanner(capture);
  Bytes input = octets;
  while (!input.empty()) scanner.next(input);
  RelayRecord record = read_record(scanner, version, 8);
  record.connection = 4;
  return to_text(record);
}

}  // namespace

TEST_CASE("record: a PUBLISH in each version") {
  wire::Properties properties;
  properties.add_user_property("name", "value");
  wire::Publish packet;
  packet.topic = "a/b";
  packet.payload = Bytes("1 \xFF\n567890", 10);
  packet.qos = wire::Qos::ExactlyOnce;
  packet.retain = packet.dup = true;
  packet.packet_id = 258;
  CHECK(text_of(packet, wire::ProtocolVersion::V311) ==
        "#4 > PUBLISH id=258 qos=2 dup retain size=19 topic=a/b payload=1\\x20\\xff\\x0a5678");
  packet.properties = properties;
  CHECK(text_of(packet, wire::ProtocolVersion::V5) ==
        "#4 > PUBLISH id=258 qos=2 dup retain size=34 topic=a/b payload=1\\x20\\xff\\x0a5678");
}

TEST_CASE("record: acknowledgements have an identifier, others none") {
  wire::PublishReply reply;
  reply.type = wire::PacketType::Pubcomp;
  reply.packet_id = 7;
  CHECK(text_of(reply, wire::ProtocolVersion::V5) == "#4 > PUBCOMP id=7 size=4");
  CHECK(text_of(wire::Pingreq{}, wire::ProtocolVersion::V5) == "#4 > PINGREQ size=2");
  CHECK(text_of(wire::Connect{}, wire::ProtocolVersion::V311) == "#4 > CONNECT size=14");
}

TEST_CASE("record: reads what was captured and no more") {
  wire::Publish packet;
  packet.topic = "a/b/c";
  packet.payload = "payload";
  packet.qos = wire::Qos::AtLeastOnce;
  packet.packet_id = 9;
  for (std::size_t capture = 0; capture < 20; ++capture) {
    const std::string text = text_of(packet, wire::ProtocolVersion::V5, capture);
    CHECK(text.find("size=19") != std::string::npos);
    CHECK((text.find("id=9") != std::string::npos) == (capture >= 11));
  }
}
