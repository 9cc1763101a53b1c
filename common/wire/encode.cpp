#include <variant>

#include "wire/codec.hpp"
#include "wire/fields.hpp"

namespace mqtk::wire {

namespace {

bool is_v5(ProtocolVersion version) {
  return version == ProtocolVersion::V5;
}

std::size_t field_size(Bytes value) {
  return 2 + value.size();
}

// The length prefix and the properties; nothing before MQTT 5.
std::size_t properties_size(const PropertiesView& properties, ProtocolVersion version) {
  if (!is_v5(version)) return 0;
  const std::size_t size = properties.raw().size();
  return varint_size(static_cast<std::uint32_t>(size)) + size;
}

void append_properties(const PropertiesView& properties, ProtocolVersion version,
                       std::string& out) {
  if (!is_v5(version)) return;
  append_varint(out, static_cast<std::uint32_t>(properties.raw().size()));
  out.append(properties.raw());
}

// The end of PUBACK and its siblings, DISCONNECT and AUTH: as short as the specification allows.
std::size_t reason_size(ReasonCode reason, const PropertiesView& properties,
                        ProtocolVersion version) {
  if (!is_v5(version)) return 0;
  if (!properties.empty()) return 1 + properties_size(properties, version);
  return reason == ReasonCode::Success ? 0 : 1;
}

void append_reason(ReasonCode reason, const PropertiesView& properties, ProtocolVersion version,
                   std::string& out) {
  if (reason_size(reason, properties, version) == 0) return;
  out.push_back(octet(static_cast<unsigned>(reason)));
  if (!properties.empty()) append_properties(properties, version, out);
}

// For each packet: flags of the first octet (0 where none is named), size of the body, and the
// body.

std::uint64_t body_size(const Connect& packet, ProtocolVersion) {
  const Bytes protocol = packet.version == ProtocolVersion::V31 ? "MQIsdp" : "MQTT";
  std::uint64_t size = field_size(protocol) + 4 +
                       properties_size(packet.properties, packet.version) +
                       field_size(packet.client_id);
  if (packet.will) {
    size += properties_size(packet.will->properties, packet.version) +
            field_size(packet.will->topic) + field_size(packet.will->payload);
  }
  if (packet.username) size += field_size(*packet.username);
  if (packet.password) size += field_size(*packet.password);
  return size;
}

void append_body(const Connect& packet, ProtocolVersion, std::string& out) {
  append_field(out, packet.version == ProtocolVersion::V31 ? "MQIsdp" : "MQTT");
  out.push_back(octet(static_cast<unsigned>(packet.version)));
  unsigned flags = (packet.username ? 0x80U : 0U) | (packet.password ? 0x40U : 0U);
  if (packet.will) {
    flags |=
        0x04U | (packet.will->retain ? 0x20U : 0U) | static_cast<unsigned>(packet.will->qos) << 3U;
  }
  if (packet.clean_start) flags |= 0x02U;
  out.push_back(octet(flags));
  append_u16(out, packet.keep_alive_s);
  append_properties(packet.properties, packet.version, out);
  append_field(out, packet.client_id);
  if (packet.will) {
    append_properties(packet.will->properties, packet.version, out);
    append_field(out, packet.will->topic);
    append_field(out, packet.will->payload);
  }
  if (packet.username) append_field(out, *packet.username);
  if (packet.password) append_field(out, *packet.password);
}

// Return codes 1 to 5 exist in MQTT 3 only, so they keep its form whatever was asked for; see
// decode.cpp.
ProtocolVersion connack_version(const Connack& packet, ProtocolVersion version) {
  return packet.code >= 1 && packet.code <= 5 ? ProtocolVersion::V311 : version;
}

std::uint64_t body_size(const Connack& packet, ProtocolVersion version) {
  return 2 + properties_size(packet.properties, connack_version(packet, version));
}

void append_body(const Connack& packet, ProtocolVersion version, std::string& out) {
  out.push_back(octet(packet.session_present ? 1U : 0U));
  out.push_back(octet(packet.code));
  append_properties(packet.properties, connack_version(packet, version), out);
}

std::uint64_t body_size(const Publish& packet, ProtocolVersion version) {
  return field_size(packet.topic) + (packet.qos == Qos::AtMostOnce ? 0U : 2U) +
         properties_size(packet.properties, version) + packet.payload.size();
}

std::uint64_t body_size(const PublishReply& packet, ProtocolVersion version) {
  return 2 + reason_size(packet.reason, packet.properties, version);
}

void append_body(const PublishReply& packet, ProtocolVersion version, std::string& out) {
  append_u16(out, packet.packet_id);
  append_reason(packet.reason, packet.properties, version, out);
}

std::uint64_t body_size(const Subscribe& packet, ProtocolVersion version) {
  std::uint64_t size = 2 + properties_size(packet.properties, version);
  for (const SubscriptionRequest& request : packet.requests) size += field_size(request.filter) + 1;
  return size;
}

unsigned options(const SubscriptionRequest& request, ProtocolVersion version) {
  const unsigned qos = static_cast<unsigned>(request.qos);
  if (!is_v5(version)) return qos;
  return qos | (request.no_local ? 4U : 0U) | (request.retain_as_published ? 8U : 0U) |
         static_cast<unsigned>(request.retain_handling) << 4U;
}

void append_body(const Subscribe& packet, ProtocolVersion version, std::string& out) {
  append_u16(out, packet.packet_id);
  append_properties(packet.properties, version, out);
  for (const SubscriptionRequest& request : packet.requests) {
    append_field(out, request.filter);
    out.push_back(octet(options(request, version)));
  }
}

std::uint64_t body_size(const Suback& packet, ProtocolVersion version) {
  return 2 + properties_size(packet.properties, version) + packet.codes.size();
}

void append_body(const Suback& packet, ProtocolVersion version, std::string& out) {
  append_u16(out, packet.packet_id);
  append_properties(packet.properties, version, out);
  out.append(packet.codes);
}

std::uint64_t body_size(const Unsubscribe& packet, ProtocolVersion version) {
  std::uint64_t size = 2 + properties_size(packet.properties, version);
  for (Bytes filter : packet.filters) size += field_size(filter);
  return size;
}

void append_body(const Unsubscribe& packet, ProtocolVersion version, std::string& out) {
  append_u16(out, packet.packet_id);
  append_properties(packet.properties, version, out);
  for (Bytes filter : packet.filters) append_field(out, filter);
}

std::uint64_t body_size(const Unsuback& packet, ProtocolVersion version) {
  return 2 + properties_size(packet.properties, version) +
         (is_v5(version) ? packet.codes.size() : 0);
}

void append_body(const Unsuback& packet, ProtocolVersion version, std::string& out) {
  append_u16(out, packet.packet_id);
  append_properties(packet.properties, version, out);
  if (is_v5(version)) out.append(packet.codes);
}

template <typename Empty>
std::uint64_t body_size(const Empty&, ProtocolVersion) requires std::is_empty_v<Empty> {
  return 0;
}

template <typename Empty>
void append_body(const Empty&, ProtocolVersion, std::string&) requires std::is_empty_v<Empty> {}

std::uint64_t body_size(const Disconnect& packet, ProtocolVersion version) {
  return reason_size(packet.reason, packet.properties, version);
}

void append_body(const Disconnect& packet, ProtocolVersion version, std::string& out) {
  append_reason(packet.reason, packet.properties, version, out);
}

// AUTH cannot leave its properties out when it has a reason (3.15.2.1).
std::uint64_t body_size(const Auth& packet, ProtocolVersion version) {
  const std::size_t size = reason_size(packet.reason, packet.properties, version);
  return size == 1 ? 2 : size;
}

void append_body(const Auth& packet, ProtocolVersion version, std::string& out) {
  append_reason(packet.reason, packet.properties, version, out);
  if (reason_size(packet.reason, packet.properties, version) == 1) out.push_back('\0');
}

unsigned first_octet(PacketType type) {
  const bool flagged = type == PacketType::Pubrel || type == PacketType::Subscribe ||
                       type == PacketType::Unsubscribe;
  return static_cast<unsigned>(type) << 4U | (flagged ? 2U : 0U);
}

std::uint64_t whole_size(std::uint64_t body) {
  const auto counted =
      static_cast<std::uint32_t>(body > kMaxRemainingLength ? kMaxRemainingLength : body);
  return 1 + varint_size(counted) + body;
}

template <typename T>
void append_packet(const T& packet, PacketType type, ProtocolVersion version, std::string& out) {
  out.push_back(octet(first_octet(type)));
  append_varint(out, static_cast<std::uint32_t>(body_size(packet, version)));
  append_body(packet, version, out);
}

}  // namespace

std::size_t varint_size(std::uint32_t value) {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  return value < 0x20'0000 ? 3 : 4;
}

void append_varint(std::string& out, std::uint32_t value) {
  for (; value >= 0x80; value >>= 7U) out.push_back(octet((value & 0x7FU) | 0x80U));
  out.push_back(octet(value));
}

std::uint64_t publish_size(const Publish& packet, ProtocolVersion version) {
  return whole_size(body_size(packet, version));
}

std::uint64_t encoded_size(const Packet& packet, ProtocolVersion version) {
  return whole_size(
      std::visit([&](const auto& value) { return body_size(value, version); }, packet));
}

// Written through a pointer: this runs once a message, millions of times a second.
void encode_publish_head(const Publish& packet, ProtocolVersion version, std::string& out) {
  const auto body = static_cast<std::uint32_t>(body_size(packet, version));
  const std::size_t head = 1 + varint_size(body) + body - packet.payload.size();
  const std::size_t start = out.size();
  out.resize(start + head);
  char* p = out.data() + start;
  const auto put = [&p](unsigned value) { *p++ = octet(value); };
  const auto put_bytes = [&p](Bytes bytes) { p += bytes.copy(p, bytes.size()); };
  const auto put_varint = [&put](std::uint32_t value) {
    for (; value >= 0x80; value >>= 7U) put((value & 0x7FU) | 0x80U);
    put(value);
  };

  put(first_octet(PacketType::Publish) | (packet.dup ? 8U : 0U) |
      static_cast<unsigned>(packet.qos) << 1U | (packet.retain ? 1U : 0U));
  put_varint(body);
  put(static_cast<unsigned>(packet.topic.size() >> 8U));
  put(static_cast<unsigned>(packet.topic.size() & 0xFFU));
  put_bytes(packet.topic);
  if (packet.qos != Qos::AtMostOnce) {
    put(packet.packet_id >> 8U);
    put(packet.packet_id & 0xFFU);
  }
  if (is_v5(version)) {
    put_varint(static_cast<std::uint32_t>(packet.properties.raw().size()));
    put_bytes(packet.properties.raw());
  }
}

void encode(const Publish& packet, ProtocolVersion version, std::string& out) {
  encode_publish_head(packet, version, out);
  out.append(packet.payload);
}

void encode(const Connect& packet, std::string& out) {
  append_packet(packet, PacketType::Connect, packet.version, out);
}

void encode(const PublishReply& packet, ProtocolVersion version, std::string& out) {
  append_packet(packet, packet.type, version, out);
}

void encode(const Packet& packet, ProtocolVersion version, std::string& out) {
  std::visit(
      [&](const auto& value) {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Publish>) {
          encode(value, version, out);
        } else {
          append_packet(value, type_of(packet), version, out);
        }
      },
      packet);
}

}  // namespace mqtk::wire
