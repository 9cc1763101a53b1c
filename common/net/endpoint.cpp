#include "net/endpoint.hpp"

#include <array>

namespace mqtk {

std::string_view name(Scheme scheme) {
  switch (scheme) {
    case Scheme::Mqtt:
      return "mqtt";
    case Scheme::Mqtts:
      return "mqtts";
    case Scheme::Ws:
      return "ws";
    case Scheme::Wss:
      return "wss";
    case Scheme::Unix:
      return "unix";
  }
  return "mqtt";
}

std::uint16_t default_port(Scheme scheme) {
  switch (scheme) {
    case Scheme::Mqtt:
      return 1883;
    case Scheme::Mqtts:
      return 8883;
    case Scheme::Ws:
      return 80;
    case Scheme::Wss:
      return 443;
    case Scheme::Unix:
      return 0;
  }
  return 0;
}

std::string host_and_port(const std::string& host, std::uint16_t port) {
  const bool literal_v6 = host.find(':') != std::string::npos;
  std::string out = literal_v6 ? "[" + host + "]" : host;
  return port == 0 ? out : out.append(":").append(std::to_string(port));
}

std::string to_string(const Endpoint& endpoint) {
  std::string out(name(endpoint.scheme));
  out += "://";
  if (endpoint.scheme == Scheme::Unix) return out + endpoint.host;
  return out + host_and_port(endpoint.host, endpoint.port);
}

std::string_view name(Phase phase) {
  static constexpr std::array<std::string_view, static_cast<std::size_t>(Phase::Count_)> kNames = {
      "resolve", "tcp", "proxy", "tls", "websocket", "mqtt"};
  const auto index = static_cast<std::size_t>(phase);
  return index < kNames.size() ? kNames[index] : std::string_view();
}

}  // namespace mqtk
