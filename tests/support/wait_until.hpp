// Waits for a condition by asking again and again, never for a fixed time.
#pragma once

#include <thread>

#include "base/clock.hpp"

namespace mqtk::test {

/// What takes longer hangs, even in a build with sanitizers on a machine with much else to do.
constexpr Duration kPatience = 30s;

/// True as soon as `condition()` holds; false when it does not within `deadline`.
template <typename Condition>
bool wait_until(Condition condition, Duration deadline = kPatience) {
  const TimePoint end = monotonic_now() + deadline;
  Duration pause = 200us;
  while (!condition()) {
    if (monotonic_now() >= end) return condition();
    std::this_thread::sleep_for(pause);
    if (pause < 10ms) pause *= 2;
  }
  return true;
}

}  // namespace mqtk::test
