// How far an attempt to connect came, layer by layer: for programs that explain connections.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "net/endpoint.hpp"
#include "net/tls/tls.hpp"
#include "net/websocket/websocket.hpp"

namespace mqtk {

/// One address of the host (or of the proxy) and how it fared.
struct AddressReport {
  std::string address;  ///< "127.0.0.1:1883"
  std::string outcome;  ///< "connected", "connection refused", "not tried", ...
  Duration took = 0ns;
};

struct AttemptReport {
  Endpoint endpoint;
  bool accepted = false;         ///< by a CONNACK
  Phase phase = Phase::Resolve;  ///< the last one: that failed, unless accepted
  ConnectTimings timings;        ///< with the time that the failed phase took
  std::vector<AddressReport> addresses;
  std::string peer_address;  ///< the one that answered; empty: none
  std::string local_address;
  std::optional<TlsInfo> tls;
  std::optional<WebSocketInfo> websocket;
};

}  // namespace mqtk
