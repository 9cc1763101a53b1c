// From what shall be done to the policy that does it.
#pragma once

#include "options/report.hpp"
#include "pub/pub_options.hpp"

namespace mqtk::pub {

/// Runs to the end of the process; returns an exit code only when there is nothing to run.
int launch(PubOptions options, Report& report);

}  // namespace mqtk::pub
