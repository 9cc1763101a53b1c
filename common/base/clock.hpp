// Time as the toolkit uses it: a monotonic clock in nanoseconds. Code below net/ is given time
// points and never asks for them, so that tests invent their own.
#pragma once

#include <chrono>

namespace mqtk {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

inline TimePoint monotonic_now() {
  return std::chrono::steady_clock::now();
}
inline constexpr TimePoint kNever = TimePoint::max();

using namespace std::chrono_literals;

}  // namespace mqtk
