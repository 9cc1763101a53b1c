#include "session/batch_pacer.hpp"

#include <algorithm>

namespace mqtk {

namespace {
constexpr Duration kPause = 3ms;     // longer than this without a packet: the stream has paused
constexpr double kSlowNs = 160'000;  // between packets: each is worth a wake-up of its own
constexpr int kStreak = 4;
constexpr std::size_t kWorthwhile = 6;  // packets a sleep should gather at least
constexpr int kLookEvery = 64;          // of so many wake-ups the last kLook are not slept before
constexpr int kLook = 5;
constexpr double kAwakeKept = 0.9;
constexpr int kJudgedAfter = 4;   // sleeps
constexpr double kDry = 1.15;     // so much slower than awake: the peer waited for us
constexpr double kSurelyDry = 2;  // already one sleep of this kind
constexpr double kLessRoom = 0.75;
constexpr double kRoomBack = 1.0 / 64;  // packets a wake-up
}  // namespace

// A peer with a window falls silent while we sleep too long. The rate would then fall to what the
// sleeps leave of it, and taken for the peer's own it would make them longer still. So the rate is
// what was seen awake, and sleeps that bring less become shorter.
void BatchPacer::learn_window(Duration since, std::size_t packets, std::size_t most) {
  const auto time = static_cast<double>(since.count());
  const auto count = static_cast<double>(packets);
  if (slept_ == 0ns) {
    // The first wake-up after a sleep may still see the peer begin again.
    if (++awake_streak_ > 1) awake_.add(time, count, kAwakeKept);
  } else {
    awake_streak_ = 0;
    asleep_.add(time, count, 1);
    const bool judged = ++sleeps_ >= kJudgedAfter || time / count > awake_.interval() * kSurelyDry;
    if (judged) {
      if (asleep_.interval() > awake_.interval() * kDry) room_ *= kLessRoom;
      if (room_ < static_cast<double>(kWorthwhile)) room_ = 0;  // not again too soon
      asleep_ = {};
      sleeps_ = 0;
    }
  }
  room_ = std::min(room_ + kRoomBack, static_cast<double>(most));
  interval_ns_ = awake_.interval();
}

Duration BatchPacer::after(TimePoint woke, TimePoint now, std::size_t packets, Gather may) {
  const Duration since = now - last_end_;
  const bool paused = woke - last_end_ > slept_ + kPause;
  last_end_ = now;
  if (paused || packets == 0) {
    streak_ = 0;
    interval_ns_ = 0;
    slept_ = 0ns;
    return 0ns;
  }
  const double interval = static_cast<double>(since.count()) / static_cast<double>(packets);
  double gather = static_cast<double>(may.packets);
  if (interval_ns_ == 0) {
    interval_ns_ = interval;
    awake_ = {static_cast<double>(since.count()), static_cast<double>(packets)};
    asleep_ = {};
    sleeps_ = 0;
    room_ = gather;
  } else if (may.hidden_window) {
    learn_window(since, packets, may.packets);
    gather = room_;
  } else {
    interval_ns_ = interval_ns_ * 0.75 + interval * 0.25;
  }
  slept_ = 0ns;
  if (++streak_ < kStreak || interval_ns_ > kSlowNs) return 0ns;
  if (gather < static_cast<double>(kWorthwhile)) return 0ns;
  if (may.hidden_window && streak_ % kLookEvery >= kLookEvery - kLook) return 0ns;
  const Duration limit(static_cast<std::int64_t>(interval_ns_ * gather));
  const Duration delay = std::min(may.longest, limit);
  const double expected = static_cast<double>(delay.count()) / interval_ns_;
  if (delay < may.shortest || expected < static_cast<double>(kWorthwhile)) return 0ns;
  slept_ = delay;
  return delay;
}

}  // namespace mqtk
