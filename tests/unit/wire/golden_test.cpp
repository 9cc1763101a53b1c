#include <algorithm>
#include <set>

#include "support/catch.hpp"
#include "unit/wire/golden.hpp"

namespace mqtk::test {

namespace {

Frame frame_of(Bytes bytes) {
  Framer framer;
  Frame frame;
  REQUIRE(framer.next(bytes, frame) == Framer::Status::Frame);
  REQUIRE(bytes.empty());
  return frame;
}

}  // namespace

TEST_CASE("the golden packets name every packet type, and every one in MQTT 5 form") {
  std::set<PacketType> types;
  for (const Golden& golden : golden_packets()) types.insert(type_of(golden.packet));
  CHECK(types.size() == 15);
}

TEST_CASE("golden bytes decode to the packet they are") {
  for (const Golden& golden : golden_packets()) {
    CAPTURE(golden.name);
    const std::string bytes = bytes_of(golden.bytes);
    const Frame frame = frame_of(bytes);
    CHECK(frame.size == bytes.size());
    const BodyCopy body(frame.body);
    const auto decoded = decode({frame.first, body.bytes(), frame.size}, golden.version);
    INFO((decoded ? "" : decoded.error().what));
    REQUIRE(decoded);
    CHECK(*decoded == golden.packet);
    CHECK(type_of(*decoded) == frame.type());
  }
}

TEST_CASE("packets encode to their golden bytes, after what is in the buffer already") {
  for (const Golden& golden : golden_packets()) {
    CAPTURE(golden.name);
    std::string out = "before";
    encode(golden.packet, golden.version, out);
    CHECK(to_hex(out) == to_hex("before" + bytes_of(golden.bytes)));
    CHECK(encoded_size(golden.packet, golden.version) == out.size() - 6);
  }
}

TEST_CASE("the shorter ways to encode agree with the general one") {
  for (const Golden& golden : golden_packets()) {
    CAPTURE(golden.name);
    std::string out;
    if (const auto* publish = std::get_if<Publish>(&golden.packet)) {
      encode(*publish, golden.version, out);
      CHECK(publish_size(*publish, golden.version) == out.size());
      std::string head;
      encode_publish_head(*publish, golden.version, head);
      CHECK(head + std::string(publish->payload) == out);
    } else if (const auto* connect = std::get_if<Connect>(&golden.packet)) {
      encode(*connect, out);
    } else if (const auto* reply = std::get_if<PublishReply>(&golden.packet)) {
      encode(*reply, golden.version, out);
    } else {
      continue;
    }
    CHECK(to_hex(out) == to_hex(bytes_of(golden.bytes)));
  }
}

TEST_CASE("a stream that ends inside a packet never yields one") {
  for (const Golden& golden : golden_packets()) {
    CAPTURE(golden.name);
    const std::string bytes = bytes_of(golden.bytes);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const BodyCopy cut(Bytes(bytes).substr(0, size));
      Bytes input = cut.bytes();
      Framer framer;
      Frame frame;
      CHECK(framer.next(input, frame) == Framer::Status::NeedMore);
    }
  }
}

TEST_CASE("a body that is cut short is refused with a rule") {
  for (const Golden& golden : golden_packets()) {
    const std::string bytes = bytes_of(golden.bytes);
    const Frame frame = frame_of(bytes);
    for (std::size_t size = 0; size < frame.body.size(); ++size) {
      CAPTURE(golden.name, size);
      const BodyCopy cut(frame.body.substr(0, size));
      const auto decoded = decode({frame.first, cut.bytes(), size + 2}, golden.version);
      const bool legal = std::count(golden.legal_cuts.begin(), golden.legal_cuts.end(), size) != 0;
      REQUIRE(decoded.has_value() == legal);
      if (!legal) CHECK_FALSE(decoded.error().rule.empty());
    }
  }
}

TEST_CASE("an octet too many is refused") {
  for (const Golden& golden : golden_packets()) {
    CAPTURE(golden.name);
    const auto type = type_of(golden.packet);
    if (type == PacketType::Publish) continue;  // part of the payload
    if (type == PacketType::Suback || type == PacketType::Unsuback) continue;  // see the next case
    const std::string bytes = bytes_of(golden.bytes);
    const Frame frame = frame_of(bytes);
    const BodyCopy longer(std::string(frame.body) + '\x7F');
    CHECK_FALSE(decode({frame.first, longer.bytes(), frame.size + 1}, golden.version));
  }
}

TEST_CASE("an octet that is no return code is refused at the end of SUBACK and UNSUBACK") {
  for (const Golden& golden : golden_packets()) {
    const auto type = type_of(golden.packet);
    if (type != PacketType::Suback && type != PacketType::Unsuback) continue;
    CAPTURE(golden.name);
    const std::string bytes = bytes_of(golden.bytes);
    const Frame frame = frame_of(bytes);
    const BodyCopy longer(std::string(frame.body) + '\x03');
    CHECK_FALSE(decode({frame.first, longer.bytes(), frame.size + 1}, golden.version));
  }
}

TEST_CASE("packets that look alike in all versions decode alike") {
  for (const auto version : {ProtocolVersion::V31, ProtocolVersion::V311, ProtocolVersion::V5}) {
    for (const std::string_view text : {"40 02 0001", "62 02 0001", "C0 00", "D0 00", "E0 00"}) {
      CAPTURE(text, static_cast<int>(version));
      const std::string bytes = bytes_of(text);
      const auto decoded = decode(frame_of(bytes), version);
      REQUIRE(decoded);
      std::string out;
      encode(*decoded, version, out);
      CHECK(out == bytes);
    }
  }
}

}  // namespace mqtk::test
