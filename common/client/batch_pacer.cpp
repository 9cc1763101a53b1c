#include "client/batch_pacer.hpp"

#include <algorithm>

namespace mqtk {

namespace {
constexpr Duration kPause = 3ms;       // longer than this without a packet: the stream has paused
constexpr Duration kShortest = 100us;  // a shorter sleep saves nothing
constexpr Duration kLongest = 1ms;
constexpr int kStreak = 4;
constexpr std::size_t kWorthwhile = 6;  // packets a sleep should gather at least
}  // namespace

Duration BatchPacer::after(TimePoint woke, TimePoint now, std::size_t packets,
                           std::size_t may_gather) {
  const Duration since = now - last_end_;
  const bool paused = woke - last_end_ > slept_ + kPause;
  last_end_ = now;
  slept_ = 0ns;
  if (paused || packets == 0) {
    streak_ = 0;
    interval_ns_ = 0;
    return 0ns;
  }
  const double interval = static_cast<double>(since.count()) / static_cast<double>(packets);
  interval_ns_ = interval_ns_ == 0 ? interval : interval_ns_ * 0.75 + interval * 0.25;
  if (++streak_ < kStreak || may_gather < kWorthwhile) return 0ns;
  const Duration limit(static_cast<std::int64_t>(interval_ns_ * static_cast<double>(may_gather)));
  const Duration delay = std::min(kLongest, limit);
  const double expected = static_cast<double>(delay.count()) / interval_ns_;
  if (delay < kShortest || expected < static_cast<double>(kWorthwhile)) return 0ns;
  slept_ = delay;
  return delay;
}

}  // namespace mqtk
