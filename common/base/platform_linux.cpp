#include <limits.h>
#include <sys/auxv.h>
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

}  // namespace mqtk
