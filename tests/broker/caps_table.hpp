// What mqtt-inspect caps is expected to say of a broker, and whether it does.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "broker/world.hpp"

namespace mqtk::test {

/// What was found, and the words for what was observed and declared ("" is any).
struct ExpectedCapability {
  std::string finding;
  std::string observed{};
  std::string declared{};
};
/// By capability; $SYS topics are left out.
using CapsTable = std::map<std::string, ExpectedCapability>;

/// mosquitto 2.0 as it comes; its limit of topic levels is TOPIC_HIERARCHY_LIMIT, 200 slashes.
CapsTable mosquitto_caps();
/// The same without what a broker declares, and with nothing said of what is part of MQTT 5.
CapsTable caps_without_5();

nlohmann::json run_caps(const Words& words, ProcessResult& result);

/// "" when the report has exactly these capabilities, nothing was left behind, and it took less
/// than 15 s; else what is different.
std::string caps_difference(const nlohmann::json& report, const CapsTable& table);
/// Checks that there is no difference.
void compare_caps(const nlohmann::json& report, const CapsTable& table);

}  // namespace mqtk::test
