// Sparkplug B payloads (Eclipse Sparkplug 3.0, 6.4) to JSON text. What is one is known from its
// topic only: spBv1.0/GROUP/TYPE/NODE[/DEVICE]. STATE messages carry JSON and are none.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mqtk {

bool is_sparkplug_topic(Bytes topic);

/// Appends one line of JSON: timestamp, metrics with the names of their data types, seq, uuid,
/// body. Signed integers get their sign back; octets become base64url. Errors are of kind BadInput.
Result<void> append_sparkplug_as_json(std::string& out, Bytes data);

}  // namespace mqtk
