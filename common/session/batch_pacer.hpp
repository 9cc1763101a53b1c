// When a connection had better sleep a moment before it reads again. A wake-up costs more than a
// message, so in a steady stream of small reads it pays to let some gather: never after a pause,
// never so long that the peer, which may send only so many unanswered, waits for us. Pure: times go
// in, a delay comes out.
#pragma once

#include <cstddef>

#include "base/clock.hpp"

namespace mqtk {

class BatchPacer {
 public:
  /// What may gather during a sleep.
  struct Gather {
    std::size_t packets;        ///< at most; half of a window, say
    bool hidden_window;         ///< the peer stops when more than it tells wait for our answer
    Duration shortest = 100us;  ///< a shorter sleep saves nothing
    Duration longest = 2ms;
  };

  /// After a wake-up that began at `woke`, ended at `now` and brought `packets`. Zero: read again
  /// at once.
  Duration after(TimePoint woke, TimePoint now, std::size_t packets, Gather may);

 private:
  /// Time a packet, over many wake-ups.
  struct Mean {
    double ns = 0;
    double packets = 0;
    double interval() const { return ns / packets; }
    void add(double time, double more, double keep) {
      ns = ns * keep + time;
      packets = packets * keep + more;
    }
  };
  void learn_window(Duration since, std::size_t packets, std::size_t most);

  TimePoint last_end_{};
  double interval_ns_ = 0;  ///< between packets, smoothed; with a hidden window, as seen awake
  Mean awake_;              ///< with a hidden window
  Mean asleep_;             ///< the same, since room_ was changed
  double room_ = 0;         ///< what may gather without a hidden window running full
  int sleeps_ = 0;          ///< since room_ was changed
  int awake_streak_ = 0;    ///< wake-ups since a sleep
  int streak_ = 0;          ///< wake-ups in a row without a pause
  Duration slept_ = 0ns;
};

}  // namespace mqtk
