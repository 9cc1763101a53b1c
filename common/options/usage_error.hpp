// What is wrong with a command line.
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"

namespace mqtk {

inline Unexpected<Error> usage_error(std::string message, std::string hint = {}) {
  return fail(ErrorKind::Usage, std::move(message), std::move(hint));
}

}  // namespace mqtk
