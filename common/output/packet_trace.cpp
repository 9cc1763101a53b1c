#include "output/packet_trace.hpp"

#include <algorithm>

#include "output/terminal_text.hpp"
#include "wire/codec.hpp"

namespace mqtk {

namespace {

constexpr std::size_t kShownOctets = 200;
constexpr std::size_t kHexOctets = 64;
constexpr std::size_t kHexColumn = 16;

std::string quoted_text(Bytes text) {
  std::string out = "'" + terminal_text(text.substr(0, kShownOctets)) + "'";
  if (text.size() <= kShownOctets) return out;
  return out + " (shown " + std::to_string(kShownOctets) + " of " + std::to_string(text.size()) +
         " bytes)";
}

std::string hex_pair(char c) {
  return to_hex(Bytes(&c, 1));
}

}  // namespace

std::string packet_trace(bool sent, Bytes client_id, const wire::Packet& packet,
                         wire::ProtocolVersion version, TraceForm form) {
  std::string bytes;
  wire::encode(packet, version, bytes);
  std::string out = "Client " + terminal_text(client_id) + (sent ? " sending " : " received ") +
                    std::string(name(wire::type_of(packet))) + ", " + std::to_string(bytes.size()) +
                    " bytes\n";
  for (const PacketField& field : packet_fields(bytes, version)) {
    std::string label = std::string(2 + 2 * std::size_t{field.level}, ' ') +
                        std::string(field.name) + ": " + field.value;
    if (form != TraceForm::Hex) {
      out += label + '\n';
      continue;
    }
    const std::size_t shown = std::min(field.size, kHexOctets);
    for (std::size_t from = 0; from == 0 || from < shown; from += kHexColumn) {
      std::string line = "  ";
      if (field.size > 0) {
        line += to_hex(std::string{octet(((field.at + from) >> 8U) & 0xFFU),
                                   octet((field.at + from) & 0xFFU)});
      }
      line.resize(8, ' ');
      for (std::size_t i = from; i < std::min(from + kHexColumn, shown); ++i) {
        const bool masked = field.secret && i >= 2;
        line += masked ? "** " : hex_pair(bytes[field.at + i]) + ' ';
      }
      if (from == 0) {
        line.resize(std::max<std::size_t>(line.size(), 8 + 3 * kHexColumn), ' ');
        line += label;
      }
      out += line + '\n';
    }
    if (shown < field.size) {
      out += "        ... (shown " + std::to_string(shown) + " of " + std::to_string(field.size) +
             " bytes)\n";
    }
  }
  return out;
}

namespace {

using namespace wire;

/// Walks over a packet that is known to be sound.
class FieldWalker {
 public:
  FieldWalker(Bytes packet, ProtocolVersion version) : packet_(packet), version_(version) {}

  std::vector<PacketField> run() {
    const unsigned first = u8(packet_[0]);
    const auto type = static_cast<PacketType>(first >> 4U);
    add(1, "packet type", std::string(name(type)));
    if (type == PacketType::Publish) {
      flag("dup", (first >> 3U) & 1U);
      flag("qos", (first >> 1U) & 3U);
      flag("retain", first & 1U);
    }
    varint("remaining length", " octets");
    body(type, first);
    return std::move(fields_);
  }

 private:
  bool v5() const { return version_ == ProtocolVersion::V5; }
  std::size_t left() const { return packet_.size() - at_; }

  PacketField& add(std::size_t size, std::string_view name, std::string value) {
    size = std::min(size, left());
    PacketField& field = fields_.emplace_back();
    field.at = at_;
    field.size = size;
    field.level = level_;
    field.name = name;
    field.value = std::move(value);
    at_ += size;
    return field;
  }
  void flag(std::string_view name, unsigned value) { add(0, name, std::to_string(value)); }

  unsigned octet_at(std::size_t offset) const {
    return at_ + offset < packet_.size() ? u8(packet_[at_ + offset]) : 0U;
  }
  std::uint32_t number_at(std::size_t size) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = (value << 8U) | octet_at(i);
    return value;
  }
  void number(std::size_t size, std::string_view name) {
    add(size, name, std::to_string(number_at(size)));
  }

  std::uint32_t varint(std::string_view name, std::string_view unit = {}) {
    std::uint32_t value = 0;
    std::size_t size = 0;
    for (unsigned shift = 0; shift < 28; shift += 7) {
      const unsigned octet = octet_at(size++);
      value |= (octet & 0x7FU) << shift;
      if (octet < 0x80) break;
    }
    add(size, name, std::to_string(value) + std::string(unit));
    return value;
  }

  Bytes string_at() const {
    return packet_.substr(std::min(at_ + 2, packet_.size()), number_at(2));
  }
  void text(std::string_view name) { add(2 + string_at().size(), name, quoted_text(string_at())); }
  void data(std::string_view name) {
    const Bytes octets = string_at();
    add(2 + octets.size(), name,
        quoted_text(octets) + ", " + std::to_string(octets.size()) + " bytes");
  }
  void secret(std::string_view name) {
    add(2 + string_at().size(), name, "(masked)").secret = true;
  }

