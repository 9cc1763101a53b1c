// What the layers of a connection tell of themselves, whoever stands on whom.
#pragma once

#include <optional>
#include <string>

#include "net/tls/tls.hpp"
#include "net/websocket/websocket.hpp"

namespace mqtk {

/// See Transport::describe(). Empty: the chain has no such layer.
struct ChainFacts {
  std::optional<TlsInfo> tls;
  std::optional<WebSocketInfo> websocket;
  std::string heard;  ///< what has come of an answer that is not complete
};

}  // namespace mqtk
