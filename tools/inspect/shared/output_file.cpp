#include "inspect/shared/output_file.hpp"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "base/unique_fd.hpp"

namespace mqtk::inspect {

namespace {

Unexpected<Error> failed(const std::string& path, const char* what) {
  return fail(ErrorKind::OutputFailed,
              "cannot " + std::string(what) + " " + path + ": " + std::strerror(errno));
}

}  // namespace

Result<void> write_whole_file(const std::string& path, std::string_view content) {
  const std::string beside = path + "." + std::to_string(::getpid()) + ".new";
  UniqueFd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!fd) return failed(beside, "write");
  while (!content.empty()) {
    const ssize_t written = ::write(fd.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const auto error = failed(beside, "write");
      ::unlink(beside.c_str());
      return error;
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(fd.get()) != 0 && errno != EINVAL && errno != EROFS) {
    const auto error = failed(beside, "write");
    ::unlink(beside.c_str());
    return error;
  }
  if (std::rename(beside.c_str(), path.c_str()) != 0) {
    const auto error = failed(path, "write");
    ::unlink(beside.c_str());
    return error;
  }
  return {};
}

}  // namespace mqtk::inspect
