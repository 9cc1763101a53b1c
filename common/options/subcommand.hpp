// A program of several subcommands: one table of them, from which the dispatch, the help, the man
// page and the completions are made.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "options/command_line.hpp"
#include "options/resolve.hpp"
#include "options/run.hpp"

namespace mqtk {

/// What a subcommand is given once its options have been read.
struct Launch {
  Report& report;
  const Environment& environment;
  const CommandLine& line;
  std::span<char* const> arguments;  ///< argv; after wipe() without secrets
};

class Subcommand {
 public:
  virtual ~Subcommand() = default;
  /// Bound to this object, which does not move. append_help_flags() is called by the dispatch.
  virtual FlagTable flags() = 0;
  virtual const ReportFlags& report_flags() const = 0;
  /// Does the work and answers the exit code, or ends the process itself (Runner::run()).
  virtual int run(const Launch& launch) = 0;
  /// The command line is wrong: says so and answers the exit code.
  virtual int refuse(Report& report, const Error& error) { return report.finish(error); }
};

struct SubcommandEntry {
  std::string_view word;
  std::string_view aliases = {};  ///< further words for it, separated by spaces
  Program program;                ///< its name is "PROGRAM WORD"
  std::string_view description;   ///< a paragraph for the man page, plain text
  std::unique_ptr<Subcommand> (*make)();
};

/// The whole program. All texts are literals.
struct Suite {
  Program program;
  std::span<const SubcommandEntry> subcommands;  ///< in the order of the help
  /// What runs without a word, or when the first one is an option or a URL; empty: that is a
  /// mistake.
  std::string_view otherwise = {};
  /// Follows "there is no subcommand 'x'" when none is spelled nearly so; a %s becomes that word.
  std::string_view unknown_hint = {};
  /// The flags that most subcommands have, described once; bound to `flags`.
  void (*append_common)(FlagTable& table, ClientFlags& flags) = nullptr;
};

/// nullptr when there is none.
const SubcommandEntry* find_subcommand(const Suite& suite, std::string_view word);

/// Answers the exit code, unless the subcommand ends the process itself.
int dispatch(const Suite& suite, int argc, char** argv);

/// What --help, --version, --generate=DOCUMENT or the word `help` as the first argument ask for;
/// nothing when the command line begins otherwise.
std::optional<std::string> whole_document(const Suite& suite, int argc, char** argv);

}  // namespace mqtk
