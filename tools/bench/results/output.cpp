#include "bench/results/output.hpp"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>

#include "bench/results/series_files.hpp"
#include "bench/results/summary.hpp"

namespace mqtk::bench {

namespace {

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::size_t terminal_columns() {
  constexpr std::size_t kUsual = 80;
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsual;
  return size.ws_col;
}

}  // namespace

Result<void> write_text(const std::string& path, std::string_view text, FileAccess access) {
  if (path == "-") {
    // A reader that has seen enough is no fault.
    if (!write_all(STDOUT_FILENO, text) && errno != EPIPE) {
      return fail(ErrorKind::OutputFailed,
                  std::string("cannot write standard output: ") + ::strerror(errno));
    }
    return {};
  }
  return write_whole_file(path, text, access);
}

Result<void> write_result(const RunResult& result, const OutputPlan& plan) {
  bool stdout_taken = false;
  Result<void> outcome;
  const auto write = [&](const std::optional<std::string>& path, const std::string& text,
                         FileAccess access) {
    if (!path) return;
    stdout_taken |= *path == "-";
    if (auto done = write_text(*path, text, access); !done && outcome) outcome = std::move(done);
  };
  if (plan.json)
    write(plan.json, result_json(result), FileAccess::Private);  // has the command line
  if (plan.csv) write(plan.csv, series_csv(result), FileAccess::Usual);
  if (plan.hlog) write(plan.hlog, latency_log(result), FileAccess::Usual);
  if (!stdout_taken) write("-", summary_text(result), FileAccess::Usual);
  return outcome;
}

LiveDisplay::LiveDisplay(const Scenario& scenario, Report& report)
    : scenario_(scenario),
      report_(report),
      shown_(!report.quiet() && ::isatty(STDERR_FILENO) == 1),
      line_(true) {}

void LiveDisplay::on_progress_wanted(const std::string& text) {
  clear();
  report_.note(text);
}

void LiveDisplay::on_phase(std::string_view phase) {
  phase_ = phase;
  phase_started_s_ = last_time_s_;
}

void LiveDisplay::on_sample(const Sample& sample) {
  last_time_s_ = sample.time_s;
  errors_ += sample.errors;
  if (!shown_) return;
  LiveStatus status;
  status.elapsed_s = sample.time_s;
  status.errors = errors_;
  if (phase_ == "ramp" && sample.connections < scenario_.clients_here()) {
    status.connections_wanted = scenario_.clients_here() - sample.connections;
  }
  const double length = std::chrono::duration<double>(scenario_.duration).count();
  if (phase_ == "measure" && length > 0) {
    status.progress = std::min(1.0, (sample.time_s - phase_started_s_) / length);
  }
  std::string text(LiveLine::kClear);
  text += line_.text(sample, status, terminal_columns());
  on_line_ = write_all(STDERR_FILENO, text);
}

void LiveDisplay::clear() {
  if (!on_line_) return;
  write_all(STDERR_FILENO, LiveLine::kClear);
  on_line_ = false;
}

}  // namespace mqtk::bench
