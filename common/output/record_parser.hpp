// A message record (what `mqtt-sub --json` prints) read back: one line of JSON to one message. What
// else a record says of its receipt (size, dup, mid, decoder) is passed over.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/properties.hpp"

namespace mqtk {

struct ParsedRecord {
  std::string topic;
  std::string payload;
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;
  std::optional<Duration> time;  ///< of its receipt, since the epoch (`ts`, or else `time`)
  wire::Properties properties;   ///< those that a client may send with PUBLISH
};

/// Errors are of kind BadInput and say what is wrong with the line. A payload that is no string is
/// taken as the text it is written as, digits and order of keys included.
Result<ParsedRecord> parse_record(Bytes line);

}  // namespace mqtk
