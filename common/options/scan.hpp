// The first pass over argv: which words are options and which are values. Private to this room.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "options/flag.hpp"

namespace mqtk {

struct ScannedFlag {
  const Flag* flag = nullptr;
  std::string value;      ///< the words of a Words flag joined by NUL
  std::string typed;      ///< "-x" or "--session-expiry"
  std::span<char> place;  ///< where the value stands in argv; empty for Words
};

struct Scan {
  std::vector<ScannedFlag> flags;
  /// The first thing that was wrong; scanning went on behind it.
  std::optional<Error> error;
};

/// Long options are taken as they are written (no abbreviations), short ones may be bundled, a
/// value may begin with '-', and "--" ends the options.
Scan scan_arguments(std::span<const Flag> table, int argc, char** argv);

/// Hands the flags to CLI11, which has only those registered, and stores the values in their order.
Result<void> store_flags(std::span<const ScannedFlag> flags);

}  // namespace mqtk
