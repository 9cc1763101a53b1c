#include "support/nats.hpp"

#include <stdexcept>

#include "support/ports.hpp"
#include "support/programs.hpp"

namespace mqtk::test {

bool Nats::available() {
  return !find_program("nats-server").empty();
}

Nats::Nats() {
  constexpr int kAttempts = 3;
  std::string log;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    port_ = free_port();
    const std::string config = folder_.write(
        "nats.conf", "server_name: n\nlisten: \"127.0.0.1:" + std::to_string(free_port()) +
                         "\"\njetstream { store_dir: \"" + folder_.file("store") +
                         "\" }\nmqtt { listen: \"127.0.0.1:" + std::to_string(port_) + "\" }\n");
    ProcessOptions options;
    options.argv = {find_program("nats-server"), "-c", config};
    options.deadline = 300s;
    process_ = std::make_unique<Process>(std::move(options));
    if (process_->wait_stderr_contains("Server is ready")) return;
    log = process_->err_so_far();
  }
  throw std::runtime_error("nats-server does not start: " + log);
}

}  // namespace mqtk::test
