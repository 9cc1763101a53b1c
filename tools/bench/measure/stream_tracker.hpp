// What came of one numbered stream of messages: which numbers are missing, came twice, or came
// after a later one. Exact however they come; the memory grows with the gaps only.
#pragma once

#include <cstdint>
#include <vector>

namespace mqtk::bench {

enum class Arrival : std::uint8_t { InOrder, Reordered, Duplicate };

class StreamTracker {
 public:
  /// Numbers before `first` are not waited for.
  explicit StreamTracker(std::uint64_t first = 0) : next_(first) {}

  Arrival arrived(std::uint64_t sequence);
  /// Of the first `sent` numbers (or of those up to the last one that came, when that is more), how
  /// many have not come.
  std::uint64_t missing(std::uint64_t sent) const;
  /// The number that would come next in order.
  std::uint64_t next() const { return next_; }

 private:
  struct Gap {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };
  std::uint64_t next_;
  std::vector<Gap> gaps_;  ///< in order, apart from each other
};

}  // namespace mqtk::bench
