// RabbitMQ with its plugins for MQTT (3.1 and 3.1.1) and MQTT over WebSocket.
#pragma once

#include "support/certs.hpp"
#include "support/server_process.hpp"
#include "support/temp_dir.hpp"

namespace mqtk::test {

class Rabbitmq {
 public:
  static bool available();
  /// Started and ready, with the one user alice:secret; its state is in a folder of its own, and so
  /// is the name service of Erlang that it needs. Throws std::runtime_error.
  explicit Rabbitmq(const Identity& identity);
  const BrokerPorts& ports() const { return ports_; }
  /// The path of the HTTP request of a WebSocket.
  static constexpr const char* kPath = "/ws";

 private:
  ServerProcess start_names();
  ProcessOptions options();
  Identity identity_;
  TempDir folder_;
  std::uint16_t names_port_ = 0;
  BrokerPorts ports_;
  ServerProcess names_;
  ServerProcess server_;
};

}  // namespace mqtk::test
