// A configuration file as a tree, and the border of the module that reads it: TOML's library is
// known to profiles_module.cpp only and loaded when there is a file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace mqtk {

struct ConfigNode {
  enum class Kind : std::uint8_t { Table, Array, Text, Number, Boolean, Other };
  Kind kind = Kind::Table;
  std::string key;   ///< empty in arrays and at the root
  std::string text;  ///< of a scalar; "true" or "false"
  unsigned line = 0;
  std::vector<ConfigNode> children;

  /// A table's entry; nullptr when there is none.
  const ConfigNode* find(std::string_view name) const {
    for (const ConfigNode& child : children) {
      if (child.key == name) return &child;
    }
    return nullptr;
  }
};

struct ConfigFault {
  std::string message;
  unsigned line = 0;
};

/// What mqtk_module_profiles() returns.
struct ProfilesModule {
  bool (*parse)(std::string_view text, ConfigNode& root, ConfigFault& fault);
};

}  // namespace mqtk
