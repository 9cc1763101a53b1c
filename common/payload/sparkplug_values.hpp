// The values inside Sparkplug B payloads: one of several fields holds a value, and a data type says
// how to read it. Private to this room.
#pragma once

#include <cstdint>
#include <optional>

#include "payload/json_writer.hpp"
#include "payload/protobuf_reader.hpp"

namespace mqtk {

/// The number that the specification gives a data type; 0: not said.
using SparkplugType = std::uint32_t;

/// "Int32"; empty: no type has this number.
std::string_view sparkplug_type_name(SparkplugType type);

/// The fields int_value, long_value, float_value, double_value, boolean_value and string_value,
/// which have consecutive numbers wherever they stand.
class SparkplugScalar {
 public:
  /// Takes the field when it is one of the six, of which the first has the number `first`.
  bool take(const ProtobufReader::Field& field, std::uint32_t first);
  void write(JsonWriter& out, SparkplugType type) const;

 private:
  void write_integer(JsonWriter& out, SparkplugType type) const;

  std::optional<std::uint32_t> which_;  ///< 0 to 5
  std::uint64_t bits_ = 0;
  Bytes text_;
};

/// bytes_value: an array for the array types, base64url else. False: it does not hold whole
/// elements.
bool write_sparkplug_octets(JsonWriter& out, Bytes data, SparkplugType type);

}  // namespace mqtk
