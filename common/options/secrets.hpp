// Where passwords come from: files that are read anew each time, commands, the terminal. Errors are
// of kind Configuration and never show what was read.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "session/client_config.hpp"

namespace mqtk {

/// At most this much is read from a secret file or command.
inline constexpr std::size_t kMaxSecretSize = 1 << 20;

/// The content of a file, as it is. `what` names it in the error: "password file".
Result<std::string> read_file(const std::string& path, std::string_view what,
                              std::size_t limit = kMaxSecretSize,
                              ErrorKind kind = ErrorKind::Configuration);

/// The content of a file without one trailing newline ("\n" or "\r\n").
Result<std::string> read_secret_file(const std::string& path, std::string_view what);

/// What `command` prints, run by /bin/sh -c with no input; one trailing newline is cut. At `limit`
/// the command and its children are killed. `what` names it in the error: "--password-command".
Result<std::string> run_secret_command(const std::string& command, std::string_view what,
                                       Duration limit = 10s);

/// SIGINT or SIGTERM when that ended the last command; it has been passed on. 0: neither.
int signal_during_command();

/// Reads a line from the terminal with echo off; not from standard input.
Result<std::string> prompt_secret(std::string_view prompt);

/// What credentials are made of; texts first, files and commands on each call.
struct CredentialPlan {
  std::optional<std::string> username, username_file, username_command;
  std::optional<std::string> password, password_file, password_command;
  Duration command_limit = 10s;
};

/// Empty when the plan is.
CredentialSource make_credential_source(CredentialPlan plan);

}  // namespace mqtk
