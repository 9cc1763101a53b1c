// aedes, a broker in JavaScript, from npm: 3.1 and 3.1.1, also over WebSocket.
#pragma once

#include "support/certs.hpp"
#include "support/server_process.hpp"

namespace mqtk::test {

class Aedes {
 public:
  /// `modules` is the folder that `npm ci` has filled, with aedes_broker.mjs in it.
  static bool available(const std::string& modules);
  /// Started and ready, with the one user alice:secret. Throws std::runtime_error.
  Aedes(const std::string& modules, const Identity& identity);
  const BrokerPorts& ports() const { return ports_; }

 private:
  BrokerPorts ports_;
  ServerProcess server_;
};

}  // namespace mqtk::test
