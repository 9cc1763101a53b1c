#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

#include "base/process.hpp"
#include "base/unique_fd.hpp"
#include "base/units.hpp"
#include "options/secrets.hpp"

namespace mqtk {

namespace {

struct SpawnAttributes {
  SpawnAttributes() {
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_init(&actions);
  }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  ~SpawnAttributes() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  posix_spawnattr_t attributes{};
  posix_spawn_file_actions_t actions{};
};

// While one lives, SIGINT and SIGTERM end the wait for a command at once (SIGHUP may ask for a new
// record file, and no end); whoever watched them before is told when it is over. Commands of
// several threads share one watch.
class SignalWatch {
 public:
  SignalWatch() {
    const std::lock_guard lock(mutex_);
    if (users_++ > 0) return;
    caught_ = 0;
    if (::pipe(ends_) == 0) {
      for (const int end : ends_) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
        ::fcntl(end, F_SETFL, O_NONBLOCK);
      }
    } else {
      ends_[0] = ends_[1] = -1;
    }
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      ::sigaction(kSignals[i], nullptr, &before_[i]);
      if (before_[i].sa_handler == SIG_IGN) continue;
      struct sigaction action = before_[i];
      action.sa_handler = caught;
      action.sa_flags &= ~SA_SIGINFO;
      ::sigaction(kSignals[i], &action, nullptr);
    }
  }
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch() {
    const std::lock_guard lock(mutex_);
    if (--users_ > 0) return;
    const int number = caught_;
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      if (before_[i].sa_handler == SIG_IGN) continue;
      struct sigaction now;
      ::sigaction(kSignals[i], nullptr, &now);
      // Somebody else may have changed it meanwhile.
      if (now.sa_handler == caught) ::sigaction(kSignals[i], &before_[i], nullptr);
    }
    for (const int end : ends_) ::close(end);
    if (number != 0) ::raise(number);
  }

  /// Readable once one has come; -1: there is none to ask.
  static int descriptor() { return ends_[0]; }
  /// The signal that has come; 0: none.
  static int signal() { return caught_; }

 private:
  static constexpr std::array<int, 2> kSignals = {SIGINT, SIGTERM};

  static void caught(int number) {
    const int error = errno;
    caught_ = number;
    [[maybe_unused]] const ssize_t written = ::write(ends_[1], "", 1);
    errno = error;
  }

  static inline std::mutex mutex_;
  static inline int users_ = 0;
  static inline int ends_[2] = {-1, -1};
  static inline std::atomic<int> caught_ = 0;
  static inline std::array<struct sigaction, kSignals.size()> before_{};
};

// A child in a process group of its own, whose output we read. The destructor leaves none behind.
class Child {
 public:
  /// 0, or the error of the system.
  int start(const std::string& command) {
    int ends[2];
    if (::pipe(ends) != 0) return errno;
    output_.reset(ends[0]);
    const UniqueFd write_end(ends[1]);
    ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    ::fcntl(ends[1], F_SETFD, FD_CLOEXEC);

    SpawnAttributes spawn;
    ::posix_spawn_file_actions_addopen(&spawn.actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&spawn.actions, ends[1], 1);
    sigset_t none;
    sigset_t defaults;
    ::sigemptyset(&none);
    ::sigemptyset(&defaults);
    for (const int signal :
         {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD, SIGXFSZ, SIGUSR1}) {
      ::sigaddset(&defaults, signal);
    }
    ::posix_spawnattr_setsigmask(&spawn.attributes, &none);
    ::posix_spawnattr_setsigdefault(&spawn.attributes, &defaults);
    ::posix_spawnattr_setpgroup(&spawn.attributes, 0);
    ::posix_spawnattr_setflags(
        &spawn.attributes,
        static_cast<short>(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    std::string shell = "sh";
    std::string option = "-c";
    std::string text = command;
    std::vector<std::string> environment = child_environment();
    std::vector<char*> variables;
    for (std::string& each : environment) variables.push_back(each.data());
    variables.push_back(nullptr);
    char* arguments[] = {shell.data(), option.data(), text.data(), nullptr};
    return ::posix_spawn(&pid_, "/bin/sh", &spawn.actions, &spawn.attributes, arguments,
                         variables.data());
  }

  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(-pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  int output() const { return output_.get(); }

  /// Waits for the end of the process; false at the deadline.
  bool wait(TimePoint deadline, int& status) {
    for (auto pause = 100us;; pause = std::min(pause * 2, 10000us)) {
      const pid_t done = ::waitpid(pid_, &status, WNOHANG);
      if (done == pid_) {
        pid_ = -1;
        return true;
      }
      if (done < 0 && errno != EINTR) {
        pid_ = -1;
        status = 0;
        return true;
      }
      if (monotonic_now() >= deadline || SignalWatch::signal() != 0) return false;
      std::this_thread::sleep_for(pause);
    }
  }

 private:
  pid_t pid_ = -1;
  UniqueFd output_;
};

enum class ReadEnd { Complete, TooLong, Late, Interrupted };

ReadEnd read_until(int fd, TimePoint deadline, std::string& out) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - monotonic_now());
    if (left <= 0ms) return ReadEnd::Late;
    if (SignalWatch::signal() != 0) return ReadEnd::Interrupted;
    pollfd waiting[] = {{fd, POLLIN, 0}, {SignalWatch::descriptor(), POLLIN, 0}};
    const int ready =
        ::poll(waiting, 2, static_cast<int>(std::min<std::int64_t>(left.count(), 1 << 30)));
    if (ready < 0 && errno != EINTR) return ReadEnd::Complete;
    if (ready <= 0 || waiting[0].revents == 0) continue;
    char buffer[4096];
    const ssize_t n = ::read(fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return ReadEnd::Complete;
    out.append(buffer, static_cast<std::size_t>(n));
    if (out.size() > kMaxSecretSize) return ReadEnd::TooLong;
  }
}

}  // namespace

int signal_during_command() {
  return SignalWatch::signal();
}

Result<std::string> run_secret_command(const std::string& command, std::string_view what,
                                       Duration limit) {
  const std::string named(what);
  const TimePoint deadline = monotonic_now() + limit;
  const SignalWatch watch;
  Child child;
  if (const int error = child.start(command); error != 0) {
    return fail(ErrorKind::Configuration,
                named + ": the shell cannot be started: " + std::strerror(error));
  }
  std::string out;
  const ReadEnd end = read_until(child.output(), deadline, out);
  if (end == ReadEnd::TooLong) {
    return fail(ErrorKind::Configuration, named + ": the command prints more than 1 MiB");
  }
  int status = 0;
  const bool ended = end == ReadEnd::Complete && child.wait(deadline, status);
  if (const int number = SignalWatch::signal(); number != 0 && !ended) {
    return fail(ErrorKind::Configuration,
                named + ": signal " + std::to_string(number) + " came while the command ran");
  }
  if (!ended) {
    return fail(ErrorKind::Configuration,
                named + ": the command was not done after " + format_duration(limit));
  }
  if (WIFSIGNALED(status)) {
    return fail(ErrorKind::Configuration,
                named + ": the command was ended by signal " + std::to_string(WTERMSIG(status)));
  }
  if (WEXITSTATUS(status) != 0) {
    return fail(ErrorKind::Configuration, named + ": the command ended with exit status " +
                                              std::to_string(WEXITSTATUS(status)));
  }
  if (out.ends_with('\n')) out.pop_back();
  if (out.ends_with('\r')) out.pop_back();
  return out;
}

}  // namespace mqtk
