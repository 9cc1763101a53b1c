#include "output/terminal_text.hpp"

namespace mqtk {

namespace {

constexpr char kDigits[] = "0123456789abcdef";

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t size = 0;  ///< octets; 0: no UTF-8 here
};

bool is_continuation(char c) {
  return (u8(c) & 0xC0U) == 0x80;
}

CodePoint decode_multibyte(Bytes text) {
  const std::uint32_t lead = u8(text[0]);
  std::size_t size = 0;
  std::uint32_t value = 0;
  std::uint32_t smallest = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    size = 2, value = lead & 0x1FU, smallest = 0x80;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    size = 3, value = lead & 0x0FU, smallest = 0x800;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    size = 4, value = lead & 0x07U, smallest = 0x10000;
  }
  if (size == 0 || text.size() < size) return {};
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return {};
    value = (value << 6U) | (u8(text[i]) & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest || surrogate || value > 0x10FFFF) return {};
  return {value, size};
}

void append_octet(std::string& out, char c) {
  out += "\\x";
  out += kDigits[u8(c) >> 4U];
  out += kDigits[u8(c) & 0x0FU];
}

void append_character(std::string& out, std::uint32_t value) {
  out += "\\u{";
  unsigned shift = 20;
  while (shift > 0 && (value >> shift) == 0) shift -= 4;
  for (;; shift -= 4) {
    out += kDigits[(value >> shift) & 0x0FU];
    if (shift == 0) break;
  }
  out += '}';
}

bool is_plain_ascii(char c, Lines lines) {
  const std::uint8_t octet = u8(c);
  if (octet >= 0x20 && octet < 0x7F) return true;
  return lines == Lines::Keep && (c == '\n' || c == '\t');
}

}  // namespace

bool is_control_character(std::uint32_t code_point) {
  if (code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0)) return true;
  if (code_point < 0x061C) return false;
  return code_point == 0x061C || code_point == 0x200E || code_point == 0x200F ||
         (code_point >= 0x2028 && code_point <= 0x202E) ||
         (code_point >= 0x2066 && code_point <= 0x2069);
}

void append_terminal_text(std::string& out, Bytes text, Lines lines) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t from = at;
    while (at < text.size() && is_plain_ascii(text[at], lines)) ++at;
    out.append(text, from, at - from);
    if (at == text.size()) return;
    if (u8(text[at]) < 0x80) {
      append_octet(out, text[at++]);
      continue;
    }
    const CodePoint point = decode_multibyte(text.substr(at));
    if (point.size == 0) {
      append_octet(out, text[at++]);
    } else {
      if (is_control_character(point.value)) {
        append_character(out, point.value);
      } else {
        out.append(text, at, point.size);
      }
      at += point.size;
    }
  }
}

std::string terminal_text(Bytes text, Lines lines) {
  std::string out;
  out.reserve(text.size());
  append_terminal_text(out, text, lines);
  return out;
}

}  // namespace mqtk
