// Starts a program with its three streams set up; what Process (process.hpp) stands on.
#pragma once

#include <sys/types.h>

#include "base/unique_fd.hpp"
#include "support/process.hpp"

namespace mqtk::test {

/// Our ends; all non-blocking. Without a stream of its own a descriptor is empty.
struct Spawned {
  pid_t pid = -1;
  UniqueFd in;
  UniqueFd out;
  UniqueFd err;
};

/// Throws std::runtime_error when the system refuses. On Linux the program is killed when the
/// thread that started it ends, so that nothing outlives a test that crashed.
Spawned spawn(const ProcessOptions& options);

}  // namespace mqtk::test
