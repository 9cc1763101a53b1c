// The lines of -d: a control packet in one line (SUBSCRIBE and UNSUBSCRIBE: one a filter), in the
// shape people know from mosquitto's tools. Passwords and authentication data are never shown;
// topics and other text of the peer are escaped for the terminal.
#pragma once

#include <string>

#include "wire/packets.hpp"

namespace mqtk {

/// "Client ID sending PUBLISH (d0, q1, r0, m7, 'a/b', ... (5 bytes))"; lines are separated, not
/// ended, by '\n'.
std::string sent_packet_text(Bytes client_id, const wire::Packet& packet,
                             wire::ProtocolVersion version);
std::string received_packet_text(Bytes client_id, const wire::Packet& packet,
                                 wire::ProtocolVersion version);

}  // namespace mqtk
