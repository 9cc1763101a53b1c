#include "stats/histogram_log.hpp"

#include <fmt/core.h>

#include "stats/histogram_codec.hpp"

namespace mqtk {

std::string histogram_log_header(std::string_view comment, std::int64_t started_ns) {
  const double started = static_cast<double>(started_ns) / 1e9;
  return fmt::format(
      "#[{}]\n"
      "#[Histogram log format version 1.3]\n"
      "#[StartTime: {:.3f} (seconds since epoch)]\n"
      "#[BaseTime: {:.3f} (seconds since epoch)]\n"
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n",
      comment, started, started);
}

std::string histogram_log_line(std::string_view tag, double start_s, double length_s,
                               const Histogram& histogram) {
  return fmt::format("Tag={},{:.3f},{:.3f},{:.3f},{}\n", tag, start_s, length_s,
                     static_cast<double>(histogram.max()) / 1e6, histogram_text(histogram));
}

}  // namespace mqtk
