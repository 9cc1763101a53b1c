// nats-server with its MQTT listener (3.1.1), on a free port of the loopback interface.
#pragma once

#include <cstdint>
#include <memory>

#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace mqtk::test {

class Nats {
 public:
  static bool available();
  /// Started and ready; throws std::runtime_error with its log when it does not come up.
  Nats();
  std::uint16_t port() const { return port_; }

 private:
  TempDir folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace mqtk::test
