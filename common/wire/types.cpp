#include "wire/types.hpp"

#include <array>

#include "wire/packets.hpp"

namespace mqtk::wire {

std::string_view name(PacketType type) {
  static constexpr std::array<std::string_view, 16> kNames = {
      "reserved", "CONNECT",  "CONNACK",    "PUBLISH", "PUBACK",      "PUBREC",
      "PUBREL",   "PUBCOMP",  "SUBSCRIBE",  "SUBACK",  "UNSUBSCRIBE", "UNSUBACK",
      "PINGREQ",  "PINGRESP", "DISCONNECT", "AUTH"};
  return kNames[static_cast<std::size_t>(type) & 0x0FU];
}

std::string_view name(ProtocolVersion version) {
  switch (version) {
    case ProtocolVersion::V31:
      return "3.1";
    case ProtocolVersion::V311:
      return "3.1.1";
    case ProtocolVersion::V5:
      return "5";
  }
  return "unknown";
}

PacketType type_of(const Packet& packet) {
  if (const auto* reply = std::get_if<PublishReply>(&packet)) return reply->type;
  static constexpr std::array<PacketType, std::variant_size_v<Packet>> kTypes = {
      PacketType::Connect,   PacketType::Connack,  PacketType::Publish,     PacketType::Puback,
      PacketType::Subscribe, PacketType::Suback,   PacketType::Unsubscribe, PacketType::Unsuback,
      PacketType::Pingreq,   PacketType::Pingresp, PacketType::Disconnect,  PacketType::Auth};
  return kTypes[packet.index()];
}

}  // namespace mqtk::wire
