// The time of the day, as reports have it.
#pragma once

#include <chrono>

namespace mqtk::inspect {

/// Seconds since 1970, to the microsecond.
inline double unix_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<double>(now / std::chrono::microseconds(1)) / 1e6;
}

}  // namespace mqtk::inspect
