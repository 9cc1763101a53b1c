// MessagePack to JSON text: binary data in base64url, keys that are no strings written as such, the
// timestamp extension as RFC 3339, others as {"ext":TYPE,"data":BASE64URL}.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mqtk {

/// Appends one line of JSON; one object and nothing behind it. Errors are of kind BadInput and name
/// the octet.
Result<void> append_msgpack_as_json(std::string& out, Bytes data);

}  // namespace mqtk
