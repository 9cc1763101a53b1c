#include "sub/recorder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "output/terminal_text.hpp"

namespace mqtk::sub {

Unexpected<Error> Recorder::failed(const char* what) const {
  const int code = errno;
  return fail(ErrorKind::OutputFailed, std::string(what) + " '" + terminal_text(options_.file) +
                                           "': " + std::strerror(code));
}

Result<void> Recorder::open() {
  fd_.reset(::open(options_.file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (!fd_) return failed("cannot open");
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) return failed("cannot open");
  in_file_ = 0;
  if (!S_ISREG(status.st_mode) || status.st_size == 0) return {};
  in_file_ = static_cast<std::uint64_t>(status.st_size);
  char last = '\n';
  if (::pread(fd_.get(), &last, 1, status.st_size - 1) == 1 && last != '\n') {
    if (::write(fd_.get(), "\n", 1) != 1) return failed("cannot write");
    ++in_file_;
  }
  return {};
}

Result<void> Recorder::append(const MessageRecord& record) {
  const std::size_t before = buffer_.size();
  format_.append(buffer_, record);
  ++records_;
  if (options_.size > 0 && in_file_ + buffer_.size() > options_.size && in_file_ + before > 0) {
    const std::string last = buffer_.substr(before);
    buffer_.resize(before);
    if (auto done = flush(); !done) return done;
    if (auto done = rotate(); !done) return done;
    buffer_ = last;
  }
  return buffer_.size() >= kBlock ? flush() : Result<void>();
}

Result<void> Recorder::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t n = ::write(fd_.get(), rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      buffer_.erase(0, buffer_.size() - rest.size());
      return failed("cannot write");
    }
    in_file_ += static_cast<std::uint64_t>(n);
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  buffer_.clear();
  return {};
}

Result<void> Recorder::reopen() {
  if (auto done = flush(); !done) return done;
  return open();
}

/// FILE.2 becomes FILE.3, and so on; the oldest is replaced.
Result<void> Recorder::rotate() {
  const auto name = [this](std::uint64_t number) {
    return number == 0 ? options_.file : options_.file + "." + std::to_string(number);
  };
  for (std::uint64_t number = options_.keep; number > 0; --number) {
    if (std::rename(name(number - 1).c_str(), name(number).c_str()) != 0 && errno != ENOENT) {
      return failed("cannot rotate");
    }
  }
  return open();
}

}  // namespace mqtk::sub
