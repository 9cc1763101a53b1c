// Are the octets that an engine sent those that our encoder would have sent? They pass a relay that
// keeps them; each packet is decoded, and encoded again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/loop_thread.hpp"
#include "support/relay.hpp"
#include "wire/types.hpp"

namespace mqtk::test {

/// A relay to a port of this machine that keeps the octets of every packet.
Hosted<Relay> recording_relay(std::uint16_t target_port);

/// All that has passed, a line for each packet.
std::string passed_through(Hosted<Relay>& relay);

/// What passed towards the broker, so far.
std::vector<RelayRecord> sent_through(Hosted<Relay>& relay);

/// Those packets that do not decode, or that encode to other octets: one sentence each.
std::vector<std::string> other_octets(const std::vector<RelayRecord>& sent,
                                      wire::ProtocolVersion version);

}  // namespace mqtk::test
