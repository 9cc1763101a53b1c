// What the system says that this program and its threads cost. Zero where a system does not tell.
#pragma once

#include <cstdint>

#include "bench/results/run_result.hpp"

namespace mqtk::bench {

/// Of the calling thread.
struct ThreadCost {
  double cpu_s = 0;
  double waiting_s = 0;  ///< ready to run, while others ran
};
ThreadCost thread_cost();

/// User and system, all threads.
double process_cpu_s();
/// Resident now.
std::uint64_t resident_bytes();
/// Free for programs.
std::uint64_t available_memory_bytes();
/// Kernel, cores, processor, memory.
Facts host_facts();

}  // namespace mqtk::bench
