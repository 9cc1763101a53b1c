// What is asked anew before every attempt to connect, whichever engine makes it.
#pragma once

#include <cstddef>

#include "session/client_config.hpp"

namespace mqtk {

/// The address, where it expires (into `config`, and `endpoint`, the index of the one to try, goes
/// to it), then the credentials.
Result<Credentials> ask_before_attempt(ClientConfig& config, std::size_t& endpoint);

}  // namespace mqtk
