#include "options/dialect/dialect.hpp"

#include <array>

namespace mqtk {

namespace {

constexpr Dialect kOwn{};
constexpr std::array<Dialect, 3> kDialects = {{
    {.program = "mosquitto_pub",
     .tool = DropIn::Pub,
     .debug_on_stdout = true,
     .denial_succeeds = true,
     .silent_reconnect = true},
    {.program = "mosquitto_sub",
     .tool = DropIn::Sub,
     .debug_on_stdout = true,
     .null_payload = true,
     .live_message_ends_retained_only = true,
     .first_answer_ends = true,
     .denial_succeeds = true,
     .signal_succeeds = true,
     .silent_reconnect = true},
    {.program = "mosquitto_rr",
     .tool = DropIn::Rr,
     .debug_on_stdout = true,
     .null_payload = true,
     .denial_succeeds = true,
     .silent_reconnect = true},
}};

// A refused CONNECT: the code of MQTT 3 and that of MQTT 5, and what is said of each.
struct Refusal {
  Cause cause;
  int code3;
  std::string_view text3;
  int code5;
  std::string_view text5;
};
constexpr std::array<Refusal, 9> kRefusals = {{
    {Cause::MqttVersion, 1, "Connection Refused: unacceptable protocol version", 132,
     "Unsupported Protocol Version"},
    {Cause::MqttClientId, 2, "Connection Refused: identifier rejected", 133,
     "Client Identifier not valid"},
    {Cause::MqttUnavailable, 3, "Connection Refused: broker unavailable", 136,
     "Server unavailable"},
    {Cause::MqttCredentials, 4, "Connection Refused: bad user name or password", 134,
     "Bad User Name or Password"},
    {Cause::MqttNotAuthorised, 5, "Connection Refused: not authorised", 135, "Not authorized"},
    {Cause::MqttBusy, 3, "Connection Refused: broker unavailable", 137, "Server busy"},
    {Cause::MqttQuota, 3, "Connection Refused: broker unavailable", 151, "Quota exceeded"},
    {Cause::MqttUseAnother, 3, "Connection Refused: broker unavailable", 156, "Use another server"},
    {Cause::MqttRefused, 3, "Connection Refused: broker unavailable", 128, "Unspecified error"},
}};

// What the library's errors are called and numbered.
struct LibraryError {
  Cause cause;
  int code;
  std::string_view text;
};
constexpr std::array<LibraryError, 17> kLibraryErrors = {{
    {Cause::TcpRefused, 1, "Error: Connection refused"},
    {Cause::TcpTimeout, 1, "Error: Connection timed out"},
    {Cause::TcpUnreachable, 1, "Error: Network is unreachable"},
    {Cause::DnsNotFound, 1, "Unable to connect (Lookup error)."},
    {Cause::DnsTimeout, 1, "Unable to connect (Lookup error)."},
    {Cause::DnsFailed, 1, "Unable to connect (Lookup error)."},
    {Cause::TcpReset, 7, "Error: The connection was lost"},
    {Cause::TcpClosed, 7, "Error: The connection was lost"},
    {Cause::MqttLost, 7, "Error: The connection was lost"},
    {Cause::MqttTakenOver, 7, "Error: The connection was lost"},
    {Cause::MqttShutdown, 7, "Error: The connection was lost"},
    {Cause::MqttDisconnected, 7, "Error: The connection was lost"},
    {Cause::MqttClosedAfterConnect, 7, "Error: The connection was lost"},
    {Cause::MqttPingTimeout, 7, "Error: The connection was lost"},
    {Cause::MqttMalformed, 2,
     "Error: A network protocol error occurred when communicating with the broker"},
    {Cause::MqttProtocol, 2,
     "Error: A network protocol error occurred when communicating with the broker"},
    {Cause::MqttNotMqtt, 2,
     "Error: A network protocol error occurred when communicating with the broker"},
}};

/// What the operating system said of a connection that could not be made, where it is not what
/// kLibraryErrors has for the cause.
constexpr std::array<std::array<std::string_view, 2>, 3> kSystemErrors = {{
    {"no such socket", "Error: No such file or directory"},
    {"Cannot assign requested address", "Error: Cannot assign requested address"},
    {"Permission denied", "Error: Permission denied"},
}};

}  // namespace

const Dialect& own_dialect() {
  return kOwn;
}

const Dialect& find_dialect(std::string_view argv0) {
  const std::string_view name = argv0.substr(argv0.rfind('/') + 1);
  for (const Dialect& dialect : kDialects) {
    if (dialect.program == name) return dialect;
  }
  return kOwn;
}

DropInVerdict drop_in_verdict(const Error& error, wire::ProtocolVersion version) {
  const bool v5 = version == wire::ProtocolVersion::V5;
  for (const Refusal& refusal : kRefusals) {
    if (refusal.cause != error.cause) continue;
    std::string text = "Connection error: " + std::string(v5 ? refusal.text5 : refusal.text3);
    if (v5 && error.cause == Cause::MqttVersion) {
      text += ". Try connecting to an MQTT v5 broker, or use MQTT v3.x mode.";
    }
    return {std::move(text), v5 ? refusal.code5 : refusal.code3};
  }
  for (const auto& [said, text] : kSystemErrors) {
    const bool same = error.kind == ErrorKind::Unreachable && error.message.ends_with(said);
    if (same) return {std::string(text), 1};
  }
  for (const LibraryError& known : kLibraryErrors) {
    if (known.cause == error.cause) return {std::string(known.text), known.code};
  }
  switch (error.kind) {
    case ErrorKind::Timeout:
      return {"Timed out", 27};
    case ErrorKind::Tls:
      return {"Error: A TLS error occurred: " + error.message, 8};
    default:
      return {"Error: " + error.message, 1};
  }
}

}  // namespace mqtk
