#include "output/terminal_text.hpp"

#include <algorithm>
#include <iterator>

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

struct Range {
  std::uint32_t first, last;
};

/// What Unicode calls format characters and "default ignorable", and separators of lines: nothing
/// of it is seen, but what is around it may look otherwise, or carry a text within.
constexpr Range kUnseen[] = {
    {0xAD, 0xAD},        // soft hyphen
    {0x34F, 0x34F},      // grapheme joiner
    {0x61C, 0x61C},      // Arabic letter mark
    {0x115F, 0x1160},    // Hangul fillers
    {0x17B4, 0x17B5},    // Khmer inherent vowels
    {0x180B, 0x180F},    // Mongolian variations, vowel separator
    {0x200B, 0x200F},    // zero-width space and joiners, marks of direction
    {0x2028, 0x202E},    // separators, embeddings, overrides
    {0x2060, 0x206F},    // word joiner, invisible operators, isolates, deprecated ones
    {0x3164, 0x3164},    // Hangul filler
    {0xFE00, 0xFE0F},    // variation selectors
    {0xFEFF, 0xFEFF},    // zero-width no-break space
    {0xFFA0, 0xFFA0},    // half-width Hangul filler
    {0xFFF0, 0xFFFB},    // annotations, and unassigned ones
    {0x1BCA0, 0x1BCA3},  // shorthand
    {0x1D173, 0x1D17A},  // music
    {0xE0000, 0xE0FFF},  // tags, more variation selectors
};

/// A selector that chooses between a picture and a text, behind a character that has both: part of
/// what is seen. Any other hides something.
bool chooses_presentation(std::uint32_t selector, std::uint32_t before) {
  if (selector != 0xFE0E && selector != 0xFE0F) return false;
  return before == '#' || before == '*' || (before >= '0' && before <= '9') || before == 0xA9 ||
         before == 0xAE ||
         (before >= 0x203C && before <= 0x3299 && !is_control_character(before)) ||
         (before >= 0x1F000 && before < 0x20000);
}

}  // namespace

bool is_control_character(std::uint32_t code_point) {
  if (code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0)) return true;
  if (code_point < 0xAD) return false;
  const auto after = std::ranges::upper_bound(kUnseen, code_point, {}, &Range::first);
  return after != std::begin(kUnseen) && code_point <= std::prev(after)->last;
}

void append_terminal_text(std::string& out, Bytes text, Lines lines) {
  std::size_t at = 0;
  std::uint32_t before = 0;  // the character that was shown last
  while (at < text.size()) {
    const std::size_t from = at;
    while (at < text.size() && is_plain_ascii(text[at], lines)) ++at;
    out.append(text, from, at - from);
    if (at > from) before = u8(text[at - 1]);
    if (at == text.size()) return;
    if (u8(text[at]) < 0x80) {
      append_octet(out, text[at++]);
      before = 0;
      continue;
    }
    const CodePoint point = decode_multibyte(text.substr(at));
    if (point.size == 0) {
      append_octet(out, text[at++]);
      before = 0;
    } else {
      const bool unseen =
          is_control_character(point.value) && !chooses_presentation(point.value, before);
      if (unseen) {
        append_character(out, point.value);
      } else {
        out.append(text, at, point.size);
      }
      at += point.size;
      before = point.value;
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
