// What a broker itself says to have received and sent: the counters of
// $SYS/broker/publish/messages, as mosquitto has them. Read before and after a run they check the
// run's own account.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "bench/load/scenario.hpp"
#include "bench/results/run_result.hpp"

namespace mqtk::bench {

struct SysCounts {
  std::uint64_t received = 0;  ///< PUBLISH packets, by the broker
  std::uint64_t sent = 0;
  std::uint64_t dropped = 0;
  /// PUBLISH packets of $SYS that went to us before `sent` was counted, and after that.
  std::uint64_t ours_before = 0;
  std::uint64_t ours_after = 0;
};

/// Connects, and waits for the next time that the broker renews its counters, but not longer than
/// `patience`.
Result<SysCounts> read_sys_counts(const Scenario& scenario, Duration patience);

/// What the broker counted in between.
SysCheck sys_check(const SysCounts& before, const SysCounts& after);

}  // namespace mqtk::bench
