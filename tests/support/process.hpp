// Runs a real program: arguments, environment, standard input in every form, what it printed, how
// it ended, and what it cost. A Process belongs to one thread; it ends with its object.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/wait_until.hpp"

namespace mqtk::test {

struct ProcessOptions {
  std::vector<std::string> argv{};  ///< argv[0] is a path, or a name to look up in PATH
  std::string program{};            ///< the file to run when argv[0] is to say something else
  std::vector<std::string> env{};   ///< "NAME=value" set besides ours, "NAME" taken away
  bool clean_env = false;           ///< only PATH and what `env` says
  std::string folder{};             ///< where to run; empty: here

  /// Standard input: at most one of these; none: /dev/null.
  std::optional<std::string> stdin_text{};
  std::string stdin_file{};
  bool stdin_pipe = false;  ///< write_stdin() writes to it

  std::string stdout_file{};  ///< goes there instead of into `out`
  bool merge_stderr = false;  ///< stderr goes where stdout goes
  /// stdin and stdout are a terminal of 80 columns and 24 lines; write_stdin() types, and what the
  /// terminal shows (with its CR LF and its echo) is `out`.
  bool terminal = false;

  Duration deadline = 2 * kPatience;  ///< then it is killed
};

struct ProcessResult {
  std::string out{};
  std::string err{};
  int exit_code = -1;  ///< -1 when it ended by a signal
  int signal = 0;
  bool timed_out = false;  ///< it was killed at its deadline
  Duration wall = 0ns;
  Duration user = 0ns;
  Duration system = 0ns;
  long peak_rss_kib = 0;

  bool ok() const { return exit_code == 0; }
  /// How it ended and what it printed, for a failing test's message.
  std::string text() const;
};

class Process {
 public:
  /// Starts it. A program that cannot be run ends with exit code 127 and says why on stderr.
  explicit Process(ProcessOptions options);
  /// Kills it if it still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const;
  bool running() const;
  /// False when it reads no more.
  bool write_stdin(std::string_view text);
  void close_stdin();

  std::string out_so_far() const;
  std::string err_so_far() const;
  /// False at the deadline, and when it ended without it.
  bool wait_stdout_contains(std::string_view text, Duration deadline = kPatience) const;
  bool wait_stderr_contains(std::string_view text, Duration deadline = kPatience) const;
  /// The n-th line of stdout (from 0) without its end; nullopt as above.
  std::optional<std::string> wait_stdout_line(std::size_t n, Duration deadline = kPatience) const;

  /// False when it has ended already.
  bool send_signal(int number);
  /// True when it has ended by itself within `deadline`.
  bool wait_end(Duration deadline);
  /// Waits for its end, at most until its deadline.
  ProcessResult wait();
  /// Asks it to end (SIGTERM), kills it when it does not within `grace`.
  ProcessResult stop(Duration grace = 5s);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

ProcessResult run(ProcessOptions options);
/// Runs `argv` without input.
ProcessResult run(std::vector<std::string> argv);

}  // namespace mqtk::test
