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

constexpr std::uint16_t kConnack = bit(PacketType::Connack);
constexpr std::uint16_t kPublished = bit(PacketType::Puback) | bit(PacketType::Pubrec);
constexpr std::uint16_t kReleased = bit(PacketType::Pubrel) | bit(PacketType::Pubcomp);
constexpr std::uint16_t kSuback = bit(PacketType::Suback);
constexpr std::uint16_t kUnsuback = bit(PacketType::Unsuback);
constexpr std::uint16_t kDisconnect = bit(PacketType::Disconnect);
constexpr std::uint16_t kAuth = bit(PacketType::Auth);
constexpr std::uint16_t kEverywhere =
    kConnack | kPublished | kReleased | kSuback | kUnsuback | kDisconnect | kAuth;
constexpr std::uint16_t kGeneral = kConnack | kPublished | kSuback | kUnsuback | kDisconnect;

// Table 2-6 of MQTT 5.
constexpr ReasonInfo kReasons[] = {
    {ReasonCode::Success, "success", kEverywhere},
    {ReasonCode::GrantedQos1, "granted QoS 1", kSuback},
    {ReasonCode::GrantedQos2, "granted QoS 2", kSuback},
    {ReasonCode::DisconnectWithWill, "disconnect with will message", kDisconnect},
    {ReasonCode::NoMatchingSubscribers, "no matching subscribers", kPublished},
    {ReasonCode::NoSubscriptionExisted, "no subscription existed", kUnsuback},
    {ReasonCode::ContinueAuthentication, "continue authentication", kAuth},
    {ReasonCode::ReAuthenticate, "re-authenticate", kAuth},
    {ReasonCode::UnspecifiedError, "unspecified error", kGeneral},
    {ReasonCode::MalformedPacket, "malformed packet", kConnack | kDisconnect},
    {ReasonCode::ProtocolError, "protocol error", kConnack | kDisconnect},
    {ReasonCode::ImplementationSpecificError, "implementation specific error", kGeneral},
    {ReasonCode::UnsupportedProtocolVersion, "unsupported protocol version", kConnack},
    {ReasonCode::ClientIdentifierNotValid, "client identifier not valid", kConnack},
    {ReasonCode::BadUserNameOrPassword, "bad user name or password", kConnack},
    {ReasonCode::NotAuthorized, "not authorized", kGeneral},
    {ReasonCode::ServerUnavailable, "server unavailable", kConnack},
    {ReasonCode::ServerBusy, "server busy", kConnack | kDisconnect},
    {ReasonCode::Banned, "banned", kConnack},
    {ReasonCode::ServerShuttingDown, "server shutting down", kDisconnect},
    {ReasonCode::BadAuthenticationMethod, "bad authentication method", kConnack | kDisconnect},
    {ReasonCode::KeepAliveTimeout, "keep alive timeout", kDisconnect},
    {ReasonCode::SessionTakenOver, "session taken over", kDisconnect},
    {ReasonCode::TopicFilterInvalid, "topic filter invalid", kSuback | kUnsuback | kDisconnect},
    {ReasonCode::TopicNameInvalid, "topic name invalid", kConnack | kPublished | kDisconnect},
    {ReasonCode::PacketIdentifierInUse, "packet identifier in use",
     kPublished | kSuback | kUnsuback},
    {ReasonCode::PacketIdentifierNotFound, "packet identifier not found", kReleased},
    {ReasonCode::ReceiveMaximumExceeded, "receive maximum exceeded", kDisconnect},
    {ReasonCode::TopicAliasInvalid, "topic alias invalid", kDisconnect},
    {ReasonCode::PacketTooLarge, "packet too large", kConnack | kDisconnect},
    {ReasonCode::MessageRateTooHigh, "message rate too high", kDisconnect},
    {ReasonCode::QuotaExceeded, "quota exceeded", kConnack | kPublished | kSuback | kDisconnect},
    {ReasonCode::AdministrativeAction, "administrative action", kDisconnect},
    {ReasonCode::PayloadFormatInvalid, "payload format invalid",
     kConnack | kPublished | kDisconnect},
    {ReasonCode::RetainNotSupported, "retain not supported", kConnack | kDisconnect},
    {ReasonCode::QosNotSupported, "QoS not supported", kConnack | kDisconnect},
    {ReasonCode::UseAnotherServer, "use another server", kConnack | kDisconnect},
    {ReasonCode::ServerMoved, "server moved", kConnack | kDisconnect},
    {ReasonCode::SharedSubscriptionsNotSupported, "shared subscriptions not supported",
     kSuback | kDisconnect},
    {ReasonCode::ConnectionRateExceeded, "connection rate exceeded", kConnack | kDisconnect},
    {ReasonCode::MaximumConnectTime, "maximum connect time", kDisconnect},
    {ReasonCode::SubscriptionIdentifiersNotSupported, "subscription identifiers not supported",
     kSuback | kDisconnect},
    {ReasonCode::WildcardSubscriptionsNotSupported, "wildcard subscriptions not supported",
     kSuback | kDisconnect},
};

// Position in kReasons plus one; 0 for values that MQTT 5 does not list.
constexpr std::array<std::uint8_t, 256> kIndex = [] {
  std::array<std::uint8_t, 256> index{};
  std::uint8_t position = 0;
  for (const ReasonInfo& reason : kReasons)
    index[static_cast<std::size_t>(reason.code)] = ++position;
  return index;
}();

const ReasonInfo* find(ReasonCode code) {
  const std::uint8_t position = kIndex[static_cast<std::size_t>(code)];
  return position == 0 ? nullptr : &kReasons[position - 1];
}

}  // namespace

std::string_view name(ReasonCode code, PacketType in) {
  if (code == ReasonCode::Success && in == PacketType::Disconnect) return "normal disconnection";
  if (code == ReasonCode::Success && in == PacketType::Suback) return "granted QoS 0";
  const ReasonInfo* reason = find(code);
  return reason == nullptr ? "unknown reason" : reason->name;
}

bool allowed(ReasonCode code, PacketType in) {
  const ReasonInfo* reason = find(code);
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
