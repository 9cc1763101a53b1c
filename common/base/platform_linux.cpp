#include <limits.h>
#include <unistd.h>

#include <array>

#include "base/platform.hpp"

namespace mqtk {

std::string executable_path() {
  std::array<char, PATH_MAX> path{};
  const ssize_t n = ::readlink("/proc/self/exe", path.data(), path.size());
  return n > 0 ? std::string(path.data(), static_cast<std::size_t>(n)) : std::string();
}

}  // namespace mqtk
