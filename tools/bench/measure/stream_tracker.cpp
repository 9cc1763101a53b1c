#include "bench/measure/stream_tracker.hpp"

#include <algorithm>

namespace mqtk::bench {

Arrival StreamTracker::arrived(std::uint64_t sequence) {
  if (sequence == next_) {
    ++next_;
    return Arrival::InOrder;
  }
  if (sequence > next_) {
    gaps_.push_back({next_, sequence});
    next_ = sequence + 1;
    return Arrival::InOrder;
  }
  const auto gap = std::ranges::upper_bound(gaps_, sequence, {}, &Gap::end);
  if (gap == gaps_.end() || sequence < gap->begin) return Arrival::Duplicate;
  const std::uint64_t end = gap->end;
  if (sequence == gap->begin) {
    if (++gap->begin == end) gaps_.erase(gap);
  } else {
    gap->end = sequence;
    if (sequence + 1 < end) gaps_.insert(gap + 1, {sequence + 1, end});
  }
  return Arrival::Reordered;
}

std::uint64_t StreamTracker::missing(std::uint64_t sent) const {
  std::uint64_t count = sent > next_ ? sent - next_ : 0;
  for (const Gap& gap : gaps_) count += gap.end - gap.begin;
  return count;
}

}  // namespace mqtk::bench
