#include <limits.h>
#include <mach-o/dyld.h>
#include <stdlib.h>

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

}  // namespace mqtk
