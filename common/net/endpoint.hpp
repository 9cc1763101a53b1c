// Where a broker is and how it is spoken to below MQTT; and how long each phase of connecting may
// take.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace mqtk {

enum class IpFamily : std::uint8_t { Any, V4, V6 };

enum class Scheme : std::uint8_t { Mqtt, Mqtts, Ws, Wss, Unix };

std::string_view name(Scheme scheme);
/// 1883, 8883, 80, 443; 0 for Unix.
std::uint16_t default_port(Scheme scheme);

/// One broker address as it was asked for.
struct Endpoint {
  Scheme scheme = Scheme::Mqtt;
  std::string host = "localhost";  ///< name or literal without brackets; the path of a Unix socket
  std::uint16_t port = 1883;
  /// What its certificate must name, where that is not `host`: of a service, the domain that was
  /// asked for, since anybody may have named the host (RFC 6125, section 6.2.1).
  std::string verified_name{};

  bool uses_tls() const { return scheme == Scheme::Mqtts || scheme == Scheme::Wss; }
  bool uses_websocket() const { return scheme == Scheme::Ws || scheme == Scheme::Wss; }
};

/// "mqtts://host:8883", "ws://[::1]:80", "unix:///run/m.sock"; without credentials, path or query.
std::string to_string(const Endpoint& endpoint);
/// "host:1883", "[::1]:1883"; port 0 is left out.
std::string host_and_port(const std::string& host, std::uint16_t port);

/// The phases of a connection, in their order.
enum class Phase : std::uint8_t { Resolve, Tcp, Proxy, Tls, WebSocket, Mqtt, Count_ };
/// "resolve", "tcp", "proxy", "tls", "websocket", "mqtt".
std::string_view name(Phase phase);

/// Zero means none. `connect` bounds all phases together, each other one its own phase.
struct ConnectTimeouts {
  Duration connect = 30s;
  Duration resolve = 10s;
  Duration tcp = 10s;  ///< for each address
  Duration proxy = 10s;
  Duration tls = 10s;
  Duration websocket = 10s;
  Duration mqtt = 10s;
};

/// How long each phase took; negative: it did not take place.
struct ConnectTimings {
  Duration phase[static_cast<int>(Phase::Count_)] = {-1ns, -1ns, -1ns, -1ns, -1ns, -1ns};
  Duration total = 0ns;
};

}  // namespace mqtk
