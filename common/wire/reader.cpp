#include "wire/reader.hpp"

#include "wire/utf8.hpp"

namespace mqtk::wire {

void Reader::refuse(std::string_view rule, std::string_view what, ReasonCode reason) {
  if (ok()) fault_ = Malformed{reason, rule, what};
}

bool Reader::has(std::size_t size) {
  if (left_.size() < size) refuse("2.2.3", "2.1.4", "a field runs past the end of the packet");
  return ok();
}

std::uint8_t Reader::byte() {
  return has(1) ? u8(take(1)[0]) : std::uint8_t{0};
}

std::uint16_t Reader::u16() {
  return has(2) ? read_u16(take(2).data()) : std::uint16_t{0};
}

std::uint32_t Reader::u32() {
  return has(4) ? read_u32(take(4).data()) : 0;
}

std::uint32_t Reader::varint() {
  std::uint32_t value = 0;
  for (unsigned shift = 0; shift < 28; shift += 7) {
    const std::uint8_t part = byte();
    if (!ok()) return 0;
    value |= (part & 0x7FU) << shift;
    if ((part & 0x80U) != 0) continue;
    if (part == 0 && shift > 0) {
      refuse("MQTT-1.5.5-1", "a variable byte integer is longer than it needs to be");
    }
    return value;
  }
  refuse("1.5.5", "a variable byte integer is longer than four octets");
  return 0;
}

Bytes Reader::binary() {
  const std::size_t size = u16();
  return has(size) ? take(size) : Bytes();
}

Bytes Reader::text() {
  const Bytes text = binary();
  if (is_mqtt_string(text)) return text;
  if (is_utf8(text)) {
    refuse("MQTT-1.5.3-2", "MQTT-1.5.4-2", "a string contains a NUL character");
  } else {
    refuse("MQTT-1.5.3-1", "MQTT-1.5.4-1", "a string is not valid UTF-8");
  }
  return {};
}

std::uint16_t Reader::packet_id(std::string_view rule_v5) {
  const std::uint16_t id = u16();
  if (id == 0) refuse("MQTT-2.3.1-1", rule_v5, "the packet identifier is 0");
  return id;
}

PropertiesView Reader::properties(PropertyPlace place) {
  if (!v5()) return {};
  const std::size_t size = varint();
  if (!has(size)) return {};
  const auto checked = PropertiesView::check(take(size), place);
  if (checked) return *checked;
  refuse(checked.error().rule, checked.error().what, checked.error().reason);
  return {};
}

}  // namespace mqtk::wire
