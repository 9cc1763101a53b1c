// Files that are written, the one way for all programs: a regular file is replaced as a whole and
// keeps its mode, also through a symbolic link; anything else (device, FIFO, socket) is written
// through and stays what it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace mqtk {

/// The mode of a file that is made anew. One that is there already keeps its own.
enum class FileAccess : std::uint8_t {
  Usual,   ///< as the umask says
  Private  ///< 0600, where secrets may be in it
};

class OutputFile {
 public:
  /// The old content stays in place until publish(); a failure leaves it alone. A file that cannot
  /// be replaced (its folder is read-only, its owner another one) is written in place.
  /// Fails with ErrorKind::OutputFailed, as all functions here.
  static Result<OutputFile> replace(const std::string& path, FileAccess access);
  /// Writes behind what is there; O_RDWR, where the file can be read.
  static Result<OutputFile> append(const std::string& path, FileAccess access);

  OutputFile(OutputFile&&) noexcept = default;
  OutputFile& operator=(OutputFile&& other) noexcept;
  /// What was not published is gone.
  ~OutputFile();

  Result<void> write(std::string_view octets);
  /// From here on, the name stands for what was written; writing may go on.
  Result<void> publish();
  /// Waits until the system has it on its disk.
  Result<void> sync();
  /// For those who write by themselves; stays ours.
  int descriptor() const { return fd_.get(); }
  /// Can be replaced, renamed and read again.
  bool regular() const { return regular_; }

 private:
  OutputFile(std::string path, std::string target, UniqueFd fd)
      : path_(std::move(path)), target_(std::move(target)), fd_(std::move(fd)) {}
  Unexpected<Error> failed(int code) const;
  static Result<OutputFile> open(const std::string& path, FileAccess access, bool append);

  std::string path_;    ///< as it was named
  std::string target_;  ///< behind links
  UniqueFd fd_;
  std::string beside_;  ///< the new file until publish(); empty: there is none
  bool regular_ = true;
};

/// Replaces the file and waits until it is on the disk.
Result<void> write_whole_file(const std::string& path, std::string_view content, FileAccess access);

/// The file behind the links that `path` names; `path` itself where it is none.
std::string behind_links(const std::string& path);

/// What to tell of a file with secrets that others can read, since it was so before; else empty.
std::string exposure(const std::string& path);

}  // namespace mqtk
