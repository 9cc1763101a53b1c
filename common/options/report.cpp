#include "options/report.hpp"

#include <unistd.h>

#include <cerrno>

#include "output/terminal_text.hpp"

namespace mqtk {

namespace {

constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kYellow = "\x1b[1;33m";
constexpr std::string_view kCyan = "\x1b[36m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kPlain = "\x1b[0m";

}  // namespace

bool use_color(ColorMode mode, const Environment& environment, int fd) {
  if (mode != ColorMode::Auto) return mode == ColorMode::Always;
  return !environment.no_color && ::isatty(fd) == 1;
}

Report::Report(std::string_view program, int fd) : program_(program), fd_(fd) {}

void Report::configure(const ReportFlags& flags, const Environment& environment) {
  quiet_ = flags.quiet;
  debug_ = flags.debug;
  color_ = use_color(flags.color, environment, fd_);
}

void Report::error(const Error& error) {
  if (quiet_ && error.kind != ErrorKind::Usage) return;
  write(kRed, "error: ", error.message);
  if (!error.hint.empty()) write(kCyan, "hint: ", error.hint);
  if (debug_ && error.cause != Cause::None) write(kDim, "cause: ", name(error.cause));
}

void Report::error(std::string_view message) {
  if (!quiet_) write(kRed, "error: ", message);
}

void Report::hint(std::string_view text) {
  if (!quiet_) write(kCyan, "hint: ", text);
}

void Report::warning(std::string_view text) {
  if (!quiet_) write(kYellow, "warning: ", text);
}

void Report::note(std::string_view text) {
  if (!quiet_) write({}, {}, text);
}

void Report::debug(std::string_view text) {
  if (debug_) write(kDim, {}, text);
}

int Report::finish(const Error& error) {
  this->error(error);
  return exit_code(error.kind);
}

void Report::write(std::string_view color, std::string_view label, std::string_view text) {
  std::string line = program_ + ": ";
  const bool colored = color_ && !color.empty();
  if (colored) line += color;
  line += label;
  if (colored && !label.empty()) line += kPlain;
  append_terminal_text(line, text, Lines::Escape);
  if (colored && label.empty()) line += kPlain;
  line.push_back('\n');
  // One write a line, so that lines of several processes do not mix.
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t n = ::write(fd_, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace mqtk
