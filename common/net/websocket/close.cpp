#include "net/websocket/close.hpp"

#include <string>

#include "net/http_response.hpp"

namespace mqtk {

namespace {

struct Meaning {
  ErrorKind kind;
  const char* words;
};

Meaning meaning(unsigned code) {
  switch (code) {
    case 1000:
      return {ErrorKind::Unreachable, "normal closure"};
    case 1001:
      return {ErrorKind::Unreachable, "going away"};
    case 1002:
      return {ErrorKind::ProtocolViolation, "protocol error"};
    case 1003:
      return {ErrorKind::ProtocolViolation, "kind of data not accepted"};
    case 1007:
      return {ErrorKind::ProtocolViolation, "data does not fit the message's type"};
    case 1008:
      return {ErrorKind::Permission, "against the policy"};
    case 1009:
      return {ErrorKind::Failed, "message too big"};
    case 1010:
      return {ErrorKind::ProtocolViolation, "an extension is missing"};
    case 1011:
      return {ErrorKind::Unreachable, "unexpected condition"};
    case 1012:
      return {ErrorKind::TryAgain, "restarting"};
    case 1013:
      return {ErrorKind::TryAgain, "try again later"};
    case 1014:
      return {ErrorKind::Unreachable, "bad gateway: no broker behind it"};
    case 3000:
      return {ErrorKind::Permission, "not authenticated"};
    case 3003:
      return {ErrorKind::Permission, "forbidden"};
    case 3008:
      return {ErrorKind::Unreachable, "time-out"};
    default:
      break;
  }
  if (code >= 4000) return {ErrorKind::Unreachable, "a code of the application"};
  return {ErrorKind::Unreachable, "an unregistered code"};
}

/// May stand in a frame (RFC 6455, 7.4.2, and the registry of IANA).
bool allowed(unsigned code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

WebSocketClose invalid(std::string what, std::uint16_t answer) {
  return {{ErrorKind::ProtocolViolation,
           Cause::WsProtocol,
           "the peer broke the WebSocket protocol: " + std::move(what),
           {}},
          answer,
          false};
}

}  // namespace

WebSocketClose read_close(Bytes payload, WebSocketSide side) {
  const std::string peer = side == WebSocketSide::Client ? "the server" : "the client";
  if (payload.empty()) {
    return {{ErrorKind::Unreachable,
             Cause::WsClosed,
             peer + " closed the WebSocket without a status code",
             {}},
            0,
            true};
  }
  if (payload.size() == 1) return invalid("a close frame of one octet", 1002);
  const std::uint16_t code = read_u16(payload.data());
  if (!allowed(code)) {
    return invalid("a close frame with the status code " + std::to_string(code), 1002);
  }
  const Bytes reason = payload.substr(2);
  if (!is_utf8(reason)) return invalid("a close reason that is no UTF-8", 1007);
  const Meaning means = meaning(code);
  std::string message =
      peer + " closed the WebSocket: " + std::to_string(code) + ", " + means.words;
  if (!reason.empty()) message += " (\"" + printable(reason, 130) + "\")";
  return {{means.kind, Cause::WsClosed, std::move(message), {}}, code, true};
}

std::string close_payload(std::uint16_t code) {
  std::string payload;
  if (code != 0) append_u16(payload, code);
  return payload;
}

}  // namespace mqtk
