// What went wrong, in three layers: a kind (decides the exit code), a cause (a word for programs to
// read), and a sentence with an optional hint (for people). One table each, in error.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mqtk {

/// Decides the exit code; see exit_code().
enum class ErrorKind : std::uint8_t {
  Failed,             ///< 1: not delivered, refused for a reason other than permission
  Usage,              ///< 64: wrong options
  BadInput,           ///< 65: input data is not what it should be
  NoInput,            ///< 66: input cannot be read
  HostNotFound,       ///< 68
  Unreachable,        ///< 69: refused, lost, or a phase ran into its own time-out
  OutputFailed,       ///< 74: output cannot be written
  TryAgain,           ///< 75: busy, quota, taken over
  ProtocolViolation,  ///< 76: protocol or WebSocket refusal, or not MQTT at all
  Permission,         ///< 77: credentials or access control
  Configuration,      ///< 78: configuration, key or certificate file, secret command
  Tls,                ///< 79: TLS verification or handshake
  Timeout,            ///< 124: -W, --publish-timeout, or an unmet -C
};

/// The closed list of cause words; name() gives the documented spelling, e.g. "tls.expired".
enum class Cause : std::uint8_t {
  None,
  DnsNotFound,
  DnsTimeout,
  DnsFailed,
  TcpRefused,
  TcpTimeout,
  TcpReset,
  TcpUnreachable,
  TcpClosed,  ///< closed by the peer right after it was accepted, before any answer
  TcpLocal,   ///< our own side: bind address, descriptors, permissions
  ProxyAuth,
  ProxyRefused,
  ProxyNotProxy,
  ProxyTimeout,
  TlsUntrusted,
  TlsExpired,
  TlsNotYetValid,
  TlsNameMismatch,
  TlsRevoked,
  TlsClientCertRequired,
  TlsClientCertRejected,
  TlsPsk,
  TlsNotTls,  ///< the peer does not speak TLS
  TlsVersion,
  TlsAlpn,
  TlsHandshake,
  TlsTimeout,
  WsStatus,     ///< the HTTP answer was not 101
  WsNotMqtt,    ///< upgraded, but without the subprotocol mqtt
  WsHandshake,  ///< the answer is not a valid upgrade
  WsTimeout,
  WsClosed,  ///< a close frame with a status code
  WsProtocol,
  MqttVersion,
  MqttClientId,
  MqttCredentials,
  MqttNotAuthorised,
  MqttUnavailable,
  MqttBusy,
  MqttQuota,
  MqttRefused,     ///< any other refusal in CONNACK
  MqttUseAnother,  ///< server moved, or use another server (5)
  MqttTakenOver,
  MqttShutdown,
  MqttDisconnected,        ///< the server sent DISCONNECT (5) for another reason
  MqttClosedAfterConnect,  ///< closed without a CONNACK
  MqttNoAnswer,
  MqttMalformed,
  MqttProtocol,
  MqttNotMqtt,      ///< the first bytes are no MQTT packet
  MqttTlsExpected,  ///< the peer spoke TLS to a plain client
  MqttLost,         ///< an established connection was lost
  MqttPingTimeout,
  SubDenied,
  PubDenied,
  PubClosedQos,
  PubClosedRetain,
  PubClosedSize,
  PubTooLarge,
  PubQos,
  PubRetain,
  PubQuota,
  PubTimeout,
  PubNotDelivered,  ///< taken by the broker, and did not come to a subscriber
  Count_,
};

/// The documented word, e.g. "mqtt.not_authorised"; empty for None.
std::string_view name(Cause cause);
/// The exit code of INTERFACE: one table for all programs.
int exit_code(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::Failed;
  Cause cause = Cause::None;
  std::string message;  ///< lower case, no full stop
  std::string hint;     ///< what to try, or empty
};

}  // namespace mqtk
