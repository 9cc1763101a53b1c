// Stands in for websocket.cpp in a build without wslay.
#include "net/websocket.hpp"

namespace mqtk {

namespace {

Unexpected<Error> missing() {
  return fail(ErrorKind::Configuration, "this build has no WebSocket support",
              "install a build with wslay, or connect without WebSocket");
}

}  // namespace

Result<std::unique_ptr<WebSocketTransport>> make_websocket_client(std::unique_ptr<Transport>,
                                                                  const WebSocketConfig&,
                                                                  const std::string&) {
  return missing();
}

Result<std::unique_ptr<WebSocketTransport>> make_websocket_server(std::unique_ptr<Transport>) {
  return missing();
}

}  // namespace mqtk
