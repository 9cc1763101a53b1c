#include "options/secrets.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/unique_fd.hpp"
#include "wire/types.hpp"
#include "wire/utf8.hpp"

namespace mqtk {

namespace {

void cut_newline(std::string& text) {
  if (!text.ends_with('\n')) return;
  text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
}

std::string system_message(int error) {
  return std::strerror(error);
}

// Turns the terminal's echo off while it lives.
class EchoOff {
 public:
  explicit EchoOff(int fd) : fd_(fd), changed_(::tcgetattr(fd, &saved_) == 0) {
    if (!changed_) return;
    termios quiet = saved_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ECHONL;
    changed_ = ::tcsetattr(fd, TCSAFLUSH, &quiet) == 0;
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;
  ~EchoOff() {
    if (changed_) ::tcsetattr(fd_, TCSAFLUSH, &saved_);
  }
  bool works() const { return changed_; }

 private:
  int fd_;
  termios saved_{};
  bool changed_;
};

volatile std::sig_atomic_t caught_signal = 0;

// While it lives, signals that would end the program only interrupt the read, so that echo comes
// back first.
class SignalCatcher {
 public:
  SignalCatcher() {
    caught_signal = 0;
    struct sigaction action = {};
    action.sa_handler = [](int signal) { caught_signal = signal; };
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &action, &saved_[i]);
  }
  SignalCatcher(const SignalCatcher&) = delete;
  SignalCatcher& operator=(const SignalCatcher&) = delete;
  ~SignalCatcher() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &saved_[i], nullptr);
    if (caught_signal != 0) ::raise(caught_signal);
  }

 private:
  static constexpr std::array<int, 4> kSignals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  std::array<struct sigaction, 4> saved_{};
};

void type_out(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

// A text, a file or a command: the first that there is.
Result<std::optional<std::string>> one_of(const std::optional<std::string>& text,
                                          const std::optional<std::string>& file,
                                          std::string_view what,
                                          const std::optional<std::string>& command,
                                          std::string_view option, Duration limit) {
  if (!file && !command) return text;
  auto content = file ? read_secret_file(*file, what) : run_secret_command(*command, option, limit);
  if (!content) return fail(std::move(content.error()));
  return std::optional<std::string>(std::move(*content));
}

Result<Credentials> read_credentials(const CredentialPlan& plan) {
  Credentials out;
  auto username = one_of(plan.username, plan.username_file, "user name file", plan.username_command,
                         "--username-command", plan.command_limit);
  if (!username) return fail(std::move(username.error()));
  out.username = std::move(*username);
  auto password = one_of(plan.password, plan.password_file, "password file", plan.password_command,
                         "--password-command", plan.command_limit);
  if (!password) return fail(std::move(password.error()));
  out.password = std::move(*password);
  if (out.username &&
      (!wire::is_mqtt_string(*out.username) || out.username->size() > wire::kMaxFieldSize)) {
    return fail(ErrorKind::Configuration,
                "the user name is no UTF-8 text without NUL of at most 65535 octets");
  }
  if (out.password && out.password->size() > wire::kMaxFieldSize) {
    return fail(ErrorKind::Configuration, "the password has more than 65535 octets");
  }
  return out;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::string_view what, std::size_t limit,
                              ErrorKind kind) {
  const std::string named = std::string(what) + " '" + path + "'";
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail(kind, "cannot open " + named + ": " + system_message(errno));
  std::string content;
  for (;;) {
    char buffer[16 * 1024];
    const ssize_t n = ::read(fd.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(kind, "cannot read " + named + ": " + system_message(errno));
    if (n == 0) return content;
    content.append(buffer, static_cast<std::size_t>(n));
    if (content.size() > limit) {
      return fail(kind, named + " has more than " + std::to_string(limit) + " octets");
    }
  }
}

Result<std::string> read_secret_file(const std::string& path, std::string_view what) {
  auto content = read_file(path, what);
  if (content) cut_newline(*content);
  return content;
}

Result<std::string> prompt_secret(std::string_view prompt) {
  const UniqueFd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal) {
    return fail(ErrorKind::Configuration, "there is no terminal to ask on",
                "use --password-file or --password-command");
  }
  const SignalCatcher catcher;
  const EchoOff echo_off(terminal.get());
  if (!echo_off.works()) {
    return fail(ErrorKind::Configuration, "the terminal's echo cannot be turned off");
  }
  type_out(terminal.get(), prompt);
  std::string line;
  for (;;) {
    char c = 0;
    const ssize_t n = ::read(terminal.get(), &c, 1);
    if (n < 0 && errno == EINTR && caught_signal == 0) continue;
    if (n <= 0) return fail(ErrorKind::Configuration, "nothing was typed at the terminal");
    if (c == '\n') return line;
    line.push_back(c);
    if (line.size() > wire::kMaxFieldSize) {
      return fail(ErrorKind::Configuration, "the password has more than 65535 octets");
    }
  }
}

CredentialSource make_credential_source(CredentialPlan plan) {
  if (!plan.username && !plan.username_file && !plan.username_command && !plan.password &&
      !plan.password_file && !plan.password_command) {
    return {};
  }
  return [plan = std::move(plan)] { return read_credentials(plan); };
}

}  // namespace mqtk
