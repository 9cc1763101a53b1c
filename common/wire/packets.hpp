// Every MQTT control packet as a value. Strings and payloads are views: into the caller's buffer
// when decoded, into the caller's own data when to be encoded.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "wire/properties.hpp"
#include "wire/reason_codes.hpp"
#include "wire/types.hpp"

namespace mqtk::wire {

struct Will {
  Bytes topic{};
  Bytes payload{};
  Qos qos = Qos::AtMostOnce;
  bool retain = false;
  PropertiesView properties{};

  bool operator==(const Will&) const = default;
};

struct Connect {
  ProtocolVersion version = ProtocolVersion::V311;
  bool clean_start = true;  ///< "clean session" before MQTT 5
  std::uint16_t keep_alive_s = 60;
  Bytes client_id{};
  std::optional<Will> will{};
  std::optional<Bytes> username{};
  std::optional<Bytes> password{};
  PropertiesView properties{};

  bool operator==(const Connect&) const = default;
};

struct Connack {
  bool session_present = false;
  std::uint8_t code = 0;  ///< a ConnackCode before MQTT 5, a ReasonCode in it
  PropertiesView properties{};

  bool operator==(const Connack&) const = default;
};

struct Publish {
  Bytes topic{};
  Bytes payload{};
  Qos qos = Qos::AtMostOnce;
  bool retain = false;
  bool dup = false;
  std::uint16_t packet_id = 0;  ///< 0 exactly when qos is AtMostOnce
  PropertiesView properties{};

  bool operator==(const Publish&) const = default;
};

/// PUBACK, PUBREC, PUBREL, PUBCOMP.
struct PublishReply {
  PacketType type = PacketType::Puback;
  std::uint16_t packet_id = 0;
  ReasonCode reason = ReasonCode::Success;
  PropertiesView properties{};

  bool operator==(const PublishReply&) const = default;
};

enum class RetainHandling : std::uint8_t { Send = 0, SendIfNew = 1, DoNotSend = 2 };

struct SubscriptionRequest {
  Bytes filter{};
  Qos qos = Qos::AtMostOnce;
  bool no_local = false;                                  ///< MQTT 5
  bool retain_as_published = false;                       ///< MQTT 5
  RetainHandling retain_handling = RetainHandling::Send;  ///< MQTT 5

  bool operator==(const SubscriptionRequest&) const = default;
};

struct Subscribe {
  std::uint16_t packet_id = 0;
  std::vector<SubscriptionRequest> requests{};  ///< at least one [MQTT-3.8.3-2]
  PropertiesView properties{};

  bool operator==(const Subscribe&) const = default;
};

struct Suback {
  std::uint16_t packet_id = 0;
  Bytes codes{};  ///< one octet a filter: granted QoS, or 0x80 and above
  PropertiesView properties{};

  bool operator==(const Suback&) const = default;
};

struct Unsubscribe {
  std::uint16_t packet_id = 0;
  std::vector<Bytes> filters{};
  PropertiesView properties{};

  bool operator==(const Unsubscribe&) const = default;
};

struct Unsuback {
  std::uint16_t packet_id = 0;
  Bytes codes{};  ///< MQTT 5 only, one octet a filter
  PropertiesView properties{};

  bool operator==(const Unsuback&) const = default;
};

struct Pingreq {
  bool operator==(const Pingreq&) const = default;
};
struct Pingresp {
  bool operator==(const Pingresp&) const = default;
};

struct Disconnect {
  ReasonCode reason = ReasonCode::Success;
  PropertiesView properties{};

  bool operator==(const Disconnect&) const = default;
};

struct Auth {
  ReasonCode reason = ReasonCode::Success;
  PropertiesView properties{};

  bool operator==(const Auth&) const = default;
};

using Packet = std::variant<Connect, Connack, Publish, PublishReply, Subscribe, Suback, Unsubscribe,
                            Unsuback, Pingreq, Pingresp, Disconnect, Auth>;

PacketType type_of(const Packet& packet);

}  // namespace mqtk::wire
