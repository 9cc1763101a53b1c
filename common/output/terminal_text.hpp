// Text of others made safe to show on a terminal: what could move the cursor, change colours, hide
// or reorder characters is shown escaped, as \xHH for an octet or \u{HH} for a character.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"

namespace mqtk {

enum class Lines : std::uint8_t {
  Keep,    ///< newline and tab pass: a payload of several lines stays readable
  Escape,  ///< they are escaped as well: names, and anything inside one line
};

/// Appends `text`; controls, line separators, zero-width and other characters that are not seen
/// (but a variation selector behind a picture), and octets that are no UTF-8 are escaped.
void append_terminal_text(std::string& out, Bytes text, Lines lines);
std::string terminal_text(Bytes text, Lines lines = Lines::Escape);

/// Does a terminal or a pager act on this character, or show nothing for it, instead of showing it
/// (newline and tab included)? Variation selectors and tags are such.
bool is_control_character(std::uint32_t code_point);

}  // namespace mqtk
