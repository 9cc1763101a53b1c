// An application message, as received and as to be published.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "wire/packets.hpp"

namespace mqtk {

/// A received message; the views are valid during the callback.
struct MessageView {
  Bytes topic;
  Bytes payload;
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;
  bool dup = false;
  std::uint16_t packet_id = 0;
  wire::PropertiesView properties;
};

/// A message to publish. Small payloads are given as views and copied; a large one is given with
/// its owner, is not copied and must not change until it is acknowledged.
struct OutgoingMessage {
  Bytes topic;
  Bytes payload;  ///< inside *owner when that is set
  std::shared_ptr<const std::string> owner;
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;
  wire::PropertiesView properties;  ///< MQTT 5
  std::uint16_t packet_id = 0;  ///< QoS 1 and 2: to be sent under this one; 0: the client's choice
};

}  // namespace mqtk
