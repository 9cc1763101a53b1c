#include "broker/caps_table.hpp"

#include "support/catch.hpp"
#include "support/programs.hpp"

namespace mqtk::test {

using Json = nlohmann::json;

CapsTable mosquitto_caps() {
  return {{"mqtt_3_1", {"yes"}},
          {"mqtt_3_1_1", {"yes"}},
          {"mqtt_5", {"yes"}},
          {"publish_and_subscribe", {"yes"}},
          {"empty_client_id", {"yes", "accepted, assigns"}},
          {"client_id_length", {"yes", "at least 65535"}},
          {"client_id_characters", {"yes", "all"}},
          {"take_over", {"yes", "the older connection is closed"}},
          {"persistent_session", {"yes", "kept"}},
          {"offline_queueing", {"yes", "a message of QoS 1 was queued"}},
          {"will", {"yes"}},
          {"qos", {"yes", "0, 1, 2", "2"}},
          {"retained", {"yes", "delivered", "yes"}},
          {"retained_by_wildcard", {"yes", "delivered"}},
          {"wildcard_one_level", {"yes", "", "yes"}},
          {"wildcard_many_levels", {"yes", "", "yes"}},
          {"shared_subscriptions", {"yes", "each message goes to one", "yes"}},
          {"topic_fidelity", {"yes"}},
          {"packet_size", {"yes", "at least 1048576", "no limit"}},
          {"topic_length", {"yes", "at least 16384"}},
          {"topic_levels", {"limited", "201"}},
          {"keep_alive", {"yes", "65535 s", "as asked"}},
          {"keep_alive_enforced", {"not_tested", "--slow"}},
          {"receive_maximum", {"yes", "ours is kept to", "20"}},
          {"topic_aliases", {"yes", "alias 10 works", "10"}},
          {"subscription_identifiers", {"yes", "given back", "yes"}},
          {"rejects_wildcard_publish", {"yes", "closed"}},
          {"rejects_nul_in_topic", {"yes", "closed"}},
          {"rejects_misplaced_wildcard", {"yes", "closed"}}};
}

CapsTable caps_without_5() {
  CapsTable table = mosquitto_caps();
  for (auto& [name, expected] : table) expected.declared.clear();
  for (const char* name : {"receive_maximum", "topic_aliases", "subscription_identifiers"}) {
    table[name] = {"not_tested", "part of MQTT 5"};
  }
  return table;
}

Json run_caps(const Words& words, ProcessResult& result) {
  result = run(Words{built_program("mqtt-inspect"), "caps", "--json"} + words);
  return Json::parse(result.out, nullptr, false);
}

std::string caps_difference(const Json& report, const CapsTable& table) {
  if (!report.is_object()) return "no report";
  if (report["schema"] != "mqtt-inspect.caps/1") return "another schema";
  if (!report["left_behind"].empty()) return "left behind: " + report["left_behind"].dump();
  if (report["total_ms"].get<double>() >= 15'000.0) return "it took too long";
  std::string different;
  std::size_t found = 0;
  for (const Json& entry : report["capabilities"]) {
    const std::string name = entry["name"];
    if (name == "sys_topics") continue;
    ++found;
    const auto expected = table.find(name);
    if (expected == table.end()) return "not expected: " + name;
    const auto& [finding, words, declared] = expected->second;
    const std::string observed = entry["observed"];
    // A number is meant exactly.
    const bool number =
        words.size() > 2 && words.find_first_not_of("0123456789") == std::string::npos;
    const bool as_seen = number ? observed == words : observed.find(words) != std::string::npos;
    if (entry["finding"] != finding || !as_seen ||
        (!declared.empty() && entry.value("declared", "") != declared)) {
      different += entry.dump() + " instead of " + finding + ", " + words + ", " + declared + "\n";
    }
  }
  if (found != table.size()) different += "something is missing\n";
  return different;
}

void compare_caps(const Json& report, const CapsTable& table) {
  CHECK(caps_difference(report, table) == "");
}

}  // namespace mqtk::test
