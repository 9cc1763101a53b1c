// Apache ActiveMQ with its MQTT connector (3.1 and 3.1.1).
#pragma once

#include "support/certs.hpp"
#include "support/server_process.hpp"
#include "support/temp_dir.hpp"

namespace mqtk::test {

class Activemq {
 public:
  static bool available();
  /// Started and ready, with the one user alice:secret; it keeps everything in memory. Throws
  /// std::runtime_error.
  explicit Activemq(const Identity& identity);
  const BrokerPorts& ports() const { return ports_; }

 private:
  ProcessOptions options();
  Identity identity_;
  TempDir folder_;
  BrokerPorts ports_;
  ServerProcess server_;
};

}  // namespace mqtk::test
