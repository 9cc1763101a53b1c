// Output that many messages share: text is appended to one buffer and written in large pieces, and
// the caller is never blocked by a slow reader of a pipe, terminal or socket. The descriptor's
// flags are left alone, since other processes may share it. One thread uses a Writer.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace mqtk {

class OutputWatch;

class Writer {
 public:
  enum class State : std::uint8_t {
    Open,
    Closed,  ///< the reader has closed its end: no error, but there is nobody to write for
    Failed,  ///< see error()
  };

  /// `wake` is called from another thread; resume() shall then be called from the owner's. SIGPIPE
  /// must be ignored.
  Writer(int fd, std::function<void()> wake);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Append output here, and call appended() after each message.
  std::string& buffer() { return buffer_; }
  void appended() {
    if (pending() >= kBlock && !waiting_) write_some();
  }
  /// Writes what the reader takes now; the rest follows as it reads.
  void flush() {
    if (pending() > 0 && !waiting_) write_some();
  }
  /// After `wake`: goes on writing, or learns that the reader has gone.
  void resume();
  /// Learn of a closed pipe at once, not with the next message. Costs a thread; nothing on a file.
  void watch_reader();

  /// Octets not yet written.
  std::size_t pending() const { return buffer_.size() - head_; }
  /// So much waits for a slow reader that nothing more should be produced until it is read.
  bool congested() const { return pending() > kCongested; }
  State state() const { return state_; }
  const Error& error() const { return error_; }
  bool terminal() const { return kind_ == Kind::Terminal; }
  /// Does this write to the same file, pipe or terminal as `fd`?
  bool same_as(int fd) const;

 private:
  enum class Kind : std::uint8_t { File, Pipe, Terminal, Socket };
  static constexpr std::size_t kBlock = 64 * 1024;
  static constexpr std::size_t kCongested = 256 * 1024;

  static Kind kind_of(int fd);
  void reopen_terminal();
  void write_some();
  ssize_t write_piece(const char* data, std::size_t size);
  bool ready() const;
  void wait();
  void failed(int code);
  void drop_written();
  OutputWatch& watch();

  int fd_;
  Kind kind_;
  State state_ = State::Open;
  bool waiting_ = false;  ///< until `watch_` says that the reader takes more
  std::string buffer_;
  std::size_t head_ = 0;  ///< octets of buffer_ already written
  UniqueFd own_terminal_;
  std::function<void()> wake_;
  std::unique_ptr<OutputWatch> watch_;
  Error error_;
};

}  // namespace mqtk
