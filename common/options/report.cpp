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
constexpr std::string_view kEraseLine = "\r\x1b[K";

}  // namespace

bool use_color(ColorMode mode, const Environment& environment, int fd) {
  if (mode != ColorMode::Auto) return mode == ColorMode::Always;
  return !environment.no_color && ::isatty(fd) == 1;
}

Report::Report(std::string_view program, int fd) : program_(program), fd_(fd) {}

void Report::configure(const ReportFlags& flags, const Environment& environment) {
  quiet_ = flags.quiet;
  debug_ = flags.debug;
  trace_ = flags.trace;
  summary_ = flags.summary;
  color_ = use_color(flags.color, environment, fd_);
}

void Report::adopt(const CommandLine& line) {
  dialect_ = line.dialect;
  version_ = line.drop_in_version;
}

void Report::say(std::string_view text) {
  if (quiet_) return;
  std::string line = terminal_text(text);
  line += '\n';
  write_all(line);
}

void Report::error(const Error& error) {
  if (quiet_ && error.kind != ErrorKind::Usage) return;
  if (dialect_->drop_in()) return say(drop_in_verdict(error, version_).text);
  write(kRed, "error: ", error.message);
  if (!error.hint.empty()) write(kCyan, "hint: ", error.hint);
  if (debug_ && error.cause != Cause::None) write(kDim, "cause: ", name(error.cause));
}

void Report::error(std::string_view message) {
  if (dialect_->drop_in()) return say("Error: " + std::string(message));
  if (!quiet_) write(kRed, "error: ", message);
}

void Report::hint(std::string_view text) {
  if (!quiet_ && !dialect_->drop_in()) write(kCyan, "hint: ", text);
}

void Report::warning(std::string_view text) {
  if (!quiet_ && !dialect_->drop_in()) write(kYellow, "warning: ", text);
}

void Report::note(std::string_view text) {
  if (!quiet_ && !dialect_->drop_in()) write({}, {}, text);
}

void Report::debug(std::string_view text) {
  if (debug_ && !dialect_->drop_in()) write(kDim, {}, text);
}

bool Report::terminal() const {
  return ::isatty(fd_) == 1;
}

void Report::status(std::string_view text) {
  if (quiet_ || text == status_ || !terminal()) return;
  status_ = text;
  write_all(std::string(kEraseLine) + status_);
}

int Report::finish(const Error& error) {
  this->error(error);
  if (dialect_->drop_in()) return drop_in_verdict(error, version_).exit_code;
  return exit_code(error.kind);
}

void Report::write(std::string_view color, std::string_view label, std::string_view text) {
  std::string line(status_.empty() ? std::string_view() : kEraseLine);
  line += program_ + ": ";
  const bool colored = color_ && !color.empty();
  if (colored) line += color;
  line += label;
  if (colored && !label.empty()) line += kPlain;
  append_terminal_text(line, text, Lines::Escape);
  if (colored && label.empty()) line += kPlain;
  line.push_back('\n');
  // One write a line, so that lines of several processes do not mix.
  line += status_;
  write_all(line);
}

void Report::write_all(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t n = ::write(fd_, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace mqtk
