#include "support/nats.hpp"

#include "support/ports.hpp"
#include "support/programs.hpp"

namespace mqtk::test {

bool Nats::available() {
  return !find_program("nats-server").empty();
}

ProcessOptions Nats::options() {
  port_ = free_port();
  websocket_port_ = free_port();
  const std::string tls = config_.identity.certificate.empty()
                              ? std::string()
                              : "tls { cert_file: \"" + config_.identity.certificate +
                                    "\", key_file: \"" + config_.identity.key + "\" }";
  const auto listener = [](const char* name, std::uint16_t port, const std::string& more) {
    return std::string(name) + " {\n  listen: \"127.0.0.1:" + std::to_string(port) + "\"\n  " +
           more + "\n}\n";
  };
  std::string text = "server_name: n\nlisten: \"127.0.0.1:" + std::to_string(free_port()) +
                     "\"\njetstream { store_dir: \"" + folder_.file("store") + "\" }\n" +
                     listener("mqtt", port_, tls) +
                     listener("websocket", websocket_port_, tls.empty() ? "no_tls: true" : tls);
  if (config_.authenticate) {
    text += "authorization { users: [ { user: alice, password: secret } ] }\n";
  }
  ProcessOptions options;
  options.argv = {find_program("nats-server"), "-c", folder_.write("nats.conf", text)};
  return options;
}

Nats::Nats(NatsConfig config)
    : config_(std::move(config)),
      server_({"nats-server", [this] { return options(); },
               [](const Process& process) {
                 return process.err_so_far().find("Server is ready") != std::string::npos;
               }}) {}

}  // namespace mqtk::test
