#include "pub/outbox_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>

#include "output/terminal_text.hpp"

namespace mqtk::pub {

Result<bool> OutboxLock::take() {
  if (held()) return true;
  UniqueFd file(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (file && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) {
    file_ = std::move(file);
    return true;
  }
  if (file && errno == EWOULDBLOCK) return false;
  return fail(ErrorKind::Configuration,
              "cannot lock '" + terminal_text(path_) + "': " + std::strerror(errno));
}

}  // namespace mqtk::pub
