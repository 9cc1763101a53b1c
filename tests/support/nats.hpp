// nats-server with its MQTT listener (3.1.1), also over WebSocket, on free ports of the loopback
// interface.
#pragma once

#include <cstdint>

#include "support/certs.hpp"
#include "support/server_process.hpp"
#include "support/temp_dir.hpp"

namespace mqtk::test {

struct NatsConfig {
  Identity identity{};        ///< with one, both listeners are TLS
  bool authenticate = false;  ///< only alice:secret may connect
};

class Nats {
 public:
  static bool available();
  /// Started and ready; throws std::runtime_error with its log when it does not come up.
  explicit Nats(NatsConfig config = {});
  std::uint16_t port() const { return port_; }
  std::uint16_t websocket_port() const { return websocket_port_; }

 private:
  ProcessOptions options();
  NatsConfig config_;
  TempDir folder_;
  std::uint16_t port_ = 0;
  std::uint16_t websocket_port_ = 0;
  ServerProcess server_;
};

}  // namespace mqtk::test
