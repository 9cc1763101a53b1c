// A subcommand of mqtt-inspect as the dispatch sees it. To add one: a file that defines
// NAME_subcommand(), and its two lines in subcommands.cpp.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "options/command_line.hpp"
#include "options/resolve.hpp"
#include "options/run.hpp"

namespace mqtk::inspect {

/// What a subcommand is given once its options have been read.
struct Launch {
  Report& report;
  const Environment& environment;
  const CommandLine& line;
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
  Program program;               ///< its name is "mqtt-inspect WORD"
  std::string_view description;  ///< a paragraph for the man page, plain text
  std::unique_ptr<Subcommand> (*make)();
};

/// All of them, in the order of the help.
std::span<const SubcommandEntry> subcommands();
/// nullptr when there is none.
const SubcommandEntry* find_subcommand(std::string_view word);

/// Connection, credentials, TLS, WebSocket, session and report: what every subcommand takes, the
/// session unless it uses sessions of its own only. A word with "://" in it is taken as -L.
enum class SessionOptions : std::uint8_t { Taken, None };
void append_connection_flags(FlagTable& table, ClientFlags& flags,
                             SessionOptions session = SessionOptions::Taken);

/// The configuration of the client, after warnings were shown and secrets wiped from argv.
Result<ResolvedClient> resolve_connection(const ClientFlags& flags, const Launch& launch,
                                          bool reconnect = false);

}  // namespace mqtk::inspect
