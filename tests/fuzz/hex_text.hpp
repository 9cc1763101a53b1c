// Bytes written for people: pairs of hex digits, 'quoted text' for readable parts, blanks anywhere
// between, and '#' to the end of the line for comments.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace mqtk::test {

/// False when `text` is not in that form.
inline bool parse_hex_text(std::string_view text, std::string& out) {
  out.clear();
  std::string octet;
  while (!text.empty()) {
    const char c = text.front();
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      text.remove_prefix(1);
    } else if (c == '#') {
      const std::size_t end = text.find('\n');
      text = end == std::string_view::npos ? std::string_view() : text.substr(end);
    } else if (c == '\'') {
      const std::size_t end = text.find('\'', 1);
      if (end == std::string_view::npos) return false;
      out.append(text.substr(1, end - 1));
      text.remove_prefix(end + 1);
    } else {
      if (!from_hex(text.substr(0, 2), octet)) return false;
      out.append(octet);
      text.remove_prefix(octet.size() + 1);
    }
  }
  return true;
}

}  // namespace mqtk::test
