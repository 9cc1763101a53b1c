// What one worker has counted and timed. Written by its thread alone; copied for others under a
// lock (worker.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "bench/results/run_result.hpp"

namespace mqtk::bench {

/// Of all phases together, for rates and the live line.
struct Flow {
  std::uint64_t sent = 0;
  std::uint64_t acked = 0;
  std::uint64_t received = 0;
  std::uint64_t failed = 0;
  std::uint64_t errors = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;
  std::uint64_t open = 0;  ///< connections

  Flow& operator+=(const Flow& other);
  /// What came since `earlier`; `open` as it is now.
  Flow since(const Flow& earlier) const;
};

struct Tally {
  std::array<MessageCounts, 3> by_qos{};  ///< of what is measured
  ConnectionCounts connections{};
  std::array<LatencyPair, static_cast<std::size_t>(Latency::Count_)> latencies{};
  std::map<std::string, ErrorCount> errors{};
  std::optional<Error> first_error{};
  std::uint64_t sent_bytes = 0;  ///< of what is measured
  std::uint64_t received_bytes = 0;
  std::uint64_t foreign = 0;  ///< messages of somebody else
  Histogram loop_lag{};
  Histogram send_late{};
  std::uint64_t send_late_max_ns = 0;  ///< since somebody set it to 0
  std::uint64_t held_up = 0;
  Flow flow{};

  LatencyPair& latency(Latency which) { return latencies[static_cast<std::size_t>(which)]; }
  const LatencyPair& latency(Latency which) const {
    return latencies[static_cast<std::size_t>(which)];
  }
  void error(const Error& error, Duration since_start);
  Tally& operator+=(const Tally& other);
};

/// A word for what went wrong: the cause's, or the kind's when it has none.
std::string cause_word(const Error& error);

}  // namespace mqtk::bench
