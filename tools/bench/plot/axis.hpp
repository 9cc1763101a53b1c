// From figures to places in a picture, and where to write numbers beside it.
#pragma once

#include <string>
#include <vector>

namespace mqtk::bench {

struct Tick {
  double value = 0;
  std::string label;  ///< empty: a fine line without a number
};

/// A stretch of a picture that stands for `low` to `high`.
struct Axis {
  double low = 0;
  double high = 1;
  double from = 0;  ///< where `low` is
  double to = 1;
  bool logarithmic = false;  ///< then `low` is above 0

  /// Values outside stand at the ends.
  double place(double value) const;
};

/// Nanoseconds, logarithmic: the widest `high` and `low` so that every value has room.
Axis latency_axis(double least_ns, double most_ns, double from, double to);
std::vector<Tick> latency_ticks(const Axis& axis);

/// From 0, to a round number above `most`.
Axis linear_axis(double most, double from, double to);
std::vector<Tick> rate_ticks(const Axis& axis);
/// Seconds, not rounded up.
std::vector<Tick> time_ticks(const Axis& axis);

/// Percentiles by how few samples are beyond: 0, 90, 99, 99.9 % are equally far apart.
Axis percentile_axis(double samples, double from, double to);
/// Where a share (0 to 1) of the samples stands on it.
double nines(double share);
std::vector<Tick> percentile_ticks(const Axis& axis);

}  // namespace mqtk::bench
