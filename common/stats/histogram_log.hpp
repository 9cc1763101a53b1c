// The log format of HdrHistogram (version 1.3, V2 histograms): a header and a line for each
// interval. Its tools read, plot and add up such files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "stats/histogram.hpp"

namespace mqtk {

/// `started_ns` is Unix time; the lines that follow count from there.
std::string histogram_log_header(std::string_view comment, std::int64_t started_ns);

/// A line. `tag` tells several series in a file apart and holds no comma or space. The column for
/// the maximum is in milliseconds, as is usual for histograms of nanoseconds.
std::string histogram_log_line(std::string_view tag, double start_s, double length_s,
                               const Histogram& histogram);

}  // namespace mqtk
