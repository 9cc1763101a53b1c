#include <limits.h>
#include <mach-o/dyld.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <array>

#include "base/platform.hpp"

namespace mqtk {

std::string executable_path() {
  std::array<char, PATH_MAX> raw{};
  std::array<char, PATH_MAX> resolved{};
  auto size = static_cast<unsigned>(raw.size());
  if (_NSGetExecutablePath(raw.data(), &size) != 0) return {};
  return ::realpath(raw.data(), resolved.data()) != nullptr ? std::string(resolved.data())
                                                            : std::string();
}

void use_own_name_services() {}

std::size_t unacknowledged_octets(int socket) {
  int octets = 0;
  socklen_t size = sizeof octets;
  return ::getsockopt(socket, SOL_SOCKET, SO_NWRITE, &octets, &size) == 0 && octets > 0
             ? static_cast<std::size_t>(octets)
             : 0;
}

}  // namespace mqtk
