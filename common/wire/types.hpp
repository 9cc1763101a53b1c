// The vocabulary of MQTT: versions, packet types, qualities of service.
#pragma once

#include <cstdint>
#include <string_view>

namespace mqtk::wire {

/// The protocol level octet of CONNECT [MQTT-3.1.2-2].
enum class ProtocolVersion : std::uint8_t { V31 = 3, V311 = 4, V5 = 5 };

enum class Qos : std::uint8_t { AtMostOnce = 0, AtLeastOnce = 1, ExactlyOnce = 2 };

/// The high nibble of the first octet (MQTT 5, 2.1.2).
enum class PacketType : std::uint8_t {
  Connect = 1,
  Connack = 2,
  Publish = 3,
  Puback = 4,
  Pubrec = 5,
  Pubrel = 6,
  Pubcomp = 7,
  Subscribe = 8,
  Suback = 9,
  Unsubscribe = 10,
  Unsuback = 11,
  Pingreq = 12,
  Pingresp = 13,
  Disconnect = 14,
  Auth = 15,
};

/// "CONNECT", "PUBACK", ...; "reserved" for 0.
std::string_view name(PacketType type);
/// "3.1", "3.1.1", "5".
std::string_view name(ProtocolVersion version);

/// The largest Remaining Length a packet can state (MQTT 5, 1.5.5).
inline constexpr std::uint32_t kMaxRemainingLength = 268'435'455;
/// The largest whole packet: type octet, four length octets, Remaining Length.
inline constexpr std::uint32_t kMaxPacketSize = kMaxRemainingLength + 5;
/// The longest string or binary field (MQTT 5, 1.5.4 and 1.5.6).
inline constexpr std::size_t kMaxFieldSize = 65'535;

}  // namespace mqtk::wire
