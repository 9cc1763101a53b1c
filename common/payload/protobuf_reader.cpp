#include "payload/protobuf_reader.hpp"

namespace mqtk {

bool ProtobufReader::fault() {
  faulty_ = true;
  left_ = {};
  return false;
}

bool ProtobufReader::varint(std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && !left_.empty(); shift += 7) {
    const std::uint64_t octet = u8(left_[0]);
    left_.remove_prefix(1);
    if (shift == 63 && octet > 1) return fault();
    value |= (octet & 0x7FU) << shift;
    if (octet < 0x80) return true;
  }
  return fault();
}

bool ProtobufReader::fixed(unsigned size, std::uint64_t& value) {
  if (left_.size() < size) return fault();
  value = 0;
  for (unsigned i = size; i-- > 0;) value = (value << 8U) | u8(left_[i]);
  left_.remove_prefix(size);
  return true;
}

bool ProtobufReader::next(Field& field) {
  if (left_.empty()) return false;
  std::uint64_t key = 0;
  if (!varint(key)) return false;
  if (key >> 3U == 0 || key >> 3U > 0x1FFF'FFFF) return fault();
  field.number = static_cast<std::uint32_t>(key >> 3U);
  field.octets = {};
  switch (key & 7U) {
    case 0:
      field.wire = Wire::Varint;
      return varint(field.value);
    case 1:
      field.wire = Wire::Fixed64;
      return fixed(8, field.value);
    case 2:
      field.wire = Wire::Octets;
      if (!varint(field.value)) return false;
      if (field.value > left_.size()) return fault();
      field.octets = left_.substr(0, static_cast<std::size_t>(field.value));
      left_.remove_prefix(field.octets.size());
      return true;
    case 5:
      field.wire = Wire::Fixed32;
      return fixed(4, field.value);
    default:
      return fault();
  }
}

}  // namespace mqtk
