#include "base/error.hpp"

#include <array>

namespace mqtk {

namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Cause::Count_)> kCauseNames = {
    "",
    "dns.not_found",
    "dns.timeout",
    "dns.failed",
    "tcp.refused",
    "tcp.timeout",
    "tcp.reset",
    "tcp.unreachable",
    "tcp.closed",
    "tcp.local",
    "proxy.auth",
    "proxy.refused",
    "proxy.not_proxy",
    "proxy.timeout",
    "tls.untrusted",
    "tls.expired",
    "tls.not_yet_valid",
    "tls.name_mismatch",
    "tls.revoked",
    "tls.client_cert_required",
    "tls.client_cert_rejected",
    "tls.psk",
    "tls.not_tls",
    "tls.version",
    "tls.alpn",
    "tls.handshake",
    "tls.timeout",
    "ws.status",
    "ws.not_mqtt",
    "ws.handshake",
    "ws.timeout",
    "ws.closed",
    "ws.protocol",
    "mqtt.version",
    "mqtt.client_id",
    "mqtt.credentials",
    "mqtt.not_authorised",
    "mqtt.unavailable",
    "mqtt.busy",
    "mqtt.quota",
    "mqtt.refused",
    "server.moved",
    "mqtt.taken_over",
    "mqtt.shutdown",
    "mqtt.disconnected",
    "mqtt.closed_after_connect",
    "mqtt.no_answer",
    "mqtt.malformed",
    "mqtt.protocol",
    "mqtt.not_mqtt",
    "mqtt.tls_expected",
    "mqtt.lost",
    "mqtt.ping_timeout",
    "sub.denied",
    "pub.denied",
    "pub.closed_qos",
    "pub.closed_retain",
    "pub.closed_size",
    "pub.too_large",
    "pub.qos",
    "pub.retain",
    "pub.quota",
    "pub.timeout",
    "pub.not_delivered",
};
static_assert(!kCauseNames.back().empty(), "every cause has a word");

}  // namespace

std::string_view name(Cause cause) {
  return kCauseNames[static_cast<std::size_t>(cause)];
}

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Failed:
      return 1;
    case ErrorKind::Usage:
      return 64;
    case ErrorKind::BadInput:
      return 65;
    case ErrorKind::NoInput:
      return 66;
    case ErrorKind::HostNotFound:
      return 68;
    case ErrorKind::Unreachable:
      return 69;
    case ErrorKind::OutputFailed:
      return 74;
    case ErrorKind::TryAgain:
      return 75;
    case ErrorKind::ProtocolViolation:
      return 76;
    case ErrorKind::Permission:
      return 77;
    case ErrorKind::Configuration:
      return 78;
    case ErrorKind::Tls:
      return 79;
    case ErrorKind::Timeout:
      return 124;
  }
  return 1;
}

}  // namespace mqtk
