#include "wire/reason_codes.hpp"

#include <array>

namespace mqtk::wire {

namespace {

struct ReasonInfo {
  ReasonCode code;
  std::string_view name;
  std::uint16_t packets;  ///< bit 1 << PacketType
};

constexpr std::uint16_t bit(PacketType type) {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(type));
}

constexpr std::uint16_t kInConnack = bit(PacketType::Connack);
constexpr std::uint16_t kPublished = bit(PacketType::Puback) | bit(PacketType::Pubrec);
constexpr std::uint16_t kReleased = bit(PacketType::Pubrel) | bit(PacketType::Pubcomp);
constexpr std::uint16_t kInSuback = bit(PacketType::Suback);
constexpr std::uint16_t kInUnsuback = bit(PacketType::Unsuback);
constexpr std::uint16_t kInDisconnect = bit(PacketType::Disconnect);
constexpr std::uint16_t kInAuth = bit(PacketType::Auth);
constexpr std::uint16_t kInAnyAnswer =
    kInConnack | kPublished | kReleased | kInSuback | kInUnsuback | kInDisconnect | kInAuth;
constexpr std::uint16_t kGeneral =
    kInConnack | kPublished | kInSuback | kInUnsuback | kInDisconnect;

// Table 2-6 of MQTT 5.
constexpr ReasonInfo kReasons[] = {
    {ReasonCode::Success, "success", kInAnyAnswer},
    {ReasonCode::GrantedQos1, "granted QoS 1", kInSuback},
    {ReasonCode::GrantedQos2, "granted QoS 2", kInSuback},
    {ReasonCode::DisconnectWithWill, "disconnect with will message", kInDisconnect},
    {ReasonCode::NoMatchingSubscribers, "no matching subscribers", kPublished},
    {ReasonCode::NoSubscriptionExisted, "no subscription existed", kInUnsuback},
    {ReasonCode::ContinueAuthentication, "continue authentication", kInAuth},
    {ReasonCode::ReAuthenticate, "re-authenticate", kInAuth},
    {ReasonCode::UnspecifiedError, "unspecified error", kGeneral},
    {ReasonCode::MalformedPacket, "malformed packet", kInConnack | kInDisconnect},
    {ReasonCode::ProtocolError, "protocol error", kInConnack | kInDisconnect},
    {ReasonCode::ImplementationSpecificError, "implementation specific error", kGeneral},
    {ReasonCode::UnsupportedProtocolVersion, "unsupported protocol version", kInConnack},
    {ReasonCode::ClientIdentifierNotValid, "client identifier not valid", kInConnack},
    {ReasonCode::BadUserNameOrPassword, "bad user name or password", kInConnack},
    {ReasonCode::NotAuthorized, "not authorized", kGeneral},
    {ReasonCode::ServerUnavailable, "server unavailable", kInConnack},
    {ReasonCode::ServerBusy, "server busy", kInConnack | kInDisconnect},
    {ReasonCode::Banned, "banned", kInConnack},
    {ReasonCode::ServerShuttingDown, "server shutting down", kInDisconnect},
    {ReasonCode::BadAuthenticationMethod, "bad authentication method", kInConnack | kInDisconnect},
    {ReasonCode::KeepAliveTimeout, "keep alive timeout", kInDisconnect},
    {ReasonCode::SessionTakenOver, "session taken over", kInDisconnect},
    {ReasonCode::TopicFilterInvalid, "topic filter invalid",
     kInSuback | kInUnsuback | kInDisconnect},
    {ReasonCode::TopicNameInvalid, "topic name invalid", kInConnack | kPublished | kInDisconnect},
    {ReasonCode::PacketIdentifierInUse, "packet identifier in use",
     kPublished | kInSuback | kInUnsuback},
    {ReasonCode::PacketIdentifierNotFound, "packet identifier not found", kReleased},
    {ReasonCode::ReceiveMaximumExceeded, "receive maximum exceeded", kInDisconnect},
    {ReasonCode::TopicAliasInvalid, "topic alias invalid", kInDisconnect},
    {ReasonCode::PacketTooLarge, "packet too large", kInConnack | kInDisconnect},
    {ReasonCode::MessageRateTooHigh, "message rate too high", kInDisconnect},
    {ReasonCode::QuotaExceeded, "quota exceeded",
     kInConnack | kPublished | kInSuback | kInDisconnect},
    {ReasonCode::AdministrativeAction, "administrative action", kInDisconnect},
    {ReasonCode::PayloadFormatInvalid, "payload format invalid",
     kInConnack | kPublished | kInDisconnect},
    {ReasonCode::RetainNotSupported, "retain not supported", kInConnack | kInDisconnect},
    {ReasonCode::QosNotSupported, "QoS not supported", kInConnack | kInDisconnect},
    {ReasonCode::UseAnotherServer, "use another server", kInConnack | kInDisconnect},
    {ReasonCode::ServerMoved, "server moved", kInConnack | kInDisconnect},
    {ReasonCode::SharedSubscriptionsNotSupported, "shared subscriptions not supported",
     kInSuback | kInDisconnect},
    {ReasonCode::ConnectionRateExceeded, "connection rate exceeded", kInConnack | kInDisconnect},
    {ReasonCode::MaximumConnectTime, "maximum connect time", kInDisconnect},
    {ReasonCode::SubscriptionIdentifiersNotSupported, "subscription identifiers not supported",
     kInSuback | kInDisconnect},
    {ReasonCode::WildcardSubscriptionsNotSupported, "wildcard subscriptions not supported",
     kInSuback | kInDisconnect},
};

// Position in kReasons plus one; 0 for values that MQTT 5 does not list.
constexpr std::array<std::uint8_t, 256> kReasonIndex = [] {
  std::array<std::uint8_t, 256> index{};
  std::uint8_t position = 0;
  for (const ReasonInfo& reason : kReasons)
    index[static_cast<std::size_t>(reason.code)] = ++position;
  return index;
}();

const ReasonInfo* reason_info(ReasonCode code) {
  const std::uint8_t position = kReasonIndex[static_cast<std::size_t>(code)];
  return position == 0 ? nullptr : &kReasons[position - 1];
}

}  // namespace

std::string_view name(ReasonCode code, PacketType in) {
  if (code == ReasonCode::Success && in == PacketType::Disconnect) return "normal disconnection";
  if (code == ReasonCode::Success && in == PacketType::Suback) return "granted QoS 0";
  const ReasonInfo* reason = reason_info(code);
  return reason == nullptr ? "unknown reason" : reason->name;
}

bool allowed(ReasonCode code, PacketType in) {
  const ReasonInfo* reason = reason_info(code);
  return reason != nullptr && (reason->packets & bit(in)) != 0;
}

std::string_view name(ConnackCode code) {
  switch (code) {
    case ConnackCode::Accepted:
      return "accepted";
    case ConnackCode::UnacceptableProtocolVersion:
      return "unacceptable protocol version";
    case ConnackCode::IdentifierRejected:
      return "identifier rejected";
    case ConnackCode::ServerUnavailable:
      return "server unavailable";
    case ConnackCode::BadUserNameOrPassword:
      return "bad user name or password";
    case ConnackCode::NotAuthorized:
      return "not authorized";
  }
  return "unknown return code";
}

}  // namespace mqtk::wire
