#include "wire/utf8.hpp"

#include "wire/swar.hpp"

namespace mqtk::wire {

namespace {

bool is_continuation(char c) {
  return (u8(c) & 0xC0U) == 0x80U;
}

// Length of the well-formed sequence of two to four octets at p (RFC 3629, section 4), 0 when there
// is none.
std::size_t multibyte_length(const char* p, std::size_t available) {
  const unsigned lead = u8(p[0]);
  std::size_t length = 0;
  unsigned second_low = 0x80;
  unsigned second_high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) second_low = 0xA0;   // overlong below
    if (lead == 0xED) second_high = 0x9F;  // surrogates above
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) second_low = 0x90;   // overlong below
    if (lead == 0xF4) second_high = 0x8F;  // beyond U+10FFFF above
  }
  if (length == 0 || length > available) return 0;
  if (u8(p[1]) < second_low || u8(p[1]) > second_high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (!is_continuation(p[i])) return 0;
  }
  return length;
}

bool is_well_formed(Bytes text, bool nul_allowed) {
  std::size_t at = 0;
  while (at < text.size()) {
    const char* p = text.data() + at;
    const std::size_t left = text.size() - at;
    if (left >= 8 && swar::is_plain_ascii(swar::load64(p))) {
      at += 8;
    } else if (u8(*p) < 0x80) {
      if (*p == '\0' && !nul_allowed) return false;
      ++at;
    } else {
      const std::size_t length = multibyte_length(p, left);
      if (length == 0) return false;
      at += length;
    }
  }
  return true;
}

}  // namespace

bool is_utf8(Bytes text) {
  return is_well_formed(text, true);
}

bool is_mqtt_string(Bytes text) {
  return swar::all_words(text, swar::is_plain_ascii) || is_well_formed(text, false);
}

}  // namespace mqtk::wire
