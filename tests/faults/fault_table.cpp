#include "faults/fault_table.hpp"

#include "support/programs.hpp"

namespace mqtk::test {

Command pub_command(const Command& more) {
  Command command = {built_program("mqtt-pub"), "-t", "t", "-m", "x", "-q", "1", "-d"};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

std::shared_ptr<Mosquitto> start_broker(Scene& scene, const MosquittoListener& listener) {
  MosquittoConfig config;
  config.listeners = {listener};
  auto started = std::make_shared<Mosquitto>(config);
  scene.push_back(started);
  return started;
}

}  // namespace mqtk::test
