// When each message of an open load is due: pure arithmetic over stages of constant or rising rate.
// The same for all threads; asks no clock.
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.hpp"

namespace mqtk::bench {

/// A part of the load whose rate goes in a straight line from one value to another.
struct RateStage {
  Duration length = Duration::max();  ///< Duration::max() only for the last: without end
  double from_per_s = 0;
  double to_per_s = 0;

  bool operator==(const RateStage&) const = default;
};

class Pacer {
 public:
  /// `per_s` > 0, without end.
  explicit Pacer(double per_s) : Pacer(std::vector{RateStage{Duration::max(), per_s, per_s}}) {}
  /// An endless stage has a constant rate.
  explicit Pacer(std::vector<RateStage> stages);

  /// When message n (from 0) is due, since the start; Duration::max(): never.
  Duration due(std::uint64_t n) const;
  /// How many are due at `time`: all n with due(n) <= time.
  std::uint64_t due_by(Duration time) const;
  /// Messages a second at `time`; 0 after the last stage.
  double rate_at(Duration time) const;
  /// Of all stages; Duration::max(): without end.
  Duration length() const { return length_; }
  const std::vector<RateStage>& stages() const { return stages_; }

 private:
  struct Begin {
    Duration time{};
    double messages = 0;  ///< due before it
  };
  double messages_by(std::size_t stage, double seconds) const;

  std::vector<RateStage> stages_;
  std::vector<Begin> begins_;
  Duration length_{};
};

}  // namespace mqtk::bench
