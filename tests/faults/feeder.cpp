#include "faults/feeder.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <stdexcept>

#include "base/unique_fd.hpp"
#include "faults/stream.hpp"
#include "support/wait_until.hpp"

namespace mqtk::test {

namespace {
constexpr std::size_t kBlockOctets = 64 * 1024;
}  // namespace

Feeder::Feeder(std::size_t line_octets, std::uint64_t octets) : path_(folder_.file("lines")) {
  if (::mkfifo(path_.c_str(), 0600) != 0) throw std::runtime_error("no named pipe: " + path_);
  thread_ = std::thread([this, line_octets, octets] { run(line_octets, octets); });
}

Feeder::~Feeder() {
  finish();
}

bool Feeder::finish() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  return !failed_;
}

void Feeder::run(std::size_t line_octets, std::uint64_t octets) {
  const std::string block =
      numbered_lines(std::max<std::size_t>(1, kBlockOctets / line_octets), line_octets);
  UniqueFd pipe;
  // Without a reader it cannot be opened.
  wait_until(
      [this, &pipe] {
        pipe.reset(::open(path_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
        return pipe || stopping_;
      },
      120s);
  while (pipe) {
    const std::uint64_t at = written_;
    const bool between_lines = at % line_octets == 0;
    if (at == octets || (stopping_ && between_lines)) break;
    std::size_t size = block.size() - at % block.size();
    if (stopping_) size = line_octets - at % line_octets;
    const ssize_t n = ::write(pipe.get(), block.data() + at % block.size(),
                              static_cast<std::size_t>(std::min<std::uint64_t>(size, octets - at)));
    if (n > 0) {
      written_ += static_cast<std::uint64_t>(n);
    } else if (errno == EAGAIN) {
      pollfd wanted{pipe.get(), POLLOUT, 0};
      ::poll(&wanted, 1, 10);
    } else if (errno != EINTR) {
      failed_ = true;
      break;
    }
  }
  done_ = true;
}

bool at_rest(pid_t pid) {
  std::error_code gone;
  const std::filesystem::directory_iterator threads("/proc/" + std::to_string(pid) + "/task", gone);
  if (gone) return false;
  return std::all_of(begin(threads), end(threads), [](const auto& thread) {
    // The state is the word behind the name in parentheses.
    const std::string stat = read_file(thread.path().string() + "/stat");
    const std::size_t name_end = stat.rfind(')');
    return name_end != std::string::npos && stat.compare(name_end, 3, ") S") == 0;
  });
}

}  // namespace mqtk::test
