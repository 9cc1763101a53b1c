#include "client/engine.hpp"
#include "net/tls/tls.hpp"
#include "options/command_line.hpp"

namespace mqtk {

std::string name_and_version(const Program& program) {
  return std::string(program.name) + " " MQTK_VERSION;
}

std::string version_text(const Program& program) {
  const auto paho = paho_library_version();
  std::string out = name_and_version(program) + "\nengines: native";
  if (paho) out += ", paho";
  out += "\nlibraries: " MQTK_LIBRARIES;
  if (paho) out += ", " + *paho;
  std::string features = "MQTT 3.1, 3.1.1, 5; TCP, Unix sockets, proxies";
  if (const auto tls = tls_library_version()) {
    out += ", " + *tls;
    features += ", TLS";
  }
  out += "\nfeatures: " + features;
#ifdef MQTK_HAVE_WEBSOCKET
  out += ", WebSocket";
#endif
  return out + "\n";
}

}  // namespace mqtk
