// Looks at eight octets at once. Strings of MQTT are nearly always short ASCII, so the checks of a
// string are a handful of these before anything decodes UTF-8. Only for the .cpp files of wire/.
#pragma once

#include <cstdint>
#include <cstring>

#include "base/bytes.hpp"

namespace mqtk::wire::swar {

inline constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101U;
inline constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080U;

inline std::uint64_t load64(const char* p) {
  std::uint64_t word = 0;
  std::memcpy(&word, p, sizeof word);
  return word;
}

inline std::uint64_t load32(const char* p) {
  std::uint32_t word = 0;
  std::memcpy(&word, p, sizeof word);
  return word;
}

/// Every octet is 0x01 to 0x7F.
inline bool is_plain_ascii(std::uint64_t word) {
  return ((word | (word - kOnes)) & kHighBits) == 0;
}

/// Every octet is 0x01 to 0x7F and neither '#' (0x23) nor '+' (0x2B), which differ in one bit.
inline bool is_plain_name(std::uint64_t word) {
  const std::uint64_t wildcard_is_zero = (word | (kOnes * 0x08U)) ^ (kOnes * 0x2BU);
  return ((word | (word - kOnes) | (wildcard_is_zero - kOnes)) & kHighBits) == 0;
}

/// True when `test` holds for all octets of `text`; it is asked about words made of them, in no
/// order.
template <typename Test>
bool all_words(Bytes text, Test test) {
  const char* p = text.data();
  const std::size_t n = text.size();
  if (n >= 8) {
    const char* const last = p + (n - 8);
    for (; p < last; p += 8) {
      if (!test(load64(p))) return false;
    }
    return test(load64(last));
  }
  if (n >= 4) return test(load32(p) | (load32(p + (n - 4)) << 32U));
  if (n == 0) return true;
  const std::uint64_t few = std::uint64_t{u8(p[0])} | std::uint64_t{u8(p[n / 2])} << 8U |
                            std::uint64_t{u8(p[n - 1])} << 16U;
  return test(few | 0x6161'6161'6100'0000U);
}

}  // namespace mqtk::wire::swar
