#include "inspect/trace/packet_fields.hpp"

#include <algorithm>

#include "wire/codec.hpp"
#include "wire/properties.hpp"
#include "wire/reason_codes.hpp"

namespace mqtk::inspect {

using wire::PacketType;
using wire::ProtocolVersion;

namespace {

/// Where octets are missing, every further read yields nothing.
class Walk {
 public:
  Walk(Bytes packet, ProtocolVersion version) : packet_(packet), version_(version) {}

  std::vector<PacketField> take() { return std::move(fields_); }
  bool v5() const { return version_ == ProtocolVersion::V5; }
  bool left() const { return !cut_ && at_ < packet_.size(); }

  void walk();

 private:
  void fixed_header();
  void connect();
  void connack();
  void publish();
  void reply(PacketType type);
  void subscribe();
  void reason(PacketType type, std::string_view name = "reason_code");
  void codes(PacketType type);
  void ending(PacketType type);
  void properties(std::string_view length_name = "property_length");
  void property(std::size_t end);

  bool has(std::size_t size) {
    if (!cut_ && packet_.size() - at_ >= size) return true;
    if (!cut_ && at_ < packet_.size()) {
      fields_.push_back({at_, packet_.size() - at_, "cut_short", std::string(packet_.substr(at_)),
                         "the field would be longer", true});
    }
    cut_ = true;
    return false;
  }
  PacketField& add(std::string_view name, std::size_t size, std::string value) {
    fields_.push_back({at_, size, std::string(name), std::move(value), {}});
    return fields_.back();
  }
  void bit(std::string_view name, unsigned value) { add(name, 1, std::to_string(value)); }

  unsigned byte(std::string_view name) {
    if (!has(1)) return 0;
    const unsigned value = u8(packet_[at_]);
    add(name, 1, std::to_string(value));
    ++at_;
    return value;
  }
  std::uint32_t number(std::string_view name, std::size_t size) {
    if (!has(size)) return 0;
    const std::uint32_t value =
        size == 2 ? read_u16(packet_.data() + at_) : read_u32(packet_.data() + at_);
    add(name, size, std::to_string(value));
    at_ += size;
    return value;
  }
  std::uint32_t varint(std::string_view name) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      if (!has(i + 1)) return 0;
      const unsigned part = u8(packet_[at_ + i]);
      value |= (part & 0x7FU) << (7 * i);
      if ((part & 0x80U) != 0 && i < 3) continue;
      add(name, i + 1, std::to_string(value));
      at_ += i + 1;
      return value;
    }
    return 0;
  }
  /// Two octets of length, then so many.
  PacketField* field(std::string_view name) {
    if (!has(2)) return nullptr;
    const std::size_t size = read_u16(packet_.data() + at_);
    if (!has(2 + size)) return nullptr;
    PacketField& out = add(name, 2 + size, std::string(packet_.substr(at_ + 2, size)));
    at_ += 2 + size;
    return &out;
  }
  void binary(std::string_view name, bool secret) {
    if (PacketField* const out = field(name)) {
      out->octets = true;
      out->secret = secret;
    }
  }

  Bytes packet_;
  ProtocolVersion version_;
  std::size_t at_ = 0;
  bool cut_ = false;
  std::vector<PacketField> fields_;
};

void Walk::fixed_header() {
  const unsigned first = u8(packet_[0]);
  const auto type = static_cast<PacketType>(first >> 4U);
  add("packet_type", 1, std::to_string(first >> 4U)).meaning = wire::name(type);
  if (type == PacketType::Publish) {
    bit("dup", (first >> 3U) & 1U);
    bit("qos", (first >> 1U) & 3U);
    bit("retain", first & 1U);
  } else if (version_ == ProtocolVersion::V31 &&
             (type == PacketType::Subscribe || type == PacketType::Unsubscribe ||
              type == PacketType::Pubrel)) {
    // Sent as messages of QoS 1 are.
    bit("dup", (first >> 3U) & 1U);
    bit("qos", (first >> 1U) & 3U);
  } else {
    bit("flags", first & 15U);
  }
  at_ = 1;
  varint("remaining_length");
}

void Walk::connect() {
  field("protocol_name");
  const unsigned level = byte("protocol_level");
  if (level >= 3 && level <= 5) version_ = static_cast<ProtocolVersion>(level);
  if (!has(1)) return;
  const unsigned flags = u8(packet_[at_]);
  bit("username_flag", flags >> 7U);
  bit("password_flag", (flags >> 6U) & 1U);
  bit("will_retain", (flags >> 5U) & 1U);
  bit("will_qos", (flags >> 3U) & 3U);
  bit("will_flag", (flags >> 2U) & 1U);
  bit(v5() ? "clean_start" : "clean_session", (flags >> 1U) & 1U);
  bit("reserved_flag", flags & 1U);
  ++at_;
  number("keep_alive", 2);
  if (v5()) properties();
  field("client_id");
  if ((flags & 4U) != 0) {
    if (v5()) properties("will_property_length");
    field("will_topic");
    binary("will_payload", false);
  }
  if ((flags & 0x80U) != 0) field("username");
  if ((flags & 0x40U) != 0) binary("password", true);
}

void Walk::connack() {
  if (!has(1)) return;
  bit(version_ == ProtocolVersion::V31 ? "reserved" : "session_present", u8(packet_[at_]) & 1U);
  ++at_;
  if (v5()) {
    reason(PacketType::Connack);
    if (left()) properties();
  } else {
    const unsigned code = byte("return_code");
    if (!cut_) fields_.back().meaning = wire::name(static_cast<wire::ConnackCode>(code));
  }
}

