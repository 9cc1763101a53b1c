#include "bench/load/pacer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mqtk::bench {

namespace {

constexpr double kNanoseconds = 1e9;

double seconds_of(Duration duration) {
  return static_cast<double>(duration.count()) / kNanoseconds;
}

}  // namespace

Pacer::Pacer(std::vector<RateStage> stages) : stages_(std::move(stages)) {
  double messages = 0;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    begins_.push_back({length_, messages});
    if (stages_[i].length == Duration::max()) {
      length_ = Duration::max();
      break;
    }
    messages += messages_by(i, seconds_of(stages_[i].length));
    length_ += stages_[i].length;
  }
}

// Since the stage began: the area under a straight line.
double Pacer::messages_by(std::size_t stage, double seconds) const {
  const RateStage& part = stages_[stage];
  double area = part.from_per_s * seconds;
  if (part.from_per_s != part.to_per_s) {
    const double slope = (part.to_per_s - part.from_per_s) / seconds_of(part.length);
    area += slope * seconds * seconds / 2;
  }
  return area;
}

Duration Pacer::due(std::uint64_t n) const {
  const double wanted = static_cast<double>(n);
  for (std::size_t i = 0; i < begins_.size(); ++i) {
    const RateStage& part = stages_[i];
    const double messages = wanted - begins_[i].messages;
    const bool endless = part.length == Duration::max();
    if (!endless && messages >= messages_by(i, seconds_of(part.length))) continue;
    if (messages <= 0) {
      if (part.from_per_s > 0 || part.to_per_s > 0) return begins_[i].time;
      continue;
    }
    double seconds = 0;
    if (part.from_per_s == part.to_per_s) {
      seconds = messages / part.from_per_s;
    } else {
      // The smaller root of slope/2 t^2 + from t = messages, in the form that loses no digits.
      const double slope = (part.to_per_s - part.from_per_s) / seconds_of(part.length);
      const double root =
          std::sqrt(std::max(0.0, part.from_per_s * part.from_per_s + 2 * slope * messages));
      seconds = 2 * messages / (part.from_per_s + root);
    }
    const double nanoseconds = seconds * kNanoseconds;
    if (nanoseconds >= static_cast<double>(Duration::max().count() / 2)) return Duration::max();
    return begins_[i].time + Duration(static_cast<std::int64_t>(nanoseconds + 0.5));
  }
  return Duration::max();
}

std::uint64_t Pacer::due_by(Duration time) const {
  if (time < Duration(0) || begins_.empty()) return 0;
  std::size_t stage = begins_.size() - 1;
  while (stage > 0 && begins_[stage].time > time) --stage;
  const Duration inside = std::min(time - begins_[stage].time, stages_[stage].length);
  const double messages = begins_[stage].messages + messages_by(stage, seconds_of(inside));
  // Rounding decides nothing: due() does.
  std::uint64_t n = static_cast<std::uint64_t>(std::max(0.0, std::floor(messages)));
  while (n > 0 && due(n - 1) > time) --n;
  while (due(n) <= time) ++n;
  return n;
}

double Pacer::rate_at(Duration time) const {
  if (time < Duration(0) || begins_.empty() || time >= length_) return 0;
  std::size_t stage = begins_.size() - 1;
  while (stage > 0 && begins_[stage].time > time) --stage;
  const RateStage& part = stages_[stage];
  if (part.length == Duration::max()) return part.from_per_s;
  const double share = seconds_of(time - begins_[stage].time) / seconds_of(part.length);
  return part.from_per_s + (part.to_per_s - part.from_per_s) * share;
}

}  // namespace mqtk::bench
