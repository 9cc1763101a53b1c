// MQTT over WebSocket (RFC 6455; MQTT 5, section 6): the HTTP upgrade is ours, frames are wslay's.
// The stream of MQTT bytes is cut into binary messages of at most 64 KiB; received ones are joined
// again.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "net/transport.hpp"

namespace mqtk {

struct HttpHeader {
  std::string name;
  std::string value;
};

struct WebSocketConfig {
  std::string target = "/mqtt";  ///< path and query of the request
  std::vector<HttpHeader>
      headers;  ///< sent besides our own; a Host or Origin given here replaces ours
  std::string subprotocol = "mqtt";  ///< "mqttv3.1" for MQTT 3.1 is accepted by some brokers only
};

/// What the server answered; for reports. Values of headers that may hold secrets are left out.
struct WebSocketInfo {
  int status = 0;  ///< 0: no HTTP answer
  std::string reason;
  std::string subprotocol;
  std::vector<HttpHeader> headers;
};

class WebSocketTransport : public Transport {
 public:
  virtual const WebSocketInfo& info() const = 0;
};

/// A client over `lower`; `authority` is the Host header ("host:port", the port left out when it is
/// the scheme's default). Its handshake() is the HTTP upgrade. Without wslay in the build: an
/// error.
Result<std::unique_ptr<WebSocketTransport>> make_websocket_client(std::unique_ptr<Transport> lower,
                                                                  const WebSocketConfig& config,
                                                                  const std::string& authority);

/// The server's side, for test brokers and the sink: accepts any target and the subprotocol mqtt.
Result<std::unique_ptr<WebSocketTransport>> make_websocket_server(std::unique_ptr<Transport> lower);

/// nullptr when target, header names and values are fit to be sent; otherwise what is wrong (CR or
/// LF, a space in the target, ...), in words, static storage.
const char* check_websocket_config(const WebSocketConfig& config);

}  // namespace mqtk
