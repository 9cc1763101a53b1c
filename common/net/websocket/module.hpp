// The border of the WebSocket module: what mqtk_module_websocket() returns.
#pragma once

#include "net/websocket/websocket.hpp"

namespace mqtk {

struct WebSocketModule {
  Result<std::unique_ptr<WebSocketTransport>> (*client)(std::unique_ptr<Transport> lower,
                                                        const WebSocketConfig& config,
                                                        const std::string& authority);
  Result<std::unique_ptr<WebSocketTransport>> (*server)(std::unique_ptr<Transport> lower);
};

/// What stands behind the module's table; see make_websocket_client() and make_websocket_server().
Result<std::unique_ptr<WebSocketTransport>> make_wslay_client(std::unique_ptr<Transport> lower,
                                                              const WebSocketConfig& config,
                                                              const std::string& authority);
Result<std::unique_ptr<WebSocketTransport>> make_wslay_server(std::unique_ptr<Transport> lower);

}  // namespace mqtk