void Walk::publish() {
  field("topic");
  if ((u8(packet_[0]) & 6U) != 0) number("packet_id", 2);
  if (v5()) properties();
  if (cut_) return;
  add("payload", packet_.size() - at_, std::string(packet_.substr(at_))).octets = true;
  at_ = packet_.size();
}

void Walk::reason(PacketType type, std::string_view name) {
  const unsigned code = byte(name);
  if (cut_) return;
  const bool plain = !v5() && type == PacketType::Suback && code >= 0x80;
  fields_.back().meaning =
      plain ? "failure" : wire::name(static_cast<wire::ReasonCode>(code), type);
}

void Walk::reply(PacketType type) {
  number("packet_id", 2);
  if (!v5() || !left()) return;
  reason(type);
  if (left()) properties();
}

void Walk::subscribe() {
  const bool unsubscribes = u8(packet_[0]) >> 4U == static_cast<unsigned>(PacketType::Unsubscribe);
  number("packet_id", 2);
  if (v5()) properties();
  while (left()) {
    if (field("topic_filter") == nullptr) return;
    if (unsubscribes) continue;
    if (!has(1)) return;
    const unsigned options = u8(packet_[at_]);
    bit("requested_qos", options & 3U);
    if (v5()) {
      bit("no_local", (options >> 2U) & 1U);
      bit("retain_as_published", (options >> 3U) & 1U);
      bit("retain_handling", (options >> 4U) & 3U);
    }
    ++at_;
  }
}

void Walk::codes(PacketType type) {
  number("packet_id", 2);
  if (v5()) properties();
  while (left()) reason(type, v5() ? "reason_code" : "return_code");
}

void Walk::ending(PacketType type) {
  if (!v5() || !left()) return;
  reason(type);
  if (left()) properties();
}

void Walk::properties(std::string_view length_name) {
  const std::size_t size = varint(length_name);
  if (cut_) return;
  const std::size_t end = std::min(packet_.size(), at_ + size);
  while (left() && at_ < end) property(end);
}

void Walk::property(std::size_t end) {
  const std::size_t begin = at_;
  const auto id = static_cast<wire::PropertyId>(u8(packet_[at_]));
  const wire::PropertyInfo* const info = wire::find_property(id);
  if (info == nullptr) {
    add("unknown_property", end - at_, std::string(packet_.substr(at_, end - at_))).octets = true;
    at_ = end;
    return;
  }
  std::string name(info->name);
  std::ranges::replace(name, '-', '_');
  ++at_;
  const std::size_t first = fields_.size();
  switch (info->type) {
    case wire::PropertyType::Byte:
      byte(name);
      break;
    case wire::PropertyType::TwoByte:
      number(name, 2);
      break;
    case wire::PropertyType::FourByte:
      number(name, 4);
      break;
    case wire::PropertyType::VarInt:
      varint(name);
      break;
    case wire::PropertyType::Utf8:
      field(name);
      break;
    case wire::PropertyType::Binary:
      binary(name, id == wire::PropertyId::AuthenticationData);
      break;
    case wire::PropertyType::Utf8Pair:
      field(name + "_key");
      field(name + "_value");
      break;
  }
  // The identifier belongs to the field.
  if (fields_.size() > first) {
    fields_[first].size += fields_[first].at - begin;
    fields_[first].at = begin;
  }
}

void Walk::walk() {
  if (packet_.empty()) return;
  fixed_header();
  const auto type = static_cast<PacketType>(u8(packet_[0]) >> 4U);
  switch (type) {
    case PacketType::Connect:
      connect();
      break;
    case PacketType::Connack:
      connack();
      break;
    case PacketType::Publish:
      publish();
      break;
    case PacketType::Puback:
    case PacketType::Pubrec:
    case PacketType::Pubrel:
    case PacketType::Pubcomp:
      reply(type);
      break;
    case PacketType::Subscribe:
    case PacketType::Unsubscribe:
      subscribe();
      break;
    case PacketType::Suback:
      codes(type);
      break;
    case PacketType::Unsuback:
      if (v5()) {
        codes(type);
      } else {
        number("packet_id", 2);
      }
      break;
    case PacketType::Disconnect:
    case PacketType::Auth:
      ending(type);
      break;
    case PacketType::Pingreq:
    case PacketType::Pingresp:
      break;
  }
  if (!left()) return;
  add("left_over", packet_.size() - at_, std::string(packet_.substr(at_))).octets = true;
}

}  // namespace

std::vector<PacketField> packet_fields(Bytes packet, ProtocolVersion version) {
  Walk walk(packet, version);
  walk.walk();
  return walk.take();
}

std::string packet_octets(const wire::Frame& frame) {
  std::string out(1, octet(frame.first));
  wire::append_varint(out, static_cast<std::uint32_t>(frame.body.size()));
  return out.append(frame.body);
}

ProtocolVersion connect_version(const wire::Frame& frame) {
  if (frame.body.size() < 2) return ProtocolVersion::V311;
  const std::size_t level_at = std::size_t{2} + read_u16(frame.body.data());
  if (level_at >= frame.body.size()) return ProtocolVersion::V311;
  const unsigned level = u8(frame.body[level_at]);
  return level >= 3 && level <= 5 ? static_cast<ProtocolVersion>(level) : ProtocolVersion::V311;
}

}  // namespace mqtk::inspect
