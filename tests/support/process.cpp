#include "support/process.hpp"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "support/spawn.hpp"

namespace mqtk::test {

namespace {

Duration to_duration(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

long to_kib(long peak) {
#ifdef __APPLE__
  return peak / 1024;
#else
  return peak;
#endif
}

}  // namespace

std::string ProcessResult::text() const {
  std::string text = timed_out     ? "killed at its deadline"
                     : signal != 0 ? "ended by signal " + std::to_string(signal)
                                   : "exit code " + std::to_string(exit_code);
  return text + "\n--- stdout\n" + out + "\n--- stderr\n" + err;
}

struct Process::Impl {
  explicit Impl(ProcessOptions given)
      : options(std::move(given)), started(monotonic_now()), child(spawn(options)) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) == 0) {
      for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
      wake_read.reset(ends[0]);
      wake_write.reset(ends[1]);
    }
    if (options.stdin_text) {
      feed = *options.stdin_text;
      close_after_feed = true;
    }
    pump = std::thread([this] { move_streams(); });
    reaper = std::thread([this] { reap(); });
  }

  ~Impl() {
    kill(SIGKILL, true);
    reaper.join();
    pump.join();
  }

  bool kill(int number, bool group) {
    const std::lock_guard lock(mutex);
    if (reaped) return false;
    if (group) ::kill(-child.pid, number);
    return ::kill(child.pid, number) == 0;
  }

  void wake_pump() {
    if (::write(wake_write.get(), "w", 1) < 0) return;
  }

  // The process is reaped under the lock, so that nobody signals a number that is somebody else's.
  void reap() {
    siginfo_t info{};
    while (::waitid(P_PID, static_cast<id_t>(child.pid), &info, WEXITED | WNOWAIT) != 0 &&
           errno == EINTR) {
    }
    const TimePoint ended = monotonic_now();
    const std::lock_guard lock(mutex);
    int status = 0;
    rusage usage{};
    ::wait4(child.pid, &status, 0, &usage);
    reaped = true;
    result.wall = ended - started;
    result.user = to_duration(usage.ru_utime);
    result.system = to_duration(usage.ru_stime);
    result.peak_rss_kib = to_kib(usage.ru_maxrss);
    if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
    wake_pump();
  }

  /// Takes what is there; closes the stream at its end.
  void take(UniqueFd& fd, std::string& into) {
    std::array<char, 64 * 1024> buffer;
    while (true) {
      const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
      if (n < 0 && errno == EINTR) continue;
      const std::lock_guard lock(mutex);
      if (n > 0) {
        into.append(buffer.data(), static_cast<std::size_t>(n));
        changed.notify_all();
        continue;
      }
      // A terminal whose other side is closed answers EIO.
      if (n == 0 || errno != EAGAIN) fd.reset();
      return;
    }
  }

  void give() {
    const ssize_t n = ::write(child.in.get(), feed.data() + fed, feed.size() - fed);
    if (n > 0) fed += static_cast<std::size_t>(n);
    const bool failed = n < 0 && errno != EAGAIN && errno != EINTR;
    if (failed || fed == feed.size()) child.in.reset();
  }

  void move_streams() {
    while (true) {
      bool last = false;
      {
        const std::lock_guard lock(mutex);
        last = reaped;
      }
      const bool feeding = close_after_feed && child.in;
      std::array<pollfd, 4> wanted{};
      wanted[0] = {child.out.get(), POLLIN, 0};
      wanted[1] = {child.err.get(), POLLIN, 0};
      wanted[2] = {feeding ? child.in.get() : -1, POLLOUT, 0};
      wanted[3] = {wake_read.get(), POLLIN, 0};
      if (::poll(wanted.data(), wanted.size(), last ? 0 : -1) < 0 && errno != EINTR) break;
      if (wanted[3].revents != 0) {
        std::array<char, 16> ignored;
        if (::read(wake_read.get(), ignored.data(), ignored.size()) < 0) break;
      }
      if (child.out && (wanted[0].revents != 0 || last)) take(child.out, result.out);
      if (child.err && (wanted[1].revents != 0 || last)) take(child.err, result.err);
      if (feeding && wanted[2].revents != 0) give();
      if (last) break;
    }
    const std::lock_guard lock(mutex);
    finished = true;
    changed.notify_all();
  }

  template <typename Condition>
  bool wait_for(Duration limit, Condition condition) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, limit, [this, &condition] { return finished || condition(); });
    return condition();
  }

  ProcessOptions options;
  TimePoint started;
  Spawned child;
  UniqueFd wake_read;
  UniqueFd wake_write;
  std::string feed;
  std::size_t fed = 0;
  bool close_after_feed = false;
  std::mutex mutex;
  std::condition_variable changed;
  ProcessResult result;  ///< out and err grow while it runs
  bool reaped = false;
  bool finished = false;  ///< reaped, and everything it printed is here
  std::thread pump;
  std::thread reaper;
};

