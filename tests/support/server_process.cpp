#include "support/server_process.hpp"

#include <initializer_list>
#include <stdexcept>

#include "support/ports.hpp"
#include "support/wait_until.hpp"

namespace mqtk::test {

namespace {
constexpr int kServerStarts = 3;
}  // namespace

BrokerPorts free_broker_ports(bool websocket) {
  BrokerPorts ports{free_port(), free_port(), 0, 0};
  if (websocket) {
    ports.ws = free_port();
    ports.wss = free_port();
  }
  return ports;
}

bool accept(const BrokerPorts& ports) {
  for (const std::uint16_t port : {ports.tcp, ports.tls, ports.ws, ports.wss}) {
    if (port != 0 && !can_connect(port)) return false;
  }
  return true;
}

ServerProcess::ServerProcess(const ServerStart& start) : grace_(start.grace) {
  std::string said;
  for (int attempt = 0; attempt < kServerStarts; ++attempt) {
    process_ = std::make_unique<Process>(start.prepare());
    const bool settled = wait_until(
        [this, &start] { return !process_->running() || start.ready(*process_); }, start.patience);
    if (settled && process_->running()) return;
    said = process_->stop(grace_).text();
  }
  throw std::runtime_error(start.name + " does not start: " + said);
}

}  // namespace mqtk::test