  void code(std::string_view label, PacketType type) {
    const unsigned value = octet_at(0);
    std::string text = std::to_string(value);
    if (v5()) text += " (" + std::string(wire::name(static_cast<ReasonCode>(value), type)) + ")";
    add(1, label, std::move(text));
  }

  void properties(std::string_view label) {
    if (!v5()) return;
    const std::uint32_t size = varint(label, " octets");
    const std::size_t end = std::min(at_ + size, packet_.size());
    ++level_;
    while (at_ < end) property();
    --level_;
  }

  void property() {
    const PropertyInfo* info = find_property(static_cast<PropertyId>(octet_at(0)));
    const std::size_t from = at_;
    ++at_;
    std::string_view label = info == nullptr ? std::string_view("unknown") : info->name;
    switch (info == nullptr ? PropertyType::Binary : info->type) {
      case PropertyType::Byte:
        number(1, label);
        break;
      case PropertyType::TwoByte:
        number(2, label);
        break;
      case PropertyType::FourByte:
        number(4, label);
        break;
      case PropertyType::VarInt:
        varint(label);
        break;
      case PropertyType::Utf8:
        text(label);
        break;
      case PropertyType::Binary:
        if (info != nullptr && info->id == PropertyId::AuthenticationData) {
          secret(label);
        } else {
          data(label);
        }
        break;
      case PropertyType::Utf8Pair: {
        const std::string key = quoted_text(string_at());
        at_ += std::min(left(), 2 + string_at().size());
        const std::string value = quoted_text(string_at());
        add(2 + string_at().size(), label, key + "=" + value);
        break;
      }
    }
    fields_.back().at = from;
    fields_.back().size = at_ - from;
  }

  void body(PacketType type, unsigned first) {
    switch (type) {
      case PacketType::Connect:
        return connect();
      case PacketType::Connack:
        add(1, "session present", std::to_string(octet_at(0) & 1U));
        code("code", type);
        return properties("properties");
      case PacketType::Publish:
        return publish((first >> 1U) & 3U);
      case PacketType::Puback:
      case PacketType::Pubrec:
      case PacketType::Pubrel:
      case PacketType::Pubcomp:
        number(2, "packet identifier");
        if (left() > 0) code("reason", type);
        if (left() > 0) properties("properties");
        return;
      case PacketType::Subscribe:
      case PacketType::Unsubscribe:
        number(2, "packet identifier");
        properties("properties");
        while (left() > 0) filter(type == PacketType::Subscribe);
        return;
      case PacketType::Suback:
      case PacketType::Unsuback:
        number(2, "packet identifier");
        properties("properties");
        while (left() > 0) code("answer", type);
        return;
      case PacketType::Disconnect:
      case PacketType::Auth:
        if (left() > 0) code("reason", type);
        if (left() > 0) properties("properties");
        return;
      case PacketType::Pingreq:
      case PacketType::Pingresp:
        return;
    }
  }

  void connect() {
    text("protocol name");
    const unsigned level = octet_at(0);
    version_ = level == 5 ? ProtocolVersion::V5 : ProtocolVersion::V311;
    number(1, "protocol level");
    const unsigned flags = octet_at(0);
    add(1, "connect flags", "0x" + to_hex(std::string(1, octet(flags))));
    flag("clean start", (flags >> 1U) & 1U);
    const bool will = ((flags >> 2U) & 1U) != 0;
    flag("will", will ? 1 : 0);
    if (will) {
      flag("will qos", (flags >> 3U) & 3U);
      flag("will retain", (flags >> 5U) & 1U);
    }
    number(2, "keep alive");
    properties("properties");
    text("client identifier");
    if (will) {
      properties("will properties");
      text("will topic");
      data("will payload");
    }
    if ((flags & 0x80U) != 0) text("user name");
    if ((flags & 0x40U) != 0) secret("password");
  }

  void publish(unsigned qos) {
    text("topic");
    if (qos > 0) number(2, "packet identifier");
    properties("properties");
    const Bytes payload = packet_.substr(at_);
    add(payload.size(), "payload",
        quoted_text(payload) + ", " + std::to_string(payload.size()) + " bytes");
  }

  void filter(bool with_options) {
    text("filter");
    if (!with_options) return;
    const unsigned options = octet_at(0);
    add(1, "options", "0x" + to_hex(std::string(1, octet(options))));
    flag("qos", options & 3U);
    if (!v5()) return;
    flag("no local", (options >> 2U) & 1U);
    flag("retain as published", (options >> 3U) & 1U);
    flag("retain handling", (options >> 4U) & 3U);
  }

  Bytes packet_;
  ProtocolVersion version_;
  std::size_t at_ = 0;
  unsigned level_ = 0;
  std::vector<PacketField> fields_;
};

}  // namespace

std::vector<PacketField> packet_fields(Bytes packet, ProtocolVersion version) {
  return FieldWalker(packet, version).run();
}

}  // namespace mqtk