Process::Process(ProcessOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Process::~Process() = default;

pid_t Process::pid() const {
  return impl_->child.pid;
}

bool Process::running() const {
  const std::lock_guard lock(impl_->mutex);
  return !impl_->reaped;
}

bool Process::write_stdin(std::string_view text) {
  const TimePoint end = monotonic_now() + impl_->options.deadline;
  while (!text.empty()) {
    const ssize_t n = ::write(impl_->child.in.get(), text.data(), text.size());
    if (n > 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN || monotonic_now() > end || !running()) return false;
    pollfd wanted{impl_->child.in.get(), POLLOUT, 0};
    ::poll(&wanted, 1, 50);
  }
  return true;
}

void Process::close_stdin() {
  if (impl_->options.terminal) {
    write_stdin("\x04");
  } else if (!impl_->close_after_feed) {
    impl_->child.in.reset();
  }
}

std::string Process::out_so_far() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->result.out;
}

std::string Process::err_so_far() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->result.err;
}

bool Process::wait_stdout_contains(std::string_view text, Duration deadline) const {
  return impl_->wait_for(
      deadline, [this, text] { return impl_->result.out.find(text) != std::string::npos; });
}

bool Process::wait_stderr_contains(std::string_view text, Duration deadline) const {
  return impl_->wait_for(
      deadline, [this, text] { return impl_->result.err.find(text) != std::string::npos; });
}

std::optional<std::string> Process::wait_stdout_line(std::size_t n, Duration deadline) const {
  std::string line;
  const bool found = impl_->wait_for(deadline, [this, n, &line] {
    std::string_view rest = impl_->result.out;
    for (std::size_t i = 0;; ++i) {
      const std::size_t end = rest.find('\n');
      if (end == std::string_view::npos) return false;
      if (i == n) {
        line = rest.substr(0, end);
        if (line.ends_with('\r')) line.pop_back();
        return true;
      }
      rest.remove_prefix(end + 1);
    }
  });
  if (!found) return std::nullopt;
  return line;
}

bool Process::send_signal(int number) {
  return impl_->kill(number, false);
}

bool Process::wait_end(Duration deadline) {
  return impl_->wait_for(deadline, [this] { return impl_->finished; });
}

ProcessResult Process::wait() {
  const Duration left = impl_->started + impl_->options.deadline - monotonic_now();
  if (!wait_end(left > 0ns ? left : 0ns)) {
    {
      const std::lock_guard lock(impl_->mutex);
      impl_->result.timed_out = !impl_->reaped;
    }
    impl_->kill(SIGKILL, true);
    wait_end(10s);
  }
  const std::lock_guard lock(impl_->mutex);
  return impl_->result;
}

ProcessResult Process::stop(Duration grace) {
  send_signal(SIGTERM);
  if (!wait_end(grace)) impl_->kill(SIGKILL, true);
  wait_end(10s);
  const std::lock_guard lock(impl_->mutex);
  return impl_->result;
}

ProcessResult run(ProcessOptions options) {
  return Process(std::move(options)).wait();
}

ProcessResult run(std::vector<std::string> argv) {
  ProcessOptions options;
  options.argv = std::move(argv);
  return run(std::move(options));
}

}  // namespace mqtk::test
