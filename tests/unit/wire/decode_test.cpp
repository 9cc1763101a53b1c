// What decoding lets through on purpose: the liberties of 3.1 and two habits of real brokers.
#include "support/catch.hpp"
#include "unit/wire/golden.hpp"

namespace mqtk::test {

namespace {

// Decodes into storage that lives as long as the program: the packet only looks at its bytes.
template <typename T>
T decoded_as(std::string_view hex_text, ProtocolVersion version) {
  static std::vector<std::unique_ptr<std::string>> store;
  store.push_back(std::make_unique<std::string>(bytes_of(hex_text)));
  Bytes input = *store.back();
  Framer framer;
  Frame frame;
  CAPTURE(hex_text);
  REQUIRE(framer.next(input, frame) == Framer::Status::Frame);
  const auto decoded = decode(frame, version);
  INFO((decoded ? "" : decoded.error().what));
  REQUIRE(decoded);
  REQUIRE(std::holds_alternative<T>(*decoded));
  return std::get<T>(*decoded);
}

}  // namespace

TEST_CASE("3.1: the octet before the return code of CONNACK means nothing") {
  const auto connack = decoded_as<Connack>("20 02 FF 00", V31);
  CHECK_FALSE(connack.session_present);
  CHECK(connack.code == 0);
}

TEST_CASE("3.1: requests that may be repeated may say so") {
  CHECK(decoded_as<Subscribe>("8A 06 0001 0001 'a' 01", V31).packet_id == 1);
  CHECK(decoded_as<Unsubscribe>("AA 05 0001 0001 'a'", V31).filters.size() == 1);
  CHECK(decoded_as<PublishReply>("6A 02 0001", V31).type == PacketType::Pubrel);
}

TEST_CASE("3.1: bits without a meaning are disregarded") {
  CHECK(decoded_as<Subscribe>("82 06 0001 0001 'a' FD", V31).requests[0].qos == Qos::AtLeastOnce);
  const auto connect = decoded_as<Connect>("10 0F 0006 'MQIsdp' 03 3B 003C 0001 'c'", V31);
  CHECK_FALSE(connect.will);
  CHECK(connect.clean_start);
}

TEST_CASE("3.1: a user name may be announced and missing") {
  const auto neither = decoded_as<Connect>("10 0F 0006 'MQIsdp' 03 C2 003C 0001 'c'", V31);
  CHECK_FALSE(neither.username);
  CHECK_FALSE(neither.password);
  const auto name = decoded_as<Connect>("10 12 0006 'MQIsdp' 03 C2 003C 0001 'c' 0001 'u'", V31);
  CHECK(name.username == Bytes("u"));
  CHECK_FALSE(name.password);
}

TEST_CASE("3.1.1: any code from 0x80 in SUBACK is a failure") {
  CHECK(decoded_as<Suback>("90 03 0001 8F", V311).codes == "\x8F");
  CHECK(decoded_as<Suback>("90 04 0001 FF 87", V311).codes.size() == 2);
}

TEST_CASE("3.1.1: a refusal with a code of its own goes through") {
  CHECK(decoded_as<Connack>("20 02 00 06", V311).code == 6);
  CHECK(decoded_as<Connack>("20 02 00 87", V311).code == 0x87);
}

TEST_CASE("5: a server that knows only MQTT 3 refuses in its own form") {
  for (const int code : {1, 2, 3, 4, 5}) {
    const auto connack = decoded_as<Connack>("20 02 00 0" + std::to_string(code), V5);
    CHECK(connack.code == code);
    CHECK(connack.properties.empty());
  }
}

TEST_CASE("5: a password needs no user name") {
  const auto connect = decoded_as<Connect>("10 10 0004 'MQTT' 05 42 003C 00 0000 0001 'p'", V5);
  CHECK_FALSE(connect.username);
  CHECK(connect.password == Bytes("p"));
}

TEST_CASE("5: success may be spelled out") {
  CHECK(decoded_as<PublishReply>("40 04 0001 00 00", V5).reason == ReasonCode::Success);
  CHECK(decoded_as<Disconnect>("E0 02 00 00", V5).reason == ReasonCode::Success);
}

TEST_CASE("CONNECT names its version, whatever was asked for") {
  CHECK(decoded_as<Connect>("10 0D 0004 'MQTT' 05 02 003C 00 0000", V31).version == V5);
  CHECK(decoded_as<Connect>("10 0C 0004 'MQTT' 04 02 003C 0000", V5).version == V311);
}

TEST_CASE("before MQTT 5 a filter that begins with $share is like any other") {
  CHECK(decoded_as<Subscribe>("82 0D 0001 0008 '$share/g' 00", V311).requests[0].filter ==
        "$share/g");
}

TEST_CASE("decoded strings and payloads are views into the frame") {
  const std::string bytes = bytes_of("32 0A 0003 'a/b' 0001 'hey'");
  Bytes input = bytes;
  Framer framer;
  Frame frame;
  REQUIRE(framer.next(input, frame) == Framer::Status::Frame);
  const auto publish = decode_publish(frame, V311);
  REQUIRE(publish);
  CHECK(publish->topic.data() == bytes.data() + 4);
  CHECK(publish->payload.data() == bytes.data() + 9);
}

}  // namespace mqtk::test
