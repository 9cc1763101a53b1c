#include "support/aedes.hpp"

#include <unistd.h>

#include "support/programs.hpp"

namespace mqtk::test {

bool Aedes::available(const std::string& modules) {
  return !find_program("node").empty() &&
         ::access((modules + "/node_modules/aedes/package.json").c_str(), R_OK) == 0;
}

Aedes::Aedes(const std::string& modules, const Identity& identity)
    : server_({"aedes",
               [this, &modules, &identity] {
                 ports_ = free_broker_ports();
                 ProcessOptions options;
                 options.argv = {find_program("node"),       modules + "/aedes_broker.mjs",
                                 identity.certificate,       identity.key,
                                 std::to_string(ports_.tcp), std::to_string(ports_.tls),
                                 std::to_string(ports_.ws),  std::to_string(ports_.wss)};
                 options.merge_stderr = true;
                 return options;
               },
               [this](const Process&) { return accept(ports_); }}) {}

}  // namespace mqtk::test
