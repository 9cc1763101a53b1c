#include "support/script.hpp"

#include "support/catch.hpp"
#include "wire/codec.hpp"

using namespace mqtk;

namespace {

std::size_t position(const wire::Packet& packet, wire::ProtocolVersion version) {
  std::string octets;
  wire::encode(packet, version, octets);
  return packet_id_position(octets);
}

}  // namespace

TEST_CASE("script: where packet identifiers stand") {
  const std::string large(200, 'x');
  wire::Publish publish;
  publish.topic = "topic";
  publish.payload = large;
  CHECK(position(publish, wire::ProtocolVersion::V5) == 0);
  publish.qos = wire::Qos::AtLeastOnce;
  publish.packet_id = 1;
  CHECK(position(publish, wire::ProtocolVersion::V5) == 3 + 2 + 5);
  wire::Suback suback;
  suback.packet_id = 1;
  suback.codes = large;
  CHECK(position(suback, wire::ProtocolVersion::V5) == 3);
  CHECK(position(wire::PublishReply{}, wire::ProtocolVersion::V311) == 2);
  CHECK(position(wire::Connect{}, wire::ProtocolVersion::V311) == 0);
  CHECK(position(wire::Pingresp{}, wire::ProtocolVersion::V311) == 0);
  CHECK(packet_id_position("") == 0);
  CHECK(packet_id_position("\x40") == 0);
}

TEST_CASE("script: packets are encoded when they are given") {
  Script script;
  {
    const std::string payload = "gone by the time it is sent";
    wire::Publish publish;
    publish.topic = "t";
    publish.payload = payload;
    script.reply(publish).send_raw("raw");
  }
  REQUIRE(script.steps().size() == 2);
  CHECK(script.steps()[0].octets[1].ends_with("gone by the time it is sent"));
  CHECK(script.steps()[0].octets[2].size() == script.steps()[0].octets[1].size() + 1);
  CHECK(script.steps()[1].octets[0] == "raw");
}
