// Before anything is connected: can this machine do it, with which source addresses, and what would
// the run cause? Arithmetic over limits that are read once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "bench/load/scenario.hpp"

namespace mqtk::bench {

struct MachineLimits {
  std::uint64_t descriptors = 0;   ///< the hard limit
  std::uint64_t ports = 0;         ///< for outgoing connections of one address; 0: not known
  std::uint64_t memory_bytes = 0;  ///< available; 0: not known
  /// Of this machine, besides 127.0.0.0/8, of the family and interface that lead to the broker.
  std::vector<std::string> addresses;
};
MachineLimits read_limits(const Scenario& scenario);
/// Sets the soft limit of descriptors to the hard one.
void raise_descriptor_limit();

struct Preflight {
  std::uint64_t descriptors_needed = 0;
  std::uint64_t by_descriptors = 0;  ///< connections possible
  std::uint64_t by_ports = 0;        ///< 0: without limit
  std::uint64_t memory_needed_bytes = 0;
  std::vector<std::string> sources;  ///< to be used; empty: any
  std::vector<std::string> warnings;

  std::uint64_t possible() const;
};
/// An error when this machine cannot; it says how many connections it can.
Result<Preflight> check_machine(const Scenario& scenario, const MachineLimits& limits);

/// What --plan prints.
std::string plan_text(const Scenario& scenario, const Preflight& preflight,
                      const MachineLimits& limits);

}  // namespace mqtk::bench
