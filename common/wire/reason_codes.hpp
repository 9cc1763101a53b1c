// Reason codes of MQTT 5 (2.4) and return codes of CONNACK in MQTT 3.1 and 3.1.1 (3.2.2.3), with
// names.
#pragma once

#include <cstdint>
#include <string_view>

#include "wire/types.hpp"

namespace mqtk::wire {

/// MQTT 5, 2.4. Values from 0x80 are failures. 0x00 to 0x02 are also the granted QoS in SUBACK.
enum class ReasonCode : std::uint8_t {
  Success = 0x00,
  GrantedQos1 = 0x01,
  GrantedQos2 = 0x02,
  DisconnectWithWill = 0x04,
  NoMatchingSubscribers = 0x10,
  NoSubscriptionExisted = 0x11,
  ContinueAuthentication = 0x18,
  ReAuthenticate = 0x19,
  UnspecifiedError = 0x80,
  MalformedPacket = 0x81,
  ProtocolError = 0x82,
  ImplementationSpecificError = 0x83,
  UnsupportedProtocolVersion = 0x84,
  ClientIdentifierNotValid = 0x85,
  BadUserNameOrPassword = 0x86,
  NotAuthorized = 0x87,
  ServerUnavailable = 0x88,
  ServerBusy = 0x89,
  Banned = 0x8A,
  ServerShuttingDown = 0x8B,
  BadAuthenticationMethod = 0x8C,
  KeepAliveTimeout = 0x8D,
  SessionTakenOver = 0x8E,
  TopicFilterInvalid = 0x8F,
  TopicNameInvalid = 0x90,
  PacketIdentifierInUse = 0x91,
  PacketIdentifierNotFound = 0x92,
  ReceiveMaximumExceeded = 0x93,
  TopicAliasInvalid = 0x94,
  PacketTooLarge = 0x95,
  MessageRateTooHigh = 0x96,
  QuotaExceeded = 0x97,
  AdministrativeAction = 0x98,
  PayloadFormatInvalid = 0x99,
  RetainNotSupported = 0x9A,
  QosNotSupported = 0x9B,
  UseAnotherServer = 0x9C,
  ServerMoved = 0x9D,
  SharedSubscriptionsNotSupported = 0x9E,
  ConnectionRateExceeded = 0x9F,
  MaximumConnectTime = 0xA0,
  SubscriptionIdentifiersNotSupported = 0xA1,
  WildcardSubscriptionsNotSupported = 0xA2,
};

inline bool is_failure(ReasonCode code) {
  return static_cast<std::uint8_t>(code) >= 0x80;
}

/// The specification's words in lower case, e.g. "not authorized"; 0x00 reads by packet ("success",
/// "normal disconnection", "granted QoS 0"). "unknown reason" for values the specification does not
/// list.
std::string_view name(ReasonCode code, PacketType in);

/// True when MQTT 5 lists `code` for packets of this type ([MQTT-3.2.2-8] and its siblings).
bool allowed(ReasonCode code, PacketType in);

/// CONNACK return codes of 3.1 and 3.1.1.
enum class ConnackCode : std::uint8_t {
  Accepted = 0,
  UnacceptableProtocolVersion = 1,
  IdentifierRejected = 2,
  ServerUnavailable = 3,
  BadUserNameOrPassword = 4,
  NotAuthorized = 5,
};

/// e.g. "identifier rejected"; "unknown return code" beyond 5.
std::string_view name(ConnackCode code);

}  // namespace mqtk::wire
