// How long to wait before the next connection attempt: doubling, with jitter, up to a cap.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.hpp"

namespace mqtk {

class Backoff {
 public:
  Backoff(Duration minimum, Duration maximum, std::uint64_t seed)
      : minimum_(minimum),
        maximum_(std::max(minimum, maximum)),
        next_(minimum),
        random_(seed | 1U) {}

  /// Between three quarters and all of the present step, which then doubles.
  Duration next() {
    const Duration step = next_;
    next_ = std::min(maximum_, next_ * 2);
    random_ ^= random_ << 13U;
    random_ ^= random_ >> 7U;
    random_ ^= random_ << 17U;
    const auto quarter = step.count() / 4;
    if (quarter == 0) return step;
    return step -
           Duration(static_cast<std::int64_t>(random_ % static_cast<std::uint64_t>(quarter)));
  }
  void reset() { next_ = minimum_; }

 private:
  Duration minimum_;
  Duration maximum_;
  Duration next_;
  std::uint64_t random_;
};

}  // namespace mqtk
