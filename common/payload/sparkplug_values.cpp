#include "payload/sparkplug_values.hpp"

#include <bit>
#include <iterator>

namespace mqtk {

namespace {

constexpr std::string_view kTypeNames[] = {"Unknown",      "Int8",
                                           "Int16",        "Int32",
                                           "Int64",        "UInt8",
                                           "UInt16",       "UInt32",
                                           "UInt64",       "Float",
                                           "Double",       "Boolean",
                                           "String",       "DateTime",
                                           "Text",         "UUID",
                                           "DataSet",      "Bytes",
                                           "File",         "Template",
                                           "PropertySet",  "PropertySetList",
                                           "Int8Array",    "Int16Array",
                                           "Int32Array",   "Int64Array",
                                           "UInt8Array",   "UInt16Array",
                                           "UInt32Array",  "UInt64Array",
                                           "FloatArray",   "DoubleArray",
                                           "BooleanArray", "StringArray",
                                           "DateTimeArray"};

enum Type : SparkplugType {
  kInt8 = 1,
  kInt16,
  kInt32,
  kInt64,
  kInt8Array = 22,
  kInt16Array,
  kInt32Array,
  kInt64Array,
  kUInt8Array,
  kUInt16Array,
  kUInt32Array,
  kUInt64Array,
  kFloatArray,
  kDoubleArray,
  kBooleanArray,
  kStringArray,
  kDateTimeArray,
};

std::uint64_t little_endian(Bytes octets) {
  std::uint64_t value = 0;
  for (std::size_t i = octets.size(); i-- > 0;) value = (value << 8U) | u8(octets[i]);
  return value;
}

/// 0: not an array of equally long elements.
std::size_t element_size(SparkplugType type) {
  switch (type) {
    case kInt8Array:
    case kUInt8Array:
      return 1;
    case kInt16Array:
    case kUInt16Array:
      return 2;
    case kInt32Array:
    case kUInt32Array:
    case kFloatArray:
      return 4;
    case kInt64Array:
    case kUInt64Array:
    case kDoubleArray:
    case kDateTimeArray:
      return 8;
    default:
      return 0;
  }
}

void write_element(JsonWriter& out, std::uint64_t bits, SparkplugType type) {
  switch (type) {
    case kInt8Array:
      return out.number(static_cast<std::int8_t>(bits));
    case kInt16Array:
      return out.number(static_cast<std::int16_t>(bits));
    case kInt32Array:
      return out.number(static_cast<std::int32_t>(bits));
    case kInt64Array:
      return out.number(static_cast<std::int64_t>(bits));
    case kFloatArray:
      return out.number(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    case kDoubleArray:
      return out.number(std::bit_cast<double>(bits));
    default:
      return out.number(bits);
  }
}

/// A count of four octets, then a bit for each, the highest of an octet first.
bool write_booleans(JsonWriter& out, Bytes data) {
  if (data.size() < 4) return false;
  const std::uint64_t count = little_endian(data.substr(0, 4));
  data.remove_prefix(4);
  if ((count + 7) / 8 != data.size()) return false;
  out.begin_array();
  for (std::uint64_t i = 0; i < count; ++i) {
    const unsigned bits = u8(data[static_cast<std::size_t>(i / 8)]);
    out.boolean(((bits >> (7 - i % 8)) & 1U) != 0);
  }
  out.end_array();
  return true;
}

/// Each ends with a NUL.
bool write_strings(JsonWriter& out, Bytes data) {
  if (!data.empty() && data.back() != '\0') return false;
  out.begin_array();
  while (!data.empty()) {
    const std::size_t size = data.find('\0');
    out.string(data.substr(0, size));
    data.remove_prefix(size + 1);
  }
  out.end_array();
  return true;
}

}  // namespace

std::string_view sparkplug_type_name(SparkplugType type) {
  return type < std::size(kTypeNames) ? kTypeNames[type] : std::string_view();
}

bool SparkplugScalar::take(const ProtobufReader::Field& field, std::uint32_t first) {
  using Wire = ProtobufReader::Wire;
  static constexpr Wire kWires[] = {Wire::Varint,  Wire::Varint, Wire::Fixed32,
                                    Wire::Fixed64, Wire::Varint, Wire::Octets};
  if (field.number < first || field.number - first >= std::size(kWires)) return false;
  if (field.wire != kWires[field.number - first]) return false;
  which_ = field.number - first;
  bits_ = field.value;
  text_ = field.octets;
  return true;
}

void SparkplugScalar::write(JsonWriter& out, SparkplugType type) const {
  if (!which_) return out.null();
  switch (*which_) {
    case 0:
    case 1:
      return write_integer(out, type);
    case 2:
      return out.number(std::bit_cast<float>(static_cast<std::uint32_t>(bits_)));
    case 3:
      return out.number(std::bit_cast<double>(bits_));
    case 4:
      return out.boolean(bits_ != 0);
    default:
      return out.string(text_);
  }
}

/// Signed numbers travel as the unsigned ones of the same bits.
void SparkplugScalar::write_integer(JsonWriter& out, SparkplugType type) const {
  switch (type) {
    case kInt8:
      return out.number(static_cast<std::int8_t>(bits_));
    case kInt16:
      return out.number(static_cast<std::int16_t>(bits_));
    case kInt32:
      return out.number(static_cast<std::int32_t>(bits_));
    case kInt64:
      return out.number(static_cast<std::int64_t>(bits_));
    default:
      return out.number(bits_);
  }
}

bool write_sparkplug_octets(JsonWriter& out, Bytes data, SparkplugType type) {
  if (type == kBooleanArray) return write_booleans(out, data);
  if (type == kStringArray) return write_strings(out, data);
  const std::size_t size = element_size(type);
  if (size == 0) {
    out.octets(data);
    return true;
  }
  if (data.size() % size != 0) return false;
  out.begin_array();
  for (; !data.empty(); data.remove_prefix(size)) {
    write_element(out, little_endian(data.substr(0, size)), type);
  }
  out.end_array();
  return true;
}

}  // namespace mqtk
