// The only place that writes errors, warnings and notes to stderr: "mqtt-pub: error: ...", one line
// each, control characters escaped (output/terminal_text.hpp), colour only on a terminal.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "options/client_flags.hpp"
#include "options/command_line.hpp"
#include "options/environment.hpp"

namespace mqtk {

class Report {
 public:
  /// Until configure() is called: not quiet, no debug lines, colour as the terminal allows.
  explicit Report(std::string_view program, int fd = 2);
  void configure(const ReportFlags& flags, const Environment& environment);
  /// Under a drop-in name: only errors are said, as mosquitto says them.
  void adopt(const CommandLine& line);

  /// The error, then its hint, with --debug then its cause word. --quiet hides all kinds but Usage.
  void error(const Error& error);
  void error(std::string_view message);
  void hint(std::string_view text);
  void warning(std::string_view text);
  /// Without a label: "mqtt-sub: connection lost (...), next try in 2s".
  void note(std::string_view text);
  /// Only with --debug.
  void debug(std::string_view text);
  /// A line that stays below all others until another or an empty one replaces it. Shown on a
  /// terminal only.
  void status(std::string_view text);
  bool terminal() const;
  bool debugging() const { return debug_; }
  /// Every packet is to be shown, and how.
  bool tracing() const { return debug_ || trace_ != TraceForm::Lines; }
  TraceForm trace() const { return trace_; }
  SummaryForm summary() const { return summary_; }
  bool quiet() const { return quiet_; }
  bool colored() const { return color_; }

  /// A line as it is, without the program's name; not with --quiet.
  void say(std::string_view text);
  const Dialect& dialect() const { return *dialect_; }

  /// Prints the error and gives the exit code for it.
  int finish(const Error& error);

 private:
  void write(std::string_view color, std::string_view label, std::string_view text);
  void write_all(std::string_view text) const;

  std::string program_;
  const Dialect* dialect_ = &own_dialect();
  wire::ProtocolVersion version_ = wire::ProtocolVersion::V311;
  int fd_;
  bool quiet_ = false;
  bool debug_ = false;
  TraceForm trace_ = TraceForm::Lines;
  SummaryForm summary_ = SummaryForm::None;
  bool color_ = false;
  std::string status_;  ///< as it stands on the terminal
};

/// Whether to colour what goes to `fd`.
bool use_color(ColorMode mode, const Environment& environment, int fd);

}  // namespace mqtk
