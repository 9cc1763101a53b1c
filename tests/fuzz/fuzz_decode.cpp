// One packet's bytes under every version: whatever is accepted can be encoded, and comes back the
// same.
#include <array>
#include <string>

#include "fuzz/fuzz.hpp"
#include "wire/codec.hpp"
#include "wire/topic.hpp"
#include "wire/utf8.hpp"

namespace {

using namespace mqtk;
using namespace mqtk::wire;

constexpr std::size_t kMaxSize = std::size_t{1} << 20;

void walk(const PropertiesView& properties) {
  std::size_t count = 0;
  for (const Property& property : properties) {
    MQTK_FUZZ_REQUIRE(property.info != nullptr);
    MQTK_FUZZ_REQUIRE(properties.find(property.info->id));
    ++count;
  }
  MQTK_FUZZ_REQUIRE((count == 0) == properties.empty());
}

struct Walk {
  void operator()(const Connect& packet) const {
    walk(packet.properties);
    MQTK_FUZZ_REQUIRE(is_mqtt_string(packet.client_id));
    if (!packet.will) return;
    walk(packet.will->properties);
    MQTK_FUZZ_REQUIRE(!check_topic_name(packet.will->topic));
  }
  void operator()(const Publish& packet) const {
    walk(packet.properties);
    MQTK_FUZZ_REQUIRE((packet.packet_id == 0) == (packet.qos == Qos::AtMostOnce));
    MQTK_FUZZ_REQUIRE(packet.topic.empty() || !check_topic_name(packet.topic));
  }
  void operator()(const Subscribe& packet) const {
    walk(packet.properties);
    MQTK_FUZZ_REQUIRE(!packet.requests.empty() && packet.packet_id != 0);
    for (const auto& request : packet.requests) topic_matches(request.filter, "a/b");
  }
  void operator()(const Pingreq&) const {}
  void operator()(const Pingresp&) const {}
  template <typename T>
  void operator()(const T& packet) const {
    walk(packet.properties);
  }
};

ProtocolVersion version_of(const Packet& packet, ProtocolVersion version) {
  const auto* connect = std::get_if<Connect>(&packet);
  return connect == nullptr ? version : connect->version;
}

void check_frame(const Frame& frame, ProtocolVersion version) {
  const auto decoded = decode(frame, version);
  if (!decoded) {
    MQTK_FUZZ_REQUIRE(!decoded.error().rule.empty() && !decoded.error().what.empty());
    return;
  }
  MQTK_FUZZ_REQUIRE(type_of(*decoded) == frame.type());
  std::visit(Walk(), *decoded);

  std::string encoded;
  encode(*decoded, version, encoded);
  MQTK_FUZZ_REQUIRE(encoded.size() == encoded_size(*decoded, version));
  MQTK_FUZZ_REQUIRE(encoded.size() <= frame.size);
  const test::ExactCopy copy(encoded);
  Bytes input = copy.bytes();
  Framer framer;
  Frame again;
  MQTK_FUZZ_REQUIRE(framer.next(input, again) == Framer::Status::Frame && input.empty());
  const auto twice = decode(again, version_of(*decoded, version));
  MQTK_FUZZ_REQUIRE(twice && *twice == *decoded);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes all(reinterpret_cast<const char*>(data), size);
  constexpr std::array kVersions = {ProtocolVersion::V31, ProtocolVersion::V311,
                                    ProtocolVersion::V5};

  // As a stream, so that the lengths have to be right.
  Bytes input = all;
  Framer framer(kMaxSize);
  Frame frame;
  while (framer.next(input, frame) == Framer::Status::Frame) {
    for (ProtocolVersion version : kVersions) check_frame(frame, version);
  }

  // As first octet and body, so that the length never stands in the way.
  if (size == 0) return 0;
  const test::ExactCopy body(all.substr(1));
  frame = {data[0], body.bytes(), 1 + varint_size(static_cast<std::uint32_t>(size - 1)) + size - 1};
  for (ProtocolVersion version : kVersions) check_frame(frame, version);
  return 0;
}
