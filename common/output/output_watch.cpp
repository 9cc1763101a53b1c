#include "output/output_watch.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include <cerrno>
#include <system_error>

namespace mqtk {

OutputWatch::OutputWatch(int fd, std::function<void()> wake) : fd_(fd), wake_(std::move(wake)) {
  int ends[2];
  if (::pipe(ends) != 0) return;
  requests_read_.reset(ends[0]);
  requests_write_.reset(ends[1]);
  for (const int end : ends) {
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(end, F_SETFL, O_NONBLOCK);
  }
  // Signals are the main thread's.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {
    // running() tells
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

OutputWatch::~OutputWatch() {
  if (!thread_.joinable()) return;
  ending_ = true;
  [[maybe_unused]] const ssize_t n = ::write(requests_write_.get(), "e", 1);
  thread_.join();
}

void OutputWatch::wait_writable() {
  if (!thread_.joinable() || wanted_.exchange(true)) return;
  [[maybe_unused]] const ssize_t n = ::write(requests_write_.get(), "w", 1);
}

void OutputWatch::run() {
  for (;;) {
    const short events = wanted_.load() ? POLLOUT : 0;
    pollfd fds[2] = {{fd_, events, 0}, {requests_read_.get(), POLLIN, 0}};
    if (::poll(fds, 2, -1) < 0 && errno != EINTR) fds[0].revents = POLLERR;
    if (ending_.load()) return;
    if (fds[1].revents != 0) {
      char octets[16];
      [[maybe_unused]] const ssize_t n = ::read(requests_read_.get(), octets, sizeof octets);
    }
    if ((fds[0].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) {
      broken_ = true;
      wake_();
      return;
    }
    if ((fds[0].revents & POLLOUT) != 0) {
      wanted_ = false;
      wake_();
    }
  }
}

}  // namespace mqtk
