// CBOR (RFC 8949) to JSON text as its section 6.1 advises: byte strings in base64url, tags dropped
// (but for big numbers), keys that are no strings written as such. One item and nothing behind it.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mqtk {

/// Appends one line of JSON. Errors are of kind BadInput and name the octet.
Result<void> append_cbor_as_json(std::string& out, Bytes data);

}  // namespace mqtk
