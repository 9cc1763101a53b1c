// Cells of tables.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "output/terminal_text.hpp"

namespace mqtk::inspect {

/// Fit for a terminal, at the left of `width` columns; a blank follows in any case.
inline std::string left_cell(std::string_view text, std::size_t width) {
  std::string out = terminal_text(text);
  out.resize(std::max(out.size() + 1, width), ' ');
  return out;
}

/// At the right of `width` columns, and a blank behind.
inline std::string right_cell(std::string_view text, std::size_t width) {
  return std::string(text.size() < width ? width - text.size() : 0, ' ').append(text) + " ";
}

}  // namespace mqtk::inspect
