// The words that mqtk_relay understands; see there.
#pragma once

#include <string>

#include "support/relay.hpp"

namespace mqtk::test {

/// False when it is not known or the value is wrong.
bool set_option(RelayOptions& options, const std::string& name, const std::string& value);

/// Carries out one command; answers what is wrong with it, or nothing. "counts" prints to stdout.
std::string run_command(Relay& relay, const std::string& line);

}  // namespace mqtk::test
