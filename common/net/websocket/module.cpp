// What the WebSocket module shows to the outside: one factory.
#include "net/websocket/module.hpp"

#include "base/module.hpp"

namespace {
constexpr mqtk::WebSocketModule kModule = {&mqtk::make_wslay_client, &mqtk::make_wslay_server};
}  // namespace

extern "C" __attribute__((visibility("default"))) const void* mqtk_module_websocket(int version) {
  return version == mqtk::kModuleVersion ? &kModule : nullptr;
}
