// What is asked anew before every attempt to connect, whichever engine makes it.
#pragma once

#include "session/client_config.hpp"
#include "session/persistence.hpp"

namespace mqtk {

/// The address, where it expires (into `config`; `persistence` then has that one to try), then the
/// credentials.
Result<Credentials> ask_before_attempt(ClientConfig& config, Persistence& persistence);

}  // namespace mqtk
