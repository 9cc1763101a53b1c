// Starts a server that takes its ports from a configuration: on ports that were free a moment ago,
// and once more on others when somebody else was faster.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "support/process.hpp"

namespace mqtk::test {

/// Where a broker listens on the loopback interface; 0: it has no such listener.
struct BrokerPorts {
  std::uint16_t tcp = 0;
  std::uint16_t tls = 0;
  std::uint16_t ws = 0;
  std::uint16_t wss = 0;
};

/// A free port for each listener.
BrokerPorts free_broker_ports(bool websocket = true);
/// Somebody accepts on all of them.
bool accept(const BrokerPorts& ports);

struct ServerStart {
  std::string name;
  /// Chooses ports and writes the configuration; called once per attempt.
  std::function<ProcessOptions()> prepare;
  std::function<bool(const Process&)> ready;
  Duration patience = 120s;
  Duration grace = 20s;  ///< between SIGTERM and SIGKILL
};

/// A started server; ends with its object, in an orderly way.
class ServerProcess {
 public:
  /// Ready; throws std::runtime_error with what it printed when it does not come up.
  explicit ServerProcess(const ServerStart& start);
  ~ServerProcess() { process_->stop(grace_); }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  const Process& process() const { return *process_; }

 private:
  Duration grace_;
  std::unique_ptr<Process> process_;
};

}  // namespace mqtk::test
