#include "support/spawn.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#ifdef __linux__
#include <pty.h>
#include <sys/prctl.h>
#else
#include <util.h>
#endif

#include <algorithm>
#include <array>
#include <mutex>
#include <stdexcept>

#include "support/programs.hpp"

extern char** environ;

namespace mqtk::test {

namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw std::runtime_error("cannot " + what + ": " + ::strerror(errno));
}

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

void close_on_exec(int fd) {
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void make_nonblocking(int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) refuse("make a pipe");
  close_on_exec(ends[0]);
  close_on_exec(ends[1]);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

UniqueFd open_file(const std::string& path, int flags) {
  UniqueFd fd(::open(path.c_str(), flags | O_CLOEXEC, 0644));
  if (!fd) refuse("open " + path);
  return fd;
}

std::vector<std::string> environment(const ProcessOptions& options) {
  std::vector<std::string> result;
  const auto set = [&result](const std::string& entry) {
    const std::string key = entry.substr(0, entry.find('=')) + "=";
    std::erase_if(result, [&key](const std::string& other) { return other.starts_with(key); });
    if (entry.find('=') != std::string::npos) result.push_back(entry);
  };
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!options.clean_env || std::string_view(*entry).starts_with("PATH=")) {
      result.emplace_back(*entry);
    }
  }
  for (const std::string& entry : options.env) set(entry);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// The child's own ends and all that it needs, prepared before fork(): afterwards only system calls
/// are allowed.
struct Child {
  UniqueFd in;
  UniqueFd out;
  UniqueFd err;
  bool terminal = false;
  std::string folder;
  std::string program;
  std::vector<std::string> argv;
  std::vector<std::string> env;
  std::vector<char*> argv_pointers;
  std::vector<char*> env_pointers;
  std::string complaint;
};

[[noreturn]] void run_child(const Child& child, pid_t parent) {
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (::getppid() != parent) ::_exit(127);
  if (child.terminal) {
    ::setsid();
    ::ioctl(child.in.get(), TIOCSCTTY, 0);
  } else {
    ::setpgid(0, 0);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD}) ::signal(number, SIG_DFL);
  ::dup2(child.in.get(), STDIN_FILENO);
  ::dup2(child.out.get(), STDOUT_FILENO);
  ::dup2(child.err.get(), STDERR_FILENO);
  const bool there = child.folder.empty() || ::chdir(child.folder.c_str()) == 0;
  if (there) {
    ::execve(child.program.c_str(), child.argv_pointers.data(), child.env_pointers.data());
  }
  if (::write(STDERR_FILENO, child.complaint.data(), child.complaint.size()) < 0) ::_exit(126);
  ::_exit(127);
}

void set_up_terminal(Child& child, Spawned& ours) {
  int master = -1;
  int slave = -1;
  winsize size{};
  size.ws_row = 24;
  size.ws_col = 80;
  if (::openpty(&master, &slave, nullptr, nullptr, &size) != 0) refuse("make a terminal");
  close_on_exec(master);
  close_on_exec(slave);
  ours.out.reset(master);
  child.in.reset(slave);
  child.out.reset(::fcntl(slave, F_DUPFD_CLOEXEC, 3));
  ours.in.reset(::fcntl(master, F_DUPFD_CLOEXEC, 3));
}

void set_up_streams(const ProcessOptions& options, Child& child, Spawned& ours) {
  if (options.terminal) {
    set_up_terminal(child, ours);
  } else if (options.stdin_pipe || options.stdin_text) {
    Pipe pipe = make_pipe();
    child.in = std::move(pipe.read);
    ours.in = std::move(pipe.write);
  } else {
    child.in = open_file(options.stdin_file.empty() ? "/dev/null" : options.stdin_file, O_RDONLY);
  }
  if (!options.stdout_file.empty()) {
    child.out = open_file(options.stdout_file, O_WRONLY | O_CREAT | O_TRUNC);
  } else if (!options.terminal) {
    Pipe pipe = make_pipe();
    child.out = std::move(pipe.write);
    ours.out = std::move(pipe.read);
  }
  if (options.merge_stderr) {
    child.err.reset(::fcntl(child.out.get(), F_DUPFD_CLOEXEC, 3));
  } else {
    Pipe pipe = make_pipe();
    child.err = std::move(pipe.write);
    ours.err = std::move(pipe.read);
  }
  for (const UniqueFd* fd : {&ours.in, &ours.out, &ours.err}) {
    if (*fd) make_nonblocking(fd->get());
  }
}

}  // namespace

Spawned spawn(const ProcessOptions& options) {
  // One at a time: another child must not inherit a pipe's end before it is marked.
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  ::signal(SIGPIPE, SIG_IGN);

  Spawned ours;
  Child child;
  set_up_streams(options, child, ours);
  child.terminal = options.terminal;
  child.folder = options.folder;
  child.program = options.program.empty() ? options.argv.at(0) : options.program;
  if (child.program.find('/') == std::string::npos) child.program = find_program(child.program);
  child.argv = options.argv;
  child.env = environment(options);
  child.argv_pointers = pointers(child.argv);
  child.env_pointers = pointers(child.env);
  child.complaint = "cannot run " + options.argv.at(0) + "\n";

  const pid_t parent = ::getpid();
  ours.pid = ::fork();
  if (ours.pid < 0) refuse("start a process");
  if (ours.pid == 0) run_child(child, parent);
  return ours;
}

}  // namespace mqtk::test
