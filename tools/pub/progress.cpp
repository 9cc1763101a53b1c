#include "pub/progress.hpp"

#include <algorithm>
#include <utility>

#include "base/units.hpp"

namespace mqtk::pub {

std::string Progress::line(double fraction, std::uint64_t messages, TimePoint now) {
  const double seconds = std::chrono::duration<double>(now - last_).count();
  if (seconds > 0) {
    constexpr double kMemory = 4;  // seconds
    const double weight = std::exchange(first_, false) ? 1 : seconds / (seconds + kMemory);
    const auto count = static_cast<double>(messages);
    messages_per_s_ += weight * ((count - last_messages_) / seconds - messages_per_s_);
    fraction_per_s_ += weight * ((fraction - last_fraction_) / seconds - fraction_per_s_);
    last_ = now;
    last_messages_ = count;
    last_fraction_ = fraction;
  }
  std::string text = std::to_string(static_cast<int>(fraction * 100)) + "%, " +
                     std::to_string(messages) + (messages == 1 ? " message, " : " messages, ") +
                     std::to_string(static_cast<std::uint64_t>(std::max(0.0, messages_per_s_))) +
                     "/s";
  constexpr double kAges = 100 * 3600;
  const double left = fraction_per_s_ > 0 ? (1 - fraction) / fraction_per_s_ : kAges;
  if (left < kAges) {
    text += ", " + format_duration(std::chrono::seconds(static_cast<std::int64_t>(left + 0.5))) +
            " left";
  }
  return text;
}

}  // namespace mqtk::pub
