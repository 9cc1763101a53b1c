#include "pub/block_reader.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace mqtk::pub {

namespace {

/// What a regular file still has; 0 for anything else.
std::uint64_t octets_left(int fd) {
  struct stat status;
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
  const off_t at = ::lseek(fd, 0, SEEK_CUR);
  return at >= 0 && at < status.st_size ? static_cast<std::uint64_t>(status.st_size - at) : 0;
}

}  // namespace

BlockReader::BlockReader(int fd, std::function<void()> wake)
    : fd_(fd), size_(octets_left(fd)), wake_(std::move(wake)) {
  int ends[2];
  if (::pipe(ends) != 0) {
    error_code_ = errno;
    ended_ = true;
    return;
  }
  stop_read_.reset(ends[0]);
  stop_write_.reset(ends[1]);
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  // Signals are the main thread's.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& failure) {
    error_code_ = failure.code().value();
    ended_ = true;
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

BlockReader::~BlockReader() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  [[maybe_unused]] const ssize_t n = ::write(stop_write_.get(), "e", 1);
  room_.notify_one();
  thread_.join();
}

BlockInput::Status BlockReader::take(Bytes& block) {
  const std::lock_guard lock(mutex_);
  if (taken_) {
    taken_ = false;
    first_ = (first_ + 1) % kBlocks;
    if (filled_-- == kBlocks) room_.notify_one();
  }
  if (filled_ > 0) {
    taken_ = true;
    block = {blocks_[first_].data.get(), blocks_[first_].size};
    octets_ += block.size();
    return Status::Data;
  }
  if (ended_) return error_code_ != 0 ? Status::Failed : Status::End;
  hungry_ = true;
  return Status::Wait;
}

std::optional<double> BlockReader::fraction() const {
  if (size_ == 0) return std::nullopt;
  return std::min(1.0, static_cast<double>(octets_) / static_cast<double>(size_));
}

/// false: the reader is being destroyed.
bool BlockReader::wait_for_input() const {
  pollfd fds[2] = {{fd_, POLLIN, 0}, {stop_read_.get(), POLLIN, 0}};
  while (::poll(fds, 2, -1) < 0 && errno == EINTR) {
  }
  return fds[1].revents == 0;
}

void BlockReader::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    room_.wait(lock, [this] { return filled_ < kBlocks || ending_; });
    if (ending_) return;
    Block& block = blocks_[(first_ + filled_) % kBlocks];
    lock.unlock();
    if (!block.data) block.data.reset(new char[kBlockSize]);
    if (!wait_for_input()) return;
    const ssize_t n = ::read(fd_, block.data.get(), kBlockSize);
    const int code = errno;
    lock.lock();
    if (n < 0 && (code == EINTR || code == EAGAIN)) continue;
    if (n > 0) {
      block.size = static_cast<std::size_t>(n);
      ++filled_;
    } else {
      ended_ = true;
      if (n < 0) error_code_ = code;
    }
    if (hungry_) {
      hungry_ = false;
      wake_();
    }
    if (ended_) return;
  }
}

}  // namespace mqtk::pub
