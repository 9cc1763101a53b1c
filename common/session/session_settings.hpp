// From a client's configuration to what the protocol is told, and from the server's limits back to
// what a tool is told: the same for both engines.
#pragma once

#include "protocol/client_state.hpp"
#include "session/client_config.hpp"

namespace mqtk {

SessionSettings session_settings(const ClientConfig& config);
NegotiatedLimits negotiated(const ServerLimits& limits);

}  // namespace mqtk
