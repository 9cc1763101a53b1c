#include "sub/recorder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "output/terminal_text.hpp"

namespace mqtk::sub {

Result<void> Recorder::open() {
  file_.reset();
  auto file = OutputFile::append(options_.file, FileAccess::Private);
  if (!file) return fail(std::move(file.error()));
  file_.emplace(std::move(*file));
  in_file_ = 0;
  struct stat status {};
  if (!file_->regular() || ::fstat(file_->descriptor(), &status) != 0) return {};
  in_file_ = static_cast<std::uint64_t>(status.st_size);
  char last = '\n';
  if (in_file_ == 0 || ::pread(file_->descriptor(), &last, 1, status.st_size - 1) != 1 ||
      last == '\n') {
    return {};
  }
  ++in_file_;
  return file_->write("\n");
}

Result<void> Recorder::append(const MessageRecord& record) {
  const std::size_t before = buffer_.size();
  format_.append(buffer_, record);
  ++records_;
  const bool limited = options_.size > 0 && file_->regular();
  if (limited && in_file_ + buffer_.size() > options_.size && in_file_ + before > 0) {
    const std::string last = buffer_.substr(before);
    buffer_.resize(before);
    if (auto done = flush(); !done) return done;
    if (auto done = rotate(); !done) return done;
    buffer_ = last;
  }
  return buffer_.size() >= kBlock ? flush() : Result<void>();
}

Result<void> Recorder::flush() {
  // What could not be written is not written again: part of it may stand in the file.
  auto done = file_->write(buffer_);
  in_file_ += buffer_.size();
  buffer_.clear();
  return done;
}

Result<void> Recorder::reopen() {
  if (auto done = flush(); !done) return done;
  return open();
}

/// FILE.2 becomes FILE.3, and so on; the oldest is replaced.
Result<void> Recorder::rotate() {
  const std::string file = behind_links(options_.file);
  const auto name = [&file](std::uint64_t number) {
    return number == 0 ? file : file + "." + std::to_string(number);
  };
  for (std::uint64_t number = options_.keep; number > 0; --number) {
    if (std::rename(name(number - 1).c_str(), name(number).c_str()) != 0 && errno != ENOENT) {
      return fail(ErrorKind::OutputFailed,
                  "cannot rotate '" + terminal_text(file) + "': " + std::strerror(errno));
    }
  }
  return open();
}

}  // namespace mqtk::sub
