#include "wire/reason_codes.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace mqtk::test {

using namespace mqtk::wire;

namespace {

// The tables of the packets' own sections (3.2.2.2, 3.4.2.1, ...), independent of table 2-6.
const std::map<PacketType, std::set<int>> kListed = {
    {PacketType::Connack, {0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
                           0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F}},
    {PacketType::Puback, {0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99}},
    {PacketType::Pubrec, {0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99}},
    {PacketType::Pubrel, {0x00, 0x92}},
    {PacketType::Pubcomp, {0x00, 0x92}},
    {PacketType::Suback, {0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2}},
    {PacketType::Unsuback, {0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91}},
    // 0x8C is in table 2-6 only.
    {PacketType::Disconnect,
     {0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93,
      0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2}},
    {PacketType::Auth, {0x00, 0x18, 0x19}},
};

}  // namespace

TEST_CASE("each packet allows the reasons that its section lists") {
  for (int type = 1; type <= 15; ++type) {
    const auto packet = static_cast<PacketType>(type);
    const auto listed = kListed.find(packet);
    for (int code = 0; code <= 255; ++code) {
      const bool expected = listed != kListed.end() && listed->second.count(code) != 0;
      CAPTURE(name(packet), code);
      REQUIRE(allowed(static_cast<ReasonCode>(code), packet) == expected);
    }
  }
}

TEST_CASE("every listed reason has a name of its own") {
  std::set<std::string_view> names;
  std::size_t known = 0;
  for (int code = 0; code <= 255; ++code) {
    const auto text = name(static_cast<ReasonCode>(code), PacketType::Connack);
    CHECK_FALSE(text.empty());
    if (text == "unknown reason") continue;
    ++known;
    names.insert(text);
  }
  CHECK(known == 43);
  CHECK(names.size() == known);
}

TEST_CASE("reason 0 reads by packet") {
  CHECK(name(ReasonCode::Success, PacketType::Puback) == "success");
  CHECK(name(ReasonCode::Success, PacketType::Disconnect) == "normal disconnection");
  CHECK(name(ReasonCode::Success, PacketType::Suback) == "granted QoS 0");
  CHECK(name(ReasonCode::GrantedQos2, PacketType::Suback) == "granted QoS 2");
  CHECK(name(ReasonCode::NotAuthorized, PacketType::Connack) == "not authorized");
  CHECK(name(static_cast<ReasonCode>(0x7F), PacketType::Connack) == "unknown reason");
}

TEST_CASE("failures begin at 0x80") {
  CHECK_FALSE(is_failure(ReasonCode::ReAuthenticate));
  CHECK_FALSE(is_failure(static_cast<ReasonCode>(0x7F)));
  CHECK(is_failure(ReasonCode::UnspecifiedError));
  CHECK(is_failure(static_cast<ReasonCode>(0xFF)));
}

TEST_CASE("return codes of MQTT 3") {
  std::set<std::string_view> names;
  for (std::uint8_t code = 0; code <= 5; ++code) names.insert(name(static_cast<ConnackCode>(code)));
  CHECK(names.size() == 6);
  CHECK(name(ConnackCode::IdentifierRejected) == "identifier rejected");
  CHECK(names.count("unknown return code") == 0);
  CHECK(name(static_cast<ConnackCode>(6)) == "unknown return code");
}

TEST_CASE("names of packet types and versions") {
  std::set<std::string_view> names;
  for (int type = 0; type <= 15; ++type) names.insert(name(static_cast<PacketType>(type)));
  CHECK(names.size() == 16);
  CHECK(name(static_cast<PacketType>(0)) == "reserved");
  CHECK(name(PacketType::Connect) == "CONNECT");
  CHECK(name(PacketType::Unsuback) == "UNSUBACK");
  CHECK(name(PacketType::Auth) == "AUTH");
  CHECK(name(ProtocolVersion::V31) == "3.1");
  CHECK(name(ProtocolVersion::V311) == "3.1.1");
  CHECK(name(ProtocolVersion::V5) == "5");
}

}  // namespace mqtk::test
