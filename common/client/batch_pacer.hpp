// When a connection had better sleep a moment before it reads again. A wake-up costs more than a
// message, so in a steady stream of small reads it pays to let some gather: never after a pause,
// never so long that a window of unacknowledged messages would run dry. Pure: times go in, a delay
// comes out.
#pragma once

#include <cstddef>

#include "base/clock.hpp"

namespace mqtk {

class BatchPacer {
 public:
  /// After a wake-up that began at `woke`, ended at `now` and brought `packets`. At most
  /// `may_gather` packets should be let gather (half of a window, say). Zero: read again at once.
  Duration after(TimePoint woke, TimePoint now, std::size_t packets, std::size_t may_gather);

 private:
  TimePoint last_end_{};
  double interval_ns_ = 0;  ///< between packets, smoothed
  int streak_ = 0;          ///< wake-ups in a row without a pause
  Duration slept_ = 0ns;
};

}  // namespace mqtk
