// Octets as text: hexadecimal and base64, as payloads are given on command lines and sent by
// devices that know no octets.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mqtk {

enum class Encoding : std::uint8_t { Raw, Hex, Base64 };

/// In the order of the enumeration.
inline constexpr std::string_view kEncodingNames = "raw hex base64";

std::string encode(Bytes octets, Encoding encoding);
/// White space is passed over, but in Raw. Errors are of kind BadInput.
Result<std::string> decode(Bytes text, Encoding encoding);

}  // namespace mqtk
