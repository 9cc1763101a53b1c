// Every field of a packet with the octets it stands in, also of one that is not legal: the walk
// goes as far as the octets allow, and says where they end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wire/framer.hpp"

namespace mqtk::inspect {

struct PacketField {
  std::size_t at = 0;  ///< from the first octet of the packet
  std::size_t size = 0;
  std::string name;     ///< "keep_alive", "topic_filter"; static names, properties as in MQTT 5
  std::string value;    ///< a number in digits, text and octets as they are
  std::string meaning;  ///< of a number: "not authorized"; empty: none
  bool octets = false;  ///< `value` is not text by definition
  bool secret = false;  ///< a password or authentication data
};

/// `packet` is whole, as `frame` was cut out of it; a CONNECT names its own version.
std::vector<PacketField> packet_fields(Bytes packet, wire::ProtocolVersion version);

/// The octets of `frame`, put together again: its length was written in the shortest form.
std::string packet_octets(const wire::Frame& frame);

/// Of the CONNECT in `frame`; 3.1.1 when it names none that is known.
wire::ProtocolVersion connect_version(const wire::Frame& frame);

}  // namespace mqtk::inspect
