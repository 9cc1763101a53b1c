// The PIN that the name of a key in a token, a PKCS#11 URI, may carry (RFC 7512 section 2.4).
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace mqtk {

/// How such a name begins.
inline constexpr std::string_view kKeyUri = "pkcs11:";

/// Its octets in the name; begin == end: there is none.
struct PinPlace {
  std::size_t begin = 0;
  std::size_t end = 0;
};

inline PinPlace pin_in(std::string_view name) {
  constexpr std::string_view kAttribute = "pin-value=";
  const auto found = name.find(kAttribute);
  if (found == std::string_view::npos) return {};
  return {found + kAttribute.size(), std::min(name.find('&', found), name.size())};
}

/// The name as it may be shown.
inline std::string without_pin(std::string name) {
  const PinPlace pin = pin_in(name);
  return pin.begin < pin.end ? name.replace(pin.begin, pin.end - pin.begin, "***") : name;
}

}  // namespace mqtk
