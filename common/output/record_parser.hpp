// A message record (what `mqtt-sub --json` prints) read back: one line of JSON to one message. What
// a record says of its receipt (time, size, dup, mid, decoder) is passed over.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/properties.hpp"

namespace mqtk {

struct ParsedRecord {
  std::string topic;
  std::string payload;
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;
  wire::Properties properties;  ///< those that a client may send with PUBLISH
};

/// Errors are of kind BadInput and say what is wrong with the line. A payload that is no string is
/// taken as the text it is written as, digits and order of keys included.
Result<ParsedRecord> parse_record(Bytes line);

}  // namespace mqtk
