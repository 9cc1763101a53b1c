#include "support/relay_record.hpp"

#include <algorithm>

namespace mqtk {

namespace {

/// Takes a field with a two-octet length off the front; what is missing was not captured.
Bytes take_field(Bytes& body) {
  if (body.size() < 2) return {};
  const std::size_t length = read_u16(body.data());
  const Bytes field = body.substr(2, length);
  body.remove_prefix(std::min(body.size(), 2 + length));
  return field;
}

std::uint16_t take_id(Bytes& body) {
  if (body.size() < 2) return 0;
  const std::uint16_t id = read_u16(body.data());
  body.remove_prefix(2);
  return id;
}

void skip_properties(Bytes& body) {
  std::size_t length = 0;
  std::size_t at = 0;
  while (at < 4 && at < body.size()) {
    const unsigned part = u8(body[at]);
    length |= std::size_t{part & 0x7FU} << (7 * at);
    ++at;
    if ((part & 0x80U) == 0) break;
  }
  body.remove_prefix(std::min(body.size(), at + length));
}

std::string printable(Bytes bytes) {
  std::string text;
  for (const char c : bytes) {
    if (c > ' ' && c < '\x7F' && c != '\\') {
      text.push_back(c);
    } else {
      text += "\\x" + to_hex(Bytes(&c, 1));
    }
  }
  return text;
}

}  // namespace

RelayRecord read_record(const PacketScanner& scanner, wire::ProtocolVersion version,
                        std::size_t payload_octets) {
  using wire::PacketType;
  RelayRecord record;
  record.type = scanner.type();
  record.size = scanner.size();
  Bytes body = scanner.captured();
  body.remove_prefix(std::min(body.size(), scanner.header_size()));
  switch (record.type) {
    case PacketType::Publish:
      record.dup = (scanner.first() & 8U) != 0;
      record.qos = static_cast<std::uint8_t>((scanner.first() >> 1U) & 3U);
      record.retain = (scanner.first() & 1U) != 0;
      record.topic = take_field(body);
      if (record.qos != 0) record.packet_id = take_id(body);
      if (version == wire::ProtocolVersion::V5) skip_properties(body);
      record.payload = body.substr(0, payload_octets);
      break;
    case PacketType::Puback:
    case PacketType::Pubrec:
    case PacketType::Pubrel:
    case PacketType::Pubcomp:
    case PacketType::Subscribe:
    case PacketType::Suback:
    case PacketType::Unsubscribe:
    case PacketType::Unsuback:
      record.packet_id = take_id(body);
      break;
    default:
      break;
  }
  return record;
}

std::string to_text(const RelayRecord& record) {
  std::string text = "#" + std::to_string(record.connection);
  text += record.direction == RelayDirection::ToTarget ? " > " : " < ";
  text += wire::name(record.type);
  if (record.packet_id != 0) text += " id=" + std::to_string(record.packet_id);
  if (record.type == wire::PacketType::Publish) text += " qos=" + std::to_string(record.qos);
  if (record.dup) text += " dup";
  if (record.retain) text += " retain";
  text += " size=" + std::to_string(record.size);
  if (record.type == wire::PacketType::Publish) text += " topic=" + printable(record.topic);
  if (!record.payload.empty()) text += " payload=" + printable(record.payload);
  if (record.swallowed) text += " swallowed";
  return text;
}

}  // namespace mqtk
