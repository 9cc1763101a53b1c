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

enum class Origin : std::uint8_t { File, Environment, CommandLine };

struct ScannedFlag {
  const Flag* flag = nullptr;
  std::string value;      ///< the words of a Words flag joined by NUL
  std::string typed;      ///< "-x" or "--session-expiry"; of a file "PATH:LINE: KEY"
  std::span<char> place;  ///< where the value stands in argv; of Words only the last, or none
  Origin origin = Origin::CommandLine;
  std::string where = "command line";  ///< for people
  bool off = false;        ///< says "not this": hides what lower layers say, and is not stored
  bool elsewhere = false;  ///< hides what lower layers say, and is read by resolve.hpp
};

struct Scan {
  std::vector<ScannedFlag> flags;
  /// The first thing that was wrong; scanning went on behind it.
  std::optional<Error> error;
};

/// Long options are taken as they are written (no abbreviations), short ones may be bundled, a
/// value may begin with '-', and "--" ends the options.
Scan scan_arguments(std::span<const Flag> table, int argc, char** argv);

/// nullptr when there is none. `spelled`: "-t" or "--topic".
const Flag* find_long(std::span<const Flag> table, std::string_view name);
const Flag* find_option(std::span<const Flag> table, std::string_view spelled);
/// "did you mean --topic?", or nothing when no name is near.
std::string nearest_hint(std::span<const Flag> table, std::string_view name);

/// The words of a Words flag that stand in one line; the last one takes all the rest.
void split_words(const Flag& flag, std::string_view line, std::vector<std::string>& words);

/// Hands the flags to CLI11, which has only those registered, and stores the values in their order.
Result<void> store_flags(std::span<const ScannedFlag> flags);

}  // namespace mqtk
