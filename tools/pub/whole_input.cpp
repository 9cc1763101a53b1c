#include "pub/whole_input.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <vector>

#include "base/unique_fd.hpp"
#include "base/units.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::pub {

namespace {

using Payload = Result<std::shared_ptr<const std::string>>;

constexpr std::size_t kFirstChunk = 64 * 1024;
constexpr std::size_t kLastChunk = 8 * 1024 * 1024;

struct OpenInput {
  int fd;
  std::string name;
  std::uint64_t limit;
  TimePoint deadline;

  Unexpected<Error> unreadable(int code) const {
    return fail(ErrorKind::NoInput, "cannot read " + name + ": " + std::strerror(code));
  }
  Unexpected<Error> too_large() const {
    return fail(ErrorKind::BadInput, name + " is larger than an MQTT message can be",
                "at most " + std::to_string(limit) + " bytes fit");
  }
};

/// Milliseconds until the deadline, as poll() wants them.
int time_left(TimePoint deadline) {
  if (deadline == kNever) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - monotonic_now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, INT_MAX));
}

/// Up to `size` octets; 0 at the end. Waits for a pipe, but not beyond the deadline.
Result<std::size_t> read_some(const OpenInput& input, char* to, std::size_t size) {
  for (;;) {
    pollfd fd{input.fd, POLLIN, 0};
    const int ready = ::poll(&fd, 1, time_left(input.deadline));
    if (ready == 0) return fail(ErrorKind::Timeout, "timed out while reading " + input.name);
    const ssize_t n = ready < 0 ? -1 : ::read(input.fd, to, size);
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno != EINTR && errno != EAGAIN) return input.unreadable(errno);
  }
}

/// The size is known: one string of that size. The file may still grow or shrink meanwhile.
Payload read_file(const OpenInput& input, std::size_t size) {
  auto payload = std::make_shared<std::string>();
  payload->reserve(size + 1);
  const auto chunk = std::make_unique<char[]>(256 * 1024);
  for (;;) {
    auto n = read_some(input, chunk.get(), 256 * 1024);
    if (!n) return fail(std::move(n.error()));
    if (*n == 0) return std::shared_ptr<const std::string>(std::move(payload));
    if (payload->size() + *n > input.limit) return input.too_large();
    payload->append(chunk.get(), *n);
  }
}

/// The size is not known: chunks, put together at the end and each freed as soon as it is copied.
Payload read_pipe(const OpenInput& input) {
  struct Chunk {
    std::unique_ptr<char[]> data;
    std::size_t size = 0;
    std::size_t capacity = 0;
  };
  std::vector<Chunk> chunks;
  std::uint64_t total = 0;
  std::size_t capacity = kFirstChunk;
  for (;;) {
    if (chunks.empty() || chunks.back().size == chunks.back().capacity) {
      chunks.push_back({std::unique_ptr<char[]>(new char[capacity]), 0, capacity});
      capacity = std::min(capacity * 2, kLastChunk);
    }
    Chunk& chunk = chunks.back();
    auto n = read_some(input, chunk.data.get() + chunk.size, chunk.capacity - chunk.size);
    if (!n) return fail(std::move(n.error()));
    if (*n == 0) break;
    chunk.size += *n;
    total += *n;
    if (total > input.limit) return input.too_large();
  }
  auto payload = std::make_shared<std::string>();
  payload->reserve(static_cast<std::size_t>(total));
  for (Chunk& chunk : chunks) {
    payload->append(chunk.data.get(), chunk.size);
    chunk.data.reset();
  }
  return std::shared_ptr<const std::string>(std::move(payload));
}

OpenInput named_input(const std::string& path, std::uint64_t limit, TimePoint deadline) {
  if (path == "-") return {STDIN_FILENO, "standard input", limit, deadline};
  return {-1, "'" + terminal_text(path) + "'", limit, deadline};
}

}  // namespace

Result<bool> can_be_read_again(const std::string& path, std::uint64_t limit) {
  if (path == "-") return false;
  const OpenInput input = named_input(path, limit, kNever);
  struct stat status;
  if (::stat(path.c_str(), &status) != 0) return input.unreadable(errno);
  if (S_ISDIR(status.st_mode)) return input.unreadable(EISDIR);
  if (!S_ISREG(status.st_mode) || path.starts_with("/proc/") || path.starts_with("/dev/")) {
    return false;
  }
  if (::access(path.c_str(), R_OK) != 0) return input.unreadable(errno);
  if (static_cast<std::uint64_t>(status.st_size) > limit) return input.too_large();
  return true;
}

Payload read_whole(const std::string& path, std::uint64_t limit, TimePoint deadline) {
  OpenInput input = named_input(path, limit, deadline);
  UniqueFd file;
  if (path != "-") {
    // Without blocking, a named pipe that nobody writes to yet is waited for where the deadline is
    // seen.
    file.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) return input.unreadable(errno);
    input.fd = file.get();
  }
  struct stat status;
  if (::fstat(input.fd, &status) != 0) return input.unreadable(errno);
  if (S_ISDIR(status.st_mode)) return input.unreadable(EISDIR);
  // Files of /proc say 0 and have more.
  if (!S_ISREG(status.st_mode) || status.st_size == 0) return read_pipe(input);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (path != "-" && size > limit) return input.too_large();
  return read_file(input, static_cast<std::size_t>(std::min(size, limit)));
}

}  // namespace mqtk::pub
