// Close frames (RFC 6455, 5.5.1 and 7.4): what the peer's payload means, as an error with its own
// sentence.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "net/websocket/frames.hpp"

namespace mqtk {

struct WebSocketClose {
  Error error;               ///< Cause WsClosed; WsProtocol for a payload that is not allowed
  std::uint16_t answer = 0;  ///< status code to answer with; 0: none was given, none is answered
  bool valid = true;
};

/// `side` is ours.
WebSocketClose read_close(Bytes payload, WebSocketSide side);
/// The payload of a close frame; empty for code 0.
std::string close_payload(std::uint16_t code);

}  // namespace mqtk
