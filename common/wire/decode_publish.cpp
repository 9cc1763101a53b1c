// The packets of the fast path: PUBLISH and its four replies.
#include "wire/codec.hpp"
#include "wire/reader.hpp"
#include "wire/topic.hpp"

namespace mqtk::wire {

namespace {

Unexpected<Malformed> by_version(ProtocolVersion version, std::string_view rule_v3,
                                 std::string_view rule_v5, std::string_view what) {
  return malformed(version == ProtocolVersion::V5 ? rule_v5 : rule_v3, what);
}

Unexpected<Malformed> too_short(ProtocolVersion version) {
  return by_version(version, "2.2.3", "2.1.4", "a field runs past the end of the packet");
}

std::string_view reason_rule(PacketType type) {
  switch (type) {
    case PacketType::Puback:
      return "MQTT-3.4.2-1";
    case PacketType::Pubrec:
      return "MQTT-3.5.2-1";
    case PacketType::Pubrel:
      return "MQTT-3.6.2-1";
    default:
      return "MQTT-3.7.2-1";
  }
}

}  // namespace

Decoded<Publish> decode_publish(const Frame& frame, ProtocolVersion version) {
  const unsigned flags = frame.flags();
  const unsigned qos = (flags >> 1U) & 3U;
  if (qos == 3) return malformed("MQTT-3.3.1-4", "QoS is 3");
  if (qos == 0 && (flags & 8U) != 0) return malformed("MQTT-3.3.1-2", "DUP is set with QoS 0");

  Bytes left = frame.body;
  if (left.size() < 2) return too_short(version);
  const std::size_t topic_size = read_u16(left.data());
  const std::size_t head_size = 2 + topic_size + (qos == 0 ? 0 : 2);
  if (left.size() < head_size) return too_short(version);
  const Bytes topic = left.substr(2, topic_size);
  const bool aliased = topic.empty() && version == ProtocolVersion::V5;
  if (!aliased) {
    if (const auto fault = check_topic_name(topic)) return malformed(fault->rule, fault->what);
  }
  std::uint16_t packet_id = 0;
  if (qos != 0) {
    packet_id = read_u16(left.data() + 2 + topic_size);
    if (packet_id == 0) {
      return by_version(version, "MQTT-2.3.1-1", "MQTT-2.2.1-3", "the packet identifier is 0");
    }
  }
  left.remove_prefix(head_size);

  PropertiesView properties;
  if (version == ProtocolVersion::V5) {
    if (!left.empty() && left[0] == '\0') {
      left.remove_prefix(1);
    } else {
      Reader reader(left, version);
      properties = reader.properties(PropertyPlace::Publish);
      left = reader.rest();
      if (auto checked = reader.finish(Pingreq{}); !checked)
        return Unexpected<Malformed>{checked.error()};
    }
    if (aliased && !properties.find(PropertyId::TopicAlias)) {
      return malformed("3.3.2.1", "the topic is empty and there is no topic alias",
                       ReasonCode::ProtocolError);
    }
  }
  return Publish{.topic = topic,
                 .payload = left,
                 .qos = static_cast<Qos>(qos),
                 .retain = (flags & 1U) != 0,
                 .dup = (flags & 8U) != 0,
                 .packet_id = packet_id,
                 .properties = properties};
}

Decoded<PublishReply> decode_publish_reply(const Frame& frame, ProtocolVersion version) {
  const PacketType type = frame.type();
  const bool release = type == PacketType::Pubrel;
  unsigned flags = frame.flags();
  if (release && version == ProtocolVersion::V31) flags &= 7U;  // DUP is legal in 3.1
  if (flags != (release ? 2U : 0U)) {
    return by_version(version, release ? "MQTT-3.6.1-1" : "MQTT-2.2.2-2",
                      release ? "MQTT-3.6.1-1" : "MQTT-2.1.3-1",
                      "reserved flags are not as they must be");
  }
  Reader reader(frame.body, version);
  PublishReply packet{.type = type, .packet_id = reader.packet_id("2.2.1")};
  if (reader.v5() && !reader.at_end()) {
    packet.reason = static_cast<ReasonCode>(reader.byte());
    if (!allowed(packet.reason, type)) {
      reader.refuse(reason_rule(type), "the reason code is not one of this packet");
    }
    if (!reader.at_end()) packet.properties = reader.properties(static_cast<PropertyPlace>(type));
  }
  return reader.finish(packet);
}

}  // namespace mqtk::wire
