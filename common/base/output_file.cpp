#include "base/output_file.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <optional>
#include <thread>
#include <utility>

#include "base/clock.hpp"

namespace mqtk {

namespace {

constexpr mode_t kPermissions = 0777;
constexpr mode_t kPrivate = 0600;
constexpr mode_t kUsual = 0666;
constexpr mode_t kOthers = 0077;
/// How long a FIFO may wait for its reader.
constexpr Duration kReaderPatience = 5s;

/// The number of a descriptor that has a name: it is not opened anew, since that would begin at the
/// start of a file that others write to as well.
std::optional<int> named_descriptor(const std::string& path) {
  if (path == "/dev/stdin") return STDIN_FILENO;
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    int number = -1;
    const char* const end = path.data() + path.size();
    const auto read = std::from_chars(path.data() + folder.size(), end, number);
    if (read.ec == std::errc() && read.ptr == end && number >= 0) return number;
  }
  return std::nullopt;
}

UniqueFd connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    errno = ENAMETOOLONG;
    return {};
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
    UniqueFd fd(::socket(AF_UNIX, type, 0));
    if (!fd) return {};
    ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
      return fd;
    }
    if (errno != EPROTOTYPE) return {};
  }
  return {};
}

/// Without a reader, a blocking open() would wait for ever, deaf to signals.
UniqueFd open_fifo(const std::string& path) {
  const TimePoint deadline = monotonic_now() + kReaderPatience;
  for (;;) {
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    if (fd) {
      ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) & ~O_NONBLOCK);
      return fd;
    }
    if ((errno != ENXIO && errno != EINTR) || monotonic_now() >= deadline) return {};
    std::this_thread::sleep_for(10ms);
  }
}

UniqueFd open_special(const std::string& path, mode_t mode) {
  if (S_ISSOCK(mode)) return connect_to(path);
  if (S_ISFIFO(mode)) return open_fifo(path);
  return UniqueFd(::open(path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC));
}

/// The new file beside the old one, with its owner and mode.
UniqueFd open_beside(const std::string& beside, const struct stat* old, FileAccess access) {
  const mode_t mode = access == FileAccess::Private || old != nullptr ? kPrivate : kUsual;
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  UniqueFd fd(::open(beside.c_str(), kFlags, mode));
  if (!fd && errno == EEXIST && ::unlink(beside.c_str()) == 0) {
    fd.reset(::open(beside.c_str(), kFlags, mode));  // of a process that was killed
  }
  if (!fd || old == nullptr) return fd;
  struct stat made {};
  const bool same =
      ::fstat(fd.get(), &made) == 0 && made.st_uid == old->st_uid && made.st_gid == old->st_gid;
  if ((same || ::fchown(fd.get(), old->st_uid, old->st_gid) == 0) &&
      ::fchmod(fd.get(), old->st_mode & kPermissions) == 0) {
    return fd;
  }
  ::unlink(beside.c_str());
  return {};
}

}  // namespace

std::string behind_links(const std::string& path) {
  constexpr int kMostLinks = 40;
  std::string out = path;
  for (int i = 0; i < kMostLinks; ++i) {
    std::array<char, 4096> text{};
    const ssize_t size = ::readlink(out.c_str(), text.data(), text.size());
    if (size <= 0 || static_cast<std::size_t>(size) == text.size()) return out;
    const std::string next(text.data(), static_cast<std::size_t>(size));
    const auto slash = out.rfind('/');
    out =
        next.front() == '/' || slash == std::string::npos ? next : out.substr(0, slash + 1) + next;
  }
  return out;
}

std::string exposure(const std::string& path) {
  struct stat status {};
  if (named_descriptor(path) || ::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
      (status.st_mode & kOthers) == 0) {
    return {};
  }
  std::array<char, 8> mode{};
  std::snprintf(mode.data(), mode.size(), "%04o", status.st_mode & kPermissions);
  return path + " has the mode " + mode.data() + " that it had before, and may hold secrets";
}

Unexpected<Error> OutputFile::failed(int code) const {
  return fail(ErrorKind::OutputFailed, "cannot write " + path_ + ": " + std::strerror(code),
              code == ENXIO ? "nobody reads from it" : "");
}

Result<OutputFile> OutputFile::open(const std::string& path, FileAccess access, bool append) {
  OutputFile out(path, path, UniqueFd());
  struct stat status {};
  if (const auto number = named_descriptor(path)) {
    out.regular_ = false;
    out.fd_.reset(::fcntl(*number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    if (!out.fd_) return out.failed(errno);
    return out;
  }
  const bool there = ::stat(path.c_str(), &status) == 0;
  if (!there && errno != ENOENT) return out.failed(errno);
  if (there && S_ISDIR(status.st_mode)) return out.failed(EISDIR);
  if (there && !S_ISREG(status.st_mode)) {
    out.regular_ = false;
    out.fd_ = open_special(path, status.st_mode);
    if (!out.fd_) return out.failed(errno);
    return out;
  }
  const mode_t mode = access == FileAccess::Private ? kPrivate : kUsual;
  out.target_ = behind_links(path);
  if (append) {
    const int flags = O_CREAT | O_APPEND | O_CLOEXEC;
    out.fd_.reset(::open(path.c_str(), O_RDWR | flags, mode));
    if (!out.fd_ && errno == EACCES) out.fd_.reset(::open(path.c_str(), O_WRONLY | flags, mode));
    if (!out.fd_) return out.failed(errno);
    return out;
  }
  // One that is protected from writing is not replaced either.
  if (there && ::access(path.c_str(), W_OK) != 0) return out.failed(errno);
  const std::string beside = out.target_ + "." + std::to_string(::getpid()) + ".new";
  out.fd_ = open_beside(beside, there ? &status : nullptr, access);
  if (out.fd_) {
    out.beside_ = beside;
    return out;
  }
  const int code = errno;
  if (there) out.fd_.reset(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  if (!out.fd_) return out.failed(code);
  return out;
}

Result<OutputFile> OutputFile::replace(const std::string& path, FileAccess access) {
  return open(path, access, false);
}

Result<OutputFile> OutputFile::append(const std::string& path, FileAccess access) {
  return open(path, access, true);
}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(target_, other.target_);
  std::swap(fd_, other.fd_);
  std::swap(beside_, other.beside_);
  std::swap(regular_, other.regular_);
  return *this;
}

OutputFile::~OutputFile() {
  if (fd_ && !beside_.empty()) ::unlink(beside_.c_str());
}

Result<void> OutputFile::write(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t written = ::write(fd_.get(), octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(errno);
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> OutputFile::sync() {
  if (!regular_ || ::fsync(fd_.get()) == 0 || errno == EINVAL || errno == EROFS) return {};
  return failed(errno);
}

Result<void> OutputFile::publish() {
  if (beside_.empty()) return {};
  if (std::rename(beside_.c_str(), target_.c_str()) != 0) return failed(errno);
  beside_.clear();
  return {};
}

Result<void> write_whole_file(const std::string& path, std::string_view content,
                              FileAccess access) {
  auto file = OutputFile::replace(path, access);
  if (!file) return fail(std::move(file.error()));
  if (auto done = file->write(content); !done) return done;
  if (auto done = file->sync(); !done) return done;
  return file->publish();
}

}  // namespace mqtk
