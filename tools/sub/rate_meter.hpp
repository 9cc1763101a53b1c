// --message-rate: how many messages came in each second.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "base/clock.hpp"

namespace mqtk::sub {

class RateMeter {
 public:
  void begin(TimePoint now) { due_ = now + 1s; }
  void count() { ++count_; }
  /// When write() is to be called; kNever before begin().
  TimePoint due() const { return due_; }
  void write(std::string& out, TimePoint now) {
    out += std::to_string(count_) + " msgs/s\n";
    count_ = 0;
    due_ = std::max(due_ + 1s, now);
  }

 private:
  std::uint64_t count_ = 0;
  TimePoint due_ = kNever;
};

}  // namespace mqtk::sub
