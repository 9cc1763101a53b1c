// Runs subcommands of mqtt-inspect and reads what they print.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "broker/world.hpp"
#include "support/programs.hpp"

namespace mqtk::test {

using Json = nlohmann::json;

inline ProcessOptions inspect_options(const Words& words) {
  ProcessOptions options;
  options.argv = Words{built_program("mqtt-inspect")} + words;
  options.env = {"MQTT_TOOLKIT_URL", "MQTT_TOOLKIT_USERNAME", "MQTT_TOOLKIT_PASSWORD"};
  options.deadline = 100s;
  return options;
}

inline ProcessResult inspect(const Words& words) {
  return run(inspect_options(words));
}

/// With --json; discarded when it is none.
inline Json inspect_json(const Words& words, ProcessResult& result) {
  result = inspect(words + Words{"--json"});
  return Json::parse(result.out, nullptr, false);
}

}  // namespace mqtk::test
