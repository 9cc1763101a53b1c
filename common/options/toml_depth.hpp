// How deep a TOML document nests, before a library that recurses gets to see it.
#pragma once

#include <string_view>

namespace mqtk {

/// Parts of a dotted key, and lists and tables within each other.
inline constexpr unsigned kMaxTomlDepth = 32;

/// The line, from 1, where a key has more parts or values nest deeper than kMaxTomlDepth; 0: none.
unsigned too_deep_toml_line(std::string_view text);

}  // namespace mqtk
