// The line of progress on a terminal: how far, how fast, how long still. Knows no clock of its own.
#pragma once

#include <string>

#include "base/clock.hpp"

namespace mqtk::pub {

class Progress {
 public:
  static constexpr Duration kFirst = 1s;  ///< shorter runs show none
  static constexpr Duration kEvery = 500ms;

  explicit Progress(TimePoint started) : last_(started) {}
  /// `fraction` of the input, 0 to 1, and messages so far: "42%, 4200 messages, 1000/s, 5s left".
  std::string line(double fraction, std::uint64_t messages, TimePoint now);

 private:
  TimePoint last_;
  double last_fraction_ = 0;
  double last_messages_ = 0;
  double fraction_per_s_ = 0;  ///< smoothed over some seconds
  double messages_per_s_ = 0;
  bool first_ = true;
};

}  // namespace mqtk::pub
