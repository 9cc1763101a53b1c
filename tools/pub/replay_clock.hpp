// --pace: when a recorded message is due, from the time it was received at first and a speed. Pure
// arithmetic on the times it is given.
#pragma once

#include <optional>

#include "base/clock.hpp"

namespace mqtk::pub {

class ReplayClock {
 public:
  /// `speed` 1 replays as it was, 10 ten times as fast; above 0.
  explicit ReplayClock(double speed) : speed_(speed) {}

  /// `recorded` is a time since the epoch; without one the message follows the one before. A record
  /// older than the one before (a new round, a second recording) begins to count anew.
  TimePoint due(std::optional<Duration> recorded, TimePoint now) {
    if (!recorded) return std::max(now, last_due_);
    if (!first_ || *recorded < last_) {
      first_ = recorded;
      began_ = std::max(now, last_due_);
    }
    last_ = *recorded;
    const auto offset = static_cast<double>((*recorded - *first_).count()) / speed_;
    constexpr double kAges = 4e18;  // more than a century of nanoseconds
    last_due_ = began_ + Duration(static_cast<Duration::rep>(std::min(offset, kAges)));
    return last_due_;
  }

 private:
  double speed_;
  std::optional<Duration> first_;
  Duration last_ = 0ns;
  TimePoint began_{};
  TimePoint last_due_{};
};

}  // namespace mqtk::pub
