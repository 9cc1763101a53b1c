// The lines of --trace: a control packet field by field, with =hex each field's octets beside it.
// Passwords and authentication data are masked; text of the peer is escaped for the terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wire/packets.hpp"

namespace mqtk {

/// A field where it stands in the packet.
struct PacketField {
  std::size_t at = 0;    ///< first octet, from the packet's beginning
  std::size_t size = 0;  ///< octets; 0 for one bit of a field before it
  unsigned level = 0;    ///< 1: a property
  std::string_view name;
  std::string value;  ///< safe for a terminal, without newlines
  bool secret = false;
};

/// All fields of one whole packet in the order in which they stand. `packet` must have been decoded
/// under `version` without a fault.
std::vector<PacketField> packet_fields(Bytes packet, wire::ProtocolVersion version);

enum class TraceForm : std::uint8_t {
  Lines,   ///< -d: one line a packet (packet_text.hpp)
  Fields,  ///< --trace
  Hex,     ///< --trace=hex
};

/// "Client ID received PUBLISH, 27 bytes" and a line for each field; every line ends with '\n'.
std::string packet_trace(bool sent, Bytes client_id, const wire::Packet& packet,
                         wire::ProtocolVersion version, TraceForm form);

}  // namespace mqtk
