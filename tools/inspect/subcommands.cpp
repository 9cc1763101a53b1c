// The table of subcommands: a declaration and an entry for each.
#include <algorithm>
#include <array>

#include "inspect/subcommand.hpp"

namespace mqtk::inspect {

SubcommandEntry connect_subcommand();
SubcommandEntry caps_subcommand();

std::span<const SubcommandEntry> subcommands() {
  static const std::array kAll = {
      connect_subcommand(),
      caps_subcommand(),
  };
  return kAll;
}

const SubcommandEntry* find_subcommand(std::string_view word) {
  const auto all = subcommands();
  const auto found = std::ranges::find(all, word, &SubcommandEntry::word);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace mqtk::inspect
