// How long nothing may come before that means something. A slow link is no dead one: a time-out
// runs anew as long as the octets that are to be answered still leave, and what has left gets the
// time that it takes to arrive.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.hpp"

namespace mqtk {

/// Something that the peer is to answer.
struct Awaited {
  std::uint64_t end = 0;  ///< where it ends in the stream of octets that we send
  TimePoint since{};      ///< when it was sent, or when something last moved on its behalf
};

class Silence {
 public:
  /// Between the peer's system, which has acknowledged octets, and its program there may be buffers
  /// that nobody can look into (a tunnel's, a proxy's, its own). A link behind them is taken to
  /// carry at least so many octets a second.
  static constexpr std::uint64_t kSlowestLink = 16 * 1024;
  /// So many limits more than one are allowed for that at most: a peer that is dead behind such
  /// buffers is noticed late, but it is noticed.
  static constexpr int kMostOnTheWay = 4;

  /// All before `position` is none of the present connection's.
  void begin(std::uint64_t position, TimePoint now) {
    taken_ = position;
    answered_ = position;
    looked_at_ = now;
  }
  /// What the peer's system has acknowledged by now.
  void look(std::uint64_t taken, TimePoint now) {
    looked_at_ = now;
    taken_ = std::max(taken_, taken);
  }
  /// The peer has answered what ends there, so all before it has arrived.
  void answered(std::uint64_t end) {
    answered_ = std::max(answered_, end);
    taken_ = std::max(taken_, end);
  }

  bool has_left(const Awaited& what) const { return taken_ >= what.end; }
  /// To be told of what is awaited before look(): did some of it leave since the last time?
  bool moves(const Awaited& what, std::uint64_t taken) const {
    return !has_left(what) && taken > taken_;
  }
  /// When the silence is long enough to mean something, as far as is known now.
  TimePoint deadline(const Awaited& what, Duration limit) const {
    return what.since + limit + std::min(on_the_way(what), kMostOnTheWay * limit);
  }
  /// When to look the next time: not later than the deadline, and often while something leaves.
  TimePoint next_look(const Awaited& what, Duration limit) const {
    const TimePoint end = deadline(what, limit);
    if (has_left(what)) return end;
    return std::min(end, std::max(looked_at_, what.since) + std::min(limit / 8, Duration(500ms)));
  }

 private:
  Duration on_the_way(const Awaited& what) const {
    const std::uint64_t until = std::min(taken_, what.end);
    if (until <= answered_) return 0ns;
    return Duration(1s) * static_cast<std::int64_t>(until - answered_) /
           static_cast<std::int64_t>(kSlowestLink);
  }

  std::uint64_t taken_ = 0;
  std::uint64_t answered_ = 0;
  TimePoint looked_at_{};
};

}  // namespace mqtk
