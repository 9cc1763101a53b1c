#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
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
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD, SIGXFSZ}) {
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
      if (monotonic_now() >= deadline) return false;
      std::this_thread::sleep_for(pause);
    }
  }

 private:
  pid_t pid_ = -1;
  UniqueFd output_;
};

enum class ReadEnd { Complete, TooLong, Late };

ReadEnd read_until(int fd, TimePoint deadline, std::string& out) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - monotonic_now());
    if (left <= 0ms) return ReadEnd::Late;
    pollfd waiting{fd, POLLIN, 0};
    const int ready =
        ::poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 1 << 30)));
    if (ready < 0 && errno != EINTR) return ReadEnd::Complete;
    if (ready <= 0) continue;
    char buffer[4096];
    const ssize_t n = ::read(fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return ReadEnd::Complete;
    out.append(buffer, static_cast<std::size_t>(n));
    if (out.size() > kMaxSecretSize) return ReadEnd::TooLong;
  }
}

}  // namespace

Result<std::string> run_secret_command(const std::string& command, std::string_view what,
                                       Duration limit) {
  const std::string named(what);
  const TimePoint deadline = monotonic_now() + limit;
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
  if (end == ReadEnd::Late || !child.wait(deadline, status)) {
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
