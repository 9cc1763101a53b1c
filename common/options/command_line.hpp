// From argv to stored flags. Reading is strict: unknown names, missing and malformed values are
// errors of kind Usage that name the option. --help, --version and the documents are answered even
// when the rest is wrong.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "options/dialect/dialect.hpp"
#include "options/environment.hpp"
#include "options/flag.hpp"

namespace mqtk {

/// What a program says of itself. All texts are literals.
struct Program {
  std::string_view name;     ///< "mqtt-pub"
  std::string_view summary;  ///< one line, no full stop
  std::string_view
      synopsis;  ///< lines without the program's name: "-t TOPIC -m MESSAGE [OPTION]..."
  std::string_view examples;  ///< whole command lines for the short help, one a line
};

/// Adds --help[=all], --version and the hidden --generate=man|bash|zsh|fish|json. Goes in every
/// table.
void append_help_flags(FlagTable& table);

/// Adds --profile (also as the word @NAME), --config, --show-config and --list-profiles.
void append_profile_flags(FlagTable& table);
/// Adds -o FILE.
void append_options_file_flag(FlagTable& table);

struct CommandLine {
  /// Set: print this on stdout and exit with 0. Nothing has been stored then.
  std::optional<std::string> text;
  std::string complaint;  ///< beside `text`: print this on stderr, and end with 1
  /// The name we were called by; never null. Only read_command_line() looks at it.
  const Dialect* dialect = &own_dialect();
  wire::ProtocolVersion drop_in_version = wire::ProtocolVersion::V311;
  /// Long names of the flags that were given, each once, in order of appearance; with
  /// read_command_line() those of profiles and of the environment as well.
  std::vector<std::string_view> given;
  /// Those of them that only MQTT 5 has, as they were typed: "-x", "--expiry". For ResolveInput.
  std::vector<std::string> mqtt5_options;
  /// The places in argv that hold secrets; for wipe().
  std::vector<std::span<char>> secrets;

  bool has(std::string_view name) const;
};

/// Parses argv[1..]. Values are stored in the order of the command line, through CLI11, of which
/// only the entries that argv names are registered.
Result<CommandLine> parse_command_line(const Program& program, std::span<const Flag> table,
                                       int argc, char** argv);

/// The same in the dialect of argv[0], with what profiles, the environment and a file of options
/// say below the command line. Only a table with append_profile_flags() has profiles.
Result<CommandLine> read_command_line(const Program& program, std::span<const Flag> table, int argc,
                                      char** argv, const Environment& environment);

/// Overwrites the secrets in argv, so that `ps` no longer shows them. Call it after resolving.
void wipe(const CommandLine& line);

/// The text of --version: "mqtt-pub X.Y.Z", then engines, libraries and features.
std::string version_text(const Program& program);
/// Its first line, which asks no module.
std::string name_and_version(const Program& program);

}  // namespace mqtk
