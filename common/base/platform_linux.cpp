#include <limits.h>
#if defined(MQTK_STATIC) && defined(__GLIBC__)
#include <nss.h>
#endif
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "base/platform.hpp"

namespace mqtk {

std::string executable_path() {
  // What was executed is its own file unless it is a link, and much quicker to learn than from
  // /proc.
  if (const unsigned long given = ::getauxval(AT_EXECFN); given != 0) {
    const auto* path = reinterpret_cast<const char*>(given);
    struct stat file {};
    if (path[0] == '/' && ::lstat(path, &file) == 0 && S_ISREG(file.st_mode)) return path;
  }
  std::array<char, PATH_MAX> path{};
  const ssize_t n = ::readlink("/proc/self/exe", path.data(), path.size());
  return n > 0 ? std::string(path.data(), static_cast<std::size_t>(n)) : std::string();
}

void use_own_name_services() {
#if defined(MQTK_STATIC) && defined(__GLIBC__)
  // What else /etc/nsswitch.conf may name are shared libraries of the system that the program runs
  // on. They want that system's C library, of another version than the one in here.
  for (const char* database : {"passwd", "group"}) __nss_configure_lookup(database, "files");
  for (const char* database : {"hosts", "networks"}) __nss_configure_lookup(database, "files dns");
#endif
}

std::size_t unacknowledged_octets(int socket) {
  int octets = 0;
  return ::ioctl(socket, TIOCOUTQ, &octets) == 0 && octets > 0 ? static_cast<std::size_t>(octets)
                                                               : 0;
}

}  // namespace mqtk
