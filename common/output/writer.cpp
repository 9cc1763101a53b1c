#include "output/writer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

#include "output/output_watch.hpp"

namespace mqtk {

namespace {

/// A buffer that has grown beyond this for one huge message is given back.
constexpr std::size_t kKeptCapacity = 1024 * 1024;

#ifdef MSG_NOSIGNAL
constexpr int kSendFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
#else
constexpr int kSendFlags = MSG_DONTWAIT;
#endif

}  // namespace

Writer::Writer(int fd, std::function<void()> wake)
    : fd_(fd), kind_(kind_of(fd)), wake_(std::move(wake)) {
  if (kind_ == Kind::Terminal) reopen_terminal();
}

Writer::~Writer() = default;

Writer::Kind Writer::kind_of(int fd) {
  struct stat status;
  if (::fstat(fd, &status) != 0) return Kind::File;
  if (S_ISFIFO(status.st_mode)) return Kind::Pipe;
  if (S_ISSOCK(status.st_mode)) return Kind::Socket;
  if (S_ISCHR(status.st_mode) && ::isatty(fd) == 1) return Kind::Terminal;
  return Kind::File;
}

bool Writer::same_as(int fd) const {
  struct stat ours;
  struct stat other;
  return ::fstat(fd_, &ours) == 0 && ::fstat(fd, &other) == 0 && ours.st_dev == other.st_dev &&
         ours.st_ino == other.st_ino;
}

/// A terminal calls itself writable when it has room for less than we write, and would then block.
/// Opened again, its description is ours alone and may be non-blocking.
void Writer::reopen_terminal() {
  char path[PATH_MAX];
  if (::ttyname_r(fd_, path, sizeof path) != 0) return;
  own_terminal_.reset(::open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (own_terminal_) fd_ = own_terminal_.get();
}

void Writer::resume() {
  if (state_ != State::Open || !watch_) return;
  if (watch_->broken()) {
    state_ = State::Closed;
    return;
  }
  waiting_ = false;
  flush();
}

void Writer::watch_reader() {
  if (kind_ == Kind::Pipe && state_ == State::Open) watch();
}

OutputWatch& Writer::watch() {
  if (!watch_) watch_ = std::make_unique<OutputWatch>(fd_, wake_);
  return *watch_;
}

bool Writer::ready() const {
  if (kind_ == Kind::File || kind_ == Kind::Socket) return true;
  pollfd fd{fd_, POLLOUT, 0};
  return ::poll(&fd, 1, 0) != 0;
}

void Writer::write_some() {
  if (state_ != State::Open) {
    buffer_.clear();
    head_ = 0;
    return;
  }
  while (pending() > 0) {
    if (!ready()) return wait();
    const ssize_t n = write_piece(buffer_.data() + head_, pending());
    if (n >= 0) {
      head_ += static_cast<std::size_t>(n);
    } else if (errno == EAGAIN) {
      return wait();
    } else if (errno != EINTR) {
      return failed(errno);
    }
  }
  drop_written();
}

ssize_t Writer::write_piece(const char* data, std::size_t size) {
  switch (kind_) {
    case Kind::Pipe:  // a writable pipe has room for as much as is written atomically
      return ::write(fd_, data, std::min<std::size_t>(size, PIPE_BUF));
    case Kind::Socket:
      return ::send(fd_, data, size, kSendFlags);
    case Kind::Terminal:
    case Kind::File:
      break;
  }
  return ::write(fd_, data, size);
}

void Writer::wait() {
  drop_written();
  if (!watch().running()) return failed(EAGAIN);
  waiting_ = true;
  watch().wait_writable();
}

void Writer::failed(int code) {
  buffer_.clear();
  head_ = 0;
  if (code == EPIPE || code == ECONNRESET) {
    state_ = State::Closed;
    return;
  }
  state_ = State::Failed;
  error_ = {ErrorKind::OutputFailed,
            Cause::None,
            std::string("cannot write output: ") + std::strerror(code),
            {}};
}

void Writer::drop_written() {
  if (pending() == 0) {
    buffer_.clear();
    head_ = 0;
    if (buffer_.capacity() > kKeptCapacity) buffer_.shrink_to_fit();
  } else if (head_ > buffer_.size() / 2) {
    buffer_.erase(0, head_);
    head_ = 0;
  }
}

}  // namespace mqtk
