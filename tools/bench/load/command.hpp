// The four subcommands that cause load: flags, preflight, runs, reports, exit code.
#pragma once

#include "bench/load/options.hpp"
#include "options/subcommand.hpp"

namespace mqtk::bench {

SubcommandEntry connect_subcommand();
SubcommandEntry publish_subcommand();
SubcommandEntry subscribe_subcommand();
SubcommandEntry pubsub_subcommand();

}  // namespace mqtk::bench
