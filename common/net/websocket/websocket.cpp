#include "net/websocket/websocket.hpp"

#include "base/module.hpp"
#include "net/websocket/module.hpp"

#ifdef MQTK_STATIC_WEBSOCKET
extern "C" const void* mqtk_module_websocket(int version);
#endif

namespace mqtk {

namespace {

Result<const WebSocketModule*> websocket_module() {
#ifdef MQTK_HAVE_WEBSOCKET
#ifdef MQTK_STATIC_WEBSOCKET
  link_module("websocket", &mqtk_module_websocket);
#endif
  auto table = load_module("websocket");
  if (!table) return fail(std::move(table.error()));
  return static_cast<const WebSocketModule*>(*table);
#else
  return fail(ErrorKind::Configuration, "this build has no WebSocket support",
              "install a build with wslay, or connect without WebSocket");
#endif
}

}  // namespace

Result<std::unique_ptr<WebSocketTransport>> make_websocket_client(std::unique_ptr<Transport> lower,
                                                                  const WebSocketConfig& config,
                                                                  const std::string& authority) {
  auto module = websocket_module();
  if (!module) return fail(std::move(module.error()));
  return (*module)->client(std::move(lower), config, authority);
}

Result<std::unique_ptr<WebSocketTransport>> make_websocket_server(
    std::unique_ptr<Transport> lower) {
  auto module = websocket_module();
  if (!module) return fail(std::move(module.error()));
  return (*module)->server(std::move(lower));
}

}  // namespace mqtk
