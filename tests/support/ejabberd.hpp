// ejabberd with its MQTT module (3.1.1 and 5), also over WebSocket.
#pragma once

#include "support/certs.hpp"
#include "support/server_process.hpp"
#include "support/temp_dir.hpp"

namespace mqtk::test {

class Ejabberd {
 public:
  static bool available();
  /// Started and ready, with the one user alice@localhost:secret. It runs as a node without a name,
  /// which needs no name service of Erlang. Throws std::runtime_error.
  explicit Ejabberd(const Identity& identity);
  const BrokerPorts& ports() const { return ports_; }

 private:
  ProcessOptions options();
  Identity identity_;
  TempDir folder_;
  BrokerPorts ports_;
  ServerProcess server_;
};

}  // namespace mqtk::test
