// What a Relay saw pass: one record a packet.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "support/packet_scanner.hpp"
#include "support/relay_rules.hpp"
#include "wire/types.hpp"

namespace mqtk {

struct RelayRecord {
  TimePoint time{};              ///< when its last octet passed
  std::uint64_t connection = 0;  ///< from 1, in the order they were accepted
  RelayDirection direction = RelayDirection::ToTarget;
  wire::PacketType type = wire::PacketType::Connect;
  std::uint16_t packet_id = 0;  ///< 0: has none
  bool dup = false;
  bool retain = false;
  std::uint8_t qos = 0;
  std::size_t size = 0;   ///< whole packet
  std::string topic{};    ///< of a PUBLISH, as far as captured
  std::string payload{};  ///< its first octets, as many as were asked for
  std::string octets{};   ///< the packet from its first octet on; see RelayOptions::keep_octets
  bool swallowed = false;
};

/// Reads a record, but for time, connection and direction, off the packet that just ended.
RelayRecord read_record(const PacketScanner& scanner, wire::ProtocolVersion version,
                        std::size_t payload_octets);

/// "#1 > PUBLISH id=3 qos=1 dup size=20 topic=a/b payload=21.5"; ">" is towards the target. Octets
/// that are no printable ASCII are shown as \xHH.
std::string to_text(const RelayRecord& record);

}  // namespace mqtk
