// A result as a run would fill it, the same every time; for the tests of mqtt-bench's results.
#pragma once

#include "bench/results/run_result.hpp"

namespace mqtk::bench::test {

/// QoS 1, 10 publishers and 10 subscribers, 1,000/s for 10 s, in which the broker once stood still
/// for a second. `seed` varies the latencies, `slower` multiplies them.
RunResult sample_result(std::uint64_t seed = 1, double slower = 1);

/// Five runs of it, pooled.
RunResult sample_repeats(std::uint64_t seed = 1, double slower = 1, std::size_t runs = 5);

/// The content of tests/unit/tools/golden/NAME; with the environment variable MQTK_WRITE_GOLDEN set
/// `text` is written there first.
std::string golden(const std::string& name, const std::string& text);

}  // namespace mqtk::bench::test
