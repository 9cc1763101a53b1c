// The line that shows a run while it lasts: how far, how fast, how slow the slowest, and a
// sparkline of the rate. Knows no terminal and no clock; the caller writes it to stderr when that
// is a terminal.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "bench/results/run_result.hpp"

namespace mqtk::bench {

struct LiveStatus {
  double elapsed_s = 0;  ///< since the start of the run
  double progress = -1;  ///< 0 to 1 of the phase; below 0: its end is not known
  std::uint64_t lost = 0;
  std::uint64_t errors = 0;
  /// Waited for before the phase can begin: connections still to be opened; 0: none.
  std::uint64_t connections_wanted = 0;
};

class LiveLine {
 public:
  /// `unicode`: the terminal shows block characters.
  explicit LiveLine(bool unicode) : unicode_(unicode) {}

  /// At most `columns` wide, without an end of line; what matters least is left out first.
  std::string text(const Sample& last, const LiveStatus& status, std::size_t columns);

  /// Goes before each line, and alone clears it: back to its beginning, which is then empty.
  static constexpr std::string_view kClear = "\r\x1b[K";

 private:
  std::string sparkline() const;

  static constexpr std::size_t kHistory = 20;
  bool unicode_;
  std::deque<double> rates_;
};

}  // namespace mqtk::bench
