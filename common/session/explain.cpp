#include "session/explain.hpp"

#include <algorithm>
#include <array>

#include "base/units.hpp"

namespace mqtk {

using wire::ProtocolVersion;
using wire::ReasonCode;

namespace {

std::string version_name(ProtocolVersion version) {
  return "MQTT " + std::string(name(version));
}

std::string printable(Bytes bytes) {
  std::string text;
  for (char c : bytes) {
    if (u8(c) < 0x20 || u8(c) > 0x7E) {
      text += "\\x" + to_hex(Bytes(&c, 1));
    } else {
      text.push_back(c);
    }
  }
  return text;
}

std::string with_reason_string(std::string sentence, wire::PropertiesView properties) {
  if (const auto reason = properties.text(wire::PropertyId::ReasonString)) {
    sentence += " (" + printable(*reason) + ")";
  }
  return sentence;
}

struct Verdict {
  ReasonCode code;
  ErrorKind kind;
  Cause cause;
  const char* hint;
};

// CONNACK and DISCONNECT of MQTT 5; what is not listed is a refusal without a special meaning to
// us.
constexpr std::array<Verdict, 20> kVerdicts = {{
    {ReasonCode::MalformedPacket, ErrorKind::ProtocolViolation, Cause::MqttProtocol, ""},
    {ReasonCode::ProtocolError, ErrorKind::ProtocolViolation, Cause::MqttProtocol, ""},
    {ReasonCode::UnsupportedProtocolVersion, ErrorKind::ProtocolViolation, Cause::MqttVersion,
     "try another one with -V (3.1.1 is what most brokers speak)"},
    {ReasonCode::ClientIdentifierNotValid, ErrorKind::ProtocolViolation, Cause::MqttClientId,
     "try another client id with -i"},
    {ReasonCode::BadUserNameOrPassword, ErrorKind::Permission, Cause::MqttCredentials,
     "check the user name (-u) and the password"},
    {ReasonCode::NotAuthorized, ErrorKind::Permission, Cause::MqttNotAuthorised,
     "check user name and password, and what this client id may do"},
    {ReasonCode::Banned, ErrorKind::Permission, Cause::MqttNotAuthorised, ""},
    {ReasonCode::BadAuthenticationMethod, ErrorKind::Permission, Cause::MqttCredentials, ""},
    {ReasonCode::ServerUnavailable, ErrorKind::TryAgain, Cause::MqttUnavailable, ""},
    {ReasonCode::ServerBusy, ErrorKind::TryAgain, Cause::MqttBusy, ""},
    {ReasonCode::ServerShuttingDown, ErrorKind::TryAgain, Cause::MqttShutdown, ""},
    {ReasonCode::SessionTakenOver, ErrorKind::TryAgain, Cause::MqttTakenOver,
     "another client connected with the same client id; give each its own with -i"},
    {ReasonCode::QuotaExceeded, ErrorKind::TryAgain, Cause::MqttQuota, ""},
    {ReasonCode::ConnectionRateExceeded, ErrorKind::TryAgain, Cause::MqttBusy, ""},
    {ReasonCode::MessageRateTooHigh, ErrorKind::TryAgain, Cause::MqttQuota, ""},
    {ReasonCode::UseAnotherServer, ErrorKind::TryAgain, Cause::MqttUseAnother, ""},
    {ReasonCode::ServerMoved, ErrorKind::Failed, Cause::MqttUseAnother, ""},
    {ReasonCode::SharedSubscriptionsNotSupported, ErrorKind::Failed, Cause::SubDenied,
     "subscribe without $share/"},
    {ReasonCode::SubscriptionIdentifiersNotSupported, ErrorKind::Failed, Cause::SubDenied, ""},
    {ReasonCode::WildcardSubscriptionsNotSupported, ErrorKind::Failed, Cause::SubDenied, ""},
}};

const Verdict* find_verdict(ReasonCode code) {
  const auto* found = std::find_if(kVerdicts.begin(), kVerdicts.end(),
                                   [code](const Verdict& v) { return v.code == code; });
  return found == kVerdicts.end() ? nullptr : found;
}

/// Where the broker sends its clients: a host, perhaps with a port, or several of them.
void add_reference(Error& error, wire::PropertiesView properties) {
  const auto reference = properties.text(wire::PropertyId::ServerReference);
  if (reference) {
    error.message += "; it names another server: '" + printable(*reference) + "'";
    error.hint = "connect to the server that it names (-h, -L)";
  } else if (error.cause == Cause::MqttUseAnother) {
    error.hint = "it does not say which: ask who runs it";
  }
}

std::string hint_for(std::string_view rule) {
  if (rule == "MQTT-4.3.3-2") return "it has no QoS 2: try -q 1";
  if (rule == "MQTT-4.12.0-6") return "it wants an authentication that was not offered";
  return {};
}

Error explain_return_code(std::uint8_t code, const SessionSettings& settings) {
  const std::string who = "the broker refused the connection: ";
  switch (static_cast<wire::ConnackCode>(code)) {
    case wire::ConnackCode::UnacceptableProtocolVersion:
      return {ErrorKind::ProtocolViolation, Cause::MqttVersion,
              who + "it does not speak " + version_name(settings.version),
              settings.version == ProtocolVersion::V5 ? "try MQTT 3.1.1 with -V 3.1.1"
                                                      : "try another version with -V"};
    case wire::ConnackCode::IdentifierRejected:
      return {ErrorKind::ProtocolViolation, Cause::MqttClientId,
              who + (settings.client_id.empty()
                         ? "it wants a client id"
                         : "it rejects the client id '" + printable(settings.client_id) + "'"),
              settings.client_id.empty() ? "give one with -i, or do without -c"
                                         : "try another client id with -i"};
    case wire::ConnackCode::ServerUnavailable:
      return {ErrorKind::TryAgain, Cause::MqttUnavailable, who + "it is unavailable", {}};
    case wire::ConnackCode::BadUserNameOrPassword:
      return {ErrorKind::Permission, Cause::MqttCredentials, who + "bad user name or password",
              "check the user name (-u) and the password"};
    case wire::ConnackCode::NotAuthorized:
      return {ErrorKind::Permission, Cause::MqttNotAuthorised, who + "not authorised",
              settings.username ? "check user name and password, and what this client id may do"
                                : "it may want a user name (-u) and a password"};
    case wire::ConnackCode::Accepted:
      break;
  }
  return {ErrorKind::Failed, Cause::MqttRefused, who + "return code " + std::to_string(code), {}};
}

bool looks_like_tls(Bytes bytes) {
  // A TLS record: alert (21) or handshake (22), then version 3.x.
  return bytes.size() >= 2 && (u8(bytes[0]) == 0x15 || u8(bytes[0]) == 0x16) && u8(bytes[1]) == 3;
}

}  // namespace

Error explain_refusal(const wire::Connack& connack, const SessionSettings& settings) {
  if (settings.version != ProtocolVersion::V5 || connack.code < 0x80) {
    return explain_return_code(connack.code, settings);
  }
  const auto code = static_cast<ReasonCode>(connack.code);
  Error error{
      ErrorKind::Failed,
      Cause::MqttRefused,
      "the broker refused the connection: " + std::string(name(code, wire::PacketType::Connack)),
      {}};
  if (const Verdict* verdict = find_verdict(code)) {
    error.kind = verdict->kind;
    error.cause = verdict->cause;
    error.hint = verdict->hint;
  } else if (settings.client_id.empty() && code == ReasonCode::UnspecifiedError) {
    error.hint = "some brokers answer so when they want a client id: give one with -i";
  }
  error.message = with_reason_string(std::move(error.message), connack.properties);
  add_reference(error, connack.properties);
  return error;
}

Error explain_fault(const ProtocolFault& fault, const Endpoint& endpoint, Bytes first_bytes) {
  switch (fault.kind) {
    case ProtocolFault::Kind::NotMqtt:
      if (looks_like_tls(first_bytes)) {
        return {ErrorKind::ProtocolViolation, Cause::MqttTlsExpected,
                "the peer speaks TLS, and was spoken to without it",
                "use mqtts:// or --cafile FILE, or the broker's plain port (usually 1883)"};
      }
      if (first_bytes.starts_with("HTTP/")) {
        return {ErrorKind::ProtocolViolation, Cause::MqttNotMqtt, "the peer speaks HTTP, not MQTT",
                "for MQTT over WebSocket use ws://HOST:PORT/PATH"};
      }
      return {ErrorKind::ProtocolViolation,
              Cause::MqttNotMqtt,
              (endpoint.uses_websocket() ? "the WebSocket's peer does not speak MQTT"
                                         : "the peer does not speak MQTT") +
                  std::string(": it sent '") + printable(first_bytes.substr(0, 16)) + "'",
              {}};
    case ProtocolFault::Kind::NoConnack:
    case ProtocolFault::Kind::NoAcknowledgement:
    case ProtocolFault::Kind::NoPingresp:
      return {ErrorKind::Unreachable,
              Cause::MqttPingTimeout,
              "the broker does not answer any more",
              {}};
    case ProtocolFault::Kind::Malformed:
      return {ErrorKind::ProtocolViolation,
              Cause::MqttMalformed,
              "the broker sent a malformed packet: " + fault.what + " [" + fault.rule + "]",
              {}};
    case ProtocolFault::Kind::Protocol:
      break;
  }
  return {ErrorKind::ProtocolViolation, Cause::MqttProtocol,
          "the broker broke the protocol: " + printable(fault.what) + " [" + fault.rule + "]",
          hint_for(fault.rule)};
}

Error explain_closed_before_connack(const Error& why, const Endpoint& endpoint,
                                    const SessionSettings& settings) {
  // TLS 1.3 and WebSocket say late why they refuse; that word is better than ours.
  const bool closed = why.cause == Cause::MqttLost || why.cause == Cause::TcpReset;
  if (!closed && why.cause != Cause::WsClosed) return why;
  if (why.message.find("unauthenticated") != std::string::npos) {
    return {ErrorKind::Permission, Cause::MqttCredentials,
            "the broker refused the connection: " + why.message,
            "check the user name (-u) and the password"};
  }
  std::string hint;
  if (settings.version == ProtocolVersion::V5) {
    hint = "does it speak MQTT 5? try -V 3.1.1";
  } else if (settings.version == ProtocolVersion::V31) {
    hint = "does it speak MQTT 3.1? try -V 3.1.1";
  } else if (endpoint.scheme == Scheme::Mqtt) {
    hint = "the port may expect TLS (mqtts://) or a proxy's header, or nothing stands behind it";
  } else if (endpoint.scheme == Scheme::Mqtts) {
    hint =
        "the broker may want a client certificate (--cert, --key) or an application protocol "
        "(--tls-alpn)";
  }
  if (!closed) return {why.kind, why.cause, why.message, why.hint.empty() ? hint : why.hint};
  return {ErrorKind::Unreachable, Cause::MqttClosedAfterConnect,
          "the broker closed the connection instead of answering CONNECT", std::move(hint)};
}

Error explain_no_connack(Duration waited, const Endpoint& endpoint, const SessionSettings& settings,
                         Bytes heard) {
  if (!heard.empty()) {
    return {ErrorKind::Unreachable, Cause::MqttNoAnswer,
            "no answer to CONNECT within " + format_duration(waited) + ", only '" +
                printable(heard) + "' came",
            "is it an MQTT broker?"};
  }
  std::string hint = "is it an MQTT broker? ";
  if (settings.version == ProtocolVersion::V5) {
    hint = "some brokers stay silent at MQTT 5: try -V 3.1.1";
  } else if (endpoint.scheme == Scheme::Mqtt) {
    hint += "a port that expects TLS stays silent too: try mqtts://";
  } else {
    hint.pop_back();
  }
  return {ErrorKind::Unreachable, Cause::MqttNoAnswer,
          "no answer to CONNECT within " + format_duration(waited), std::move(hint)};
}

Error explain_disconnect(const wire::Disconnect& disconnect, const std::string& client_id) {
  Error error{ErrorKind::Unreachable,
              Cause::MqttDisconnected,
              "the broker ended the connection: " +
                  std::string(name(disconnect.reason, wire::PacketType::Disconnect)),
              {}};
  if (const Verdict* verdict = find_verdict(disconnect.reason)) {
    error.kind = verdict->kind;
    error.cause = verdict->cause;
    error.hint = verdict->hint;
  } else if (disconnect.reason == ReasonCode::PacketTooLarge) {
    error.kind = ErrorKind::Failed;
    error.cause = Cause::PubClosedSize;
  } else if (disconnect.reason == ReasonCode::QosNotSupported) {
    error.kind = ErrorKind::Failed;
    error.cause = Cause::PubClosedQos;
  } else if (disconnect.reason == ReasonCode::RetainNotSupported) {
    error.kind = ErrorKind::Failed;
    error.cause = Cause::PubClosedRetain;
  }
  if (error.cause == Cause::MqttTakenOver) {
    error.message += " (client id '" + printable(client_id) + "')";
  }
  error.message = with_reason_string(std::move(error.message), disconnect.properties);
  add_reference(error, disconnect.properties);
  return error;
}

Error explain_loss(const Error& why, const LastPublish& last) {
  constexpr std::size_t kLarge = 16 * 1024;
  const bool closed = why.cause == Cause::MqttLost || why.cause == Cause::TcpReset;
  const bool blamed = why.cause == Cause::WsClosed && why.kind == ErrorKind::ProtocolViolation;
  if ((closed || blamed) && last.any_sent) {
    const std::string reply = "the broker closed the connection in reply to a message";
    if (last.qos == wire::Qos::ExactlyOnce) {
      return {ErrorKind::ProtocolViolation, Cause::PubClosedQos, reply + " of QoS 2",
              "some brokers have no QoS 2: try -q 1"};
    }
    if (blamed) return why;
    if (last.size >= kLarge) {
      return {ErrorKind::Failed, Cause::PubClosedSize, reply + " of " + format_size(last.size),
              "it may be larger than the broker allows"};
    }
    if (last.retain) {
      return {ErrorKind::ProtocolViolation, Cause::PubClosedRetain, reply + " with the retain flag",
              "the broker may not allow retained messages: try without -r"};
    }
    if (last.qos == wire::Qos::AtLeastOnce) {
      return {ErrorKind::Unreachable, Cause::MqttLost, reply + ", before it acknowledged it",
              "it may not allow this topic, this QoS or this size"};
    }
  }
  if (why.cause == Cause::TcpReset) {
    return {ErrorKind::Unreachable,
            Cause::MqttLost,
            "the connection was lost: it was reset by the peer",
            {}};
  }
  if (why.cause == Cause::MqttLost) {
    return {ErrorKind::Unreachable,
            Cause::MqttLost,
            "the connection was lost: the broker closed it",
            {}};
  }
  return why;
}

Error explain_subscribe_loss(const Error& why, Bytes filter) {
  if (why.cause != Cause::MqttLost && why.cause != Cause::TcpReset &&
      why.cause != Cause::WsClosed) {
    return why;
  }
  return {ErrorKind::Failed, Cause::SubDenied,
          "the broker closed the connection in reply to the subscription to '" + printable(filter) +
              "'",
          filter.starts_with("$share/") ? "it may have no shared subscriptions"
                                        : "it may not allow this filter"};
}

Error explain_publish_refusal(ReasonCode reason, Bytes topic) {
  Error error{ErrorKind::Failed,
              Cause::PubDenied,
              "the broker refused a message" +
                  (topic.empty() ? std::string() : " to '" + printable(topic) + "'") + ": " +
                  std::string(name(reason, wire::PacketType::Puback)),
              {}};
  switch (reason) {
    case ReasonCode::NotAuthorized:
      error.kind = ErrorKind::Permission;
      error.hint = "this user may not publish to this topic";
      break;
    case ReasonCode::QuotaExceeded:
      error.kind = ErrorKind::TryAgain;
      error.cause = Cause::PubQuota;
      break;
    default:
      break;
  }
  return error;
}

Error explain_limit(ClientState::Accept accept, const ClientState::Outgoing& message,
                    const ServerLimits& limits) {
  switch (accept) {
    case ClientState::Accept::TooLarge:
      return {ErrorKind::Failed,
              Cause::PubTooLarge,
              "a message of " + std::to_string(message.payload.size()) + " bytes is larger than " +
                  (limits.maximum_packet_size < wire::kMaxPacketSize
                       ? "the broker takes (packets of at most " +
                             std::to_string(limits.maximum_packet_size) + " bytes)"
                       : "MQTT allows"),
              {}};
    case ClientState::Accept::QosNotSupported:
      return {
          ErrorKind::Failed, Cause::PubQos,
          "the broker takes no messages of QoS " + std::to_string(static_cast<int>(message.qos)),
          "it allows at most -q " + std::to_string(static_cast<int>(limits.maximum_qos))};
    case ClientState::Accept::RetainNotSupported:
      return {ErrorKind::Failed, Cause::PubRetain, "the broker takes no retained messages",
              "try without -r"};
    case ClientState::Accept::BadTopicAlias:
      return {ErrorKind::Failed,
              Cause::MqttProtocol,
              limits.topic_alias_maximum == 0 ? std::string("the broker takes no topic aliases")
                                              : "the broker takes topic aliases up to " +
                                                    std::to_string(limits.topic_alias_maximum),
              {}};
    case ClientState::Accept::Sent:
    case ClientState::Accept::WindowFull:
    case ClientState::Accept::NotConnected:
      break;
  }
  return {ErrorKind::Unreachable, Cause::MqttLost, "not connected", {}};
}

}  // namespace mqtk
