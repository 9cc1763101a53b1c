#include "output/json_text.hpp"

#include <algorithm>
#include <cstring>

#include "output/terminal_text.hpp"
#include "wire/utf8.hpp"

namespace mqtk {

namespace {

/// Octets that stand for themselves in a JSON string and are whole characters.
bool is_plain(char c) {
  return u8(c) >= 0x20 && u8(c) < 0x7F && c != '"' && c != '\\';
}

/// Not zero when one of the eight octets is not plain; now and then also when all are, which costs
/// time only.
std::uint64_t not_plain(const char* octets) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101U;
  constexpr std::uint64_t kHighs = 0x8080'8080'8080'8080U;
  std::uint64_t word = 0;
  std::memcpy(&word, octets, sizeof word);
  const std::uint64_t control = word - kOnes * 0x20;
  const std::uint64_t quote = (word ^ (kOnes * '"')) - kOnes;
  const std::uint64_t backslash = (word ^ (kOnes * '\\')) - kOnes;
  const std::uint64_t del = word + kOnes;
  return (word | control | quote | backslash | del) & kHighs;
}

bool is_all_plain(Bytes text) {
  if (text.size() < 8) return std::all_of(text.begin(), text.end(), is_plain);
  const char* const last = text.data() + text.size() - 8;
  std::uint64_t other = not_plain(last);
  for (const char* at = text.data(); at < last && other == 0; at += 8) other = not_plain(at);
  return other == 0;
}

void append_unit(std::string& out, std::uint32_t unit) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += "\\u";
  for (unsigned shift = 16; shift > 0; shift -= 4) out += kHex[(unit >> (shift - 4)) & 0xFU];
}

void append_escaped(std::string& out, std::uint32_t point) {
  if (point == '"' || point == '\\') {
    out += '\\';
    out += octet(point);
  } else if (point == '\n') {
    out += "\\n";
  } else if (point == '\t') {
    out += "\\t";
  } else if (point < 0x10000) {
    append_unit(out, point);
  } else {
    append_unit(out, 0xD800 + ((point - 0x10000) >> 10U));
    append_unit(out, 0xDC00 + ((point - 0x10000) & 0x3FFU));
  }
}

/// Octets of the character that begins with `lead`, in well-formed UTF-8.
std::size_t character_size(char lead) {
  if (u8(lead) < 0xC0) return 1;
  if (u8(lead) < 0xE0) return 2;
  return u8(lead) < 0xF0 ? 3 : 4;
}

std::uint32_t code_point(Bytes character) {
  if (character.size() == 1) return u8(character[0]);
  std::uint32_t point = u8(character[0]) & (0x7FU >> character.size());
  for (const char c : character.substr(1)) point = (point << 6U) | (u8(c) & 0x3FU);
  return point;
}

}  // namespace

void append_json_string(std::string& out, Bytes text) {
  out += '"';
  if (is_all_plain(text)) {
    out.append(text);
    out += '"';
    return;
  }
  while (!text.empty()) {
    const auto stop = std::find_if_not(text.begin(), text.end(), is_plain);
    const auto plain = static_cast<std::size_t>(stop - text.begin());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const Bytes character = text.substr(0, character_size(text[0]));
    const std::uint32_t point = code_point(character);
    if (point == '"' || point == '\\' || is_control_character(point)) {
      append_escaped(out, point);
    } else {
      out.append(character);
    }
    text.remove_prefix(character.size());
  }
  out += '"';
}

void append_json_key(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  out += '"';
  out += name;
  out += "\":";
}

void append_json_octets(std::string& out, std::string_view name, Bytes value) {
  const bool text = is_all_plain(value) || wire::is_utf8(value);
  append_json_key(out, name);
  if (text) {
    append_json_string(out, value);
  } else {
    out.resize(out.size() - 2);
    out += "_base64\":\"";
    out += to_base64(value);
    out += '"';
  }
}

}  // namespace mqtk
