#include "client/engine.hpp"
#include "net/tls.hpp"
#include "options/command_line.hpp"

namespace mqtk {

std::string version_text(const Program& program) {
  std::string out(program.name);
  const auto paho = paho_library_version();
  out += " " MQTK_VERSION "\nengines: native";
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
