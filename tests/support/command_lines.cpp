#include "support/command_lines.hpp"

#include <errno.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "base/unique_fd.hpp"

namespace mqtk::test {

struct CommandLines::Impl {
  Impl(EventLoop& loop, std::function<void(const std::string&)> on_line,
       std::function<void()> on_end)
      : line(std::move(on_line)), end(std::move(on_end)), waker(loop, [this] { hand_out(); }) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) == 0) {
      stop_read.reset(ends[0]);
      stop_write.reset(ends[1]);
    }
    reader = std::thread([this] { read_lines(); });
  }

  ~Impl() {
    stop_write.reset();
    reader.join();
  }

  void hand_out() {
    std::deque<std::string> ready;
    bool over = false;
    {
      const std::lock_guard lock(mutex);
      ready.swap(lines);
      over = std::exchange(ended, false);
    }
    for (const std::string& text : ready) line(text);
    if (over) end();
  }

  void read_lines() {
    struct stat about {};
    const bool is_pipe =
        ::fstat(STDIN_FILENO, &about) == 0 && (S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode));
    std::string rest;
    std::array<char, 4096> buffer;
    while (true) {
      std::array<pollfd, 2> wanted{{{STDIN_FILENO, POLLIN, 0}, {stop_read.get(), POLLIN, 0}}};
      if (::poll(wanted.data(), wanted.size(), -1) < 0 && errno != EINTR) return;
      if (wanted[1].revents != 0) return;
      const ssize_t n = ::read(STDIN_FILENO, buffer.data(), buffer.size());
      if (n < 0 && errno == EINTR) continue;
      const std::lock_guard lock(mutex);
      if (n > 0) rest.append(buffer.data(), static_cast<std::size_t>(n));
      for (std::size_t at = rest.find('\n'); at != std::string::npos; at = rest.find('\n')) {
        lines.push_back(rest.substr(0, at));
        rest.erase(0, at + 1);
      }
      ended = n <= 0 && is_pipe;
      waker.wake();
      if (n <= 0) return;
    }
  }

  std::function<void(const std::string&)> line;
  std::function<void()> end;
  UniqueFd stop_read;
  UniqueFd stop_write;
  std::mutex mutex;
  std::deque<std::string> lines;
  bool ended = false;
  Waker waker;
  std::thread reader;
};

CommandLines::CommandLines(EventLoop& loop, std::function<void(const std::string&)> line,
                           std::function<void()> end)
    : impl_(std::make_unique<Impl>(loop, std::move(line), std::move(end))) {}
CommandLines::~CommandLines() = default;

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace mqtk::test
