// The subcommands of mqtt-bench. To add one: a file that defines NAME_subcommand(), and its two
// lines in subcommands.cpp.
#pragma once

#include "options/subcommand.hpp"

namespace mqtk::bench {

/// The program and all of its subcommands.
const Suite& suite();

}  // namespace mqtk::bench
