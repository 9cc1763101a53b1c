// mqtt-inspect caps against the brokers of the tier. What is expected was found with packets sent
// by hand (again at every run where that is quick), and stands in the brokers' documentation.
#include <algorithm>
#include <cstdio>

#include "broker/caps_table.hpp"
#include "interop/brokers.hpp"
#include "interop/by_hand.hpp"
#include "server/loop_thread.hpp"
#include "support/catch.hpp"
#include "support/relay.hpp"
#include "support/skipped.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;
using Json = nlohmann::json;

namespace {

std::uint16_t tcp_port(const InteropBroker& broker) {
  return static_cast<std::uint16_t>(std::stoi(broker.links.front().words.back()));
}

/// A relay that remembers every packet.
Hosted<Relay> relay_to(std::uint16_t port) {
  return Hosted<Relay>([port](EventLoop& loop) {
    RelayOptions options;
    options.target_port = port;
    options.payload_octets = 1;
    return std::move(*Relay::start(loop, options));
  });
}

/// Nothing that passed is still there: no retained message, no session.
void check_nothing_left(Hosted<Relay>& relay, const Json& report, const InteropBroker& broker,
                        const ByHand& hand) {
  const std::vector<RelayRecord> records =
      relay.call([](Relay& running) { return running.records(); });
  std::size_t kept = 0;
  for (const RelayRecord& record : records) {
    if (record.direction != RelayDirection::ToTarget || !record.retain || record.payload.empty()) {
      continue;
    }
    ++kept;
    const ProcessResult left =
        subscribe(broker.links.front().words + broker.login() +
                  Words{"-t", record.topic, "--retained-only", "--idle", "300ms"});
    INFO(record.topic << ": " << left.text());
    CHECK(left.ok());
    CHECK(left.out.empty());
  }
  CHECK(kept > 0);
  const std::string prefix = report["topic_prefix"];
  const std::string nonce = prefix.substr(prefix.rfind('/') + 1);
  const std::string queue = prefix + "/queue";
  CHECK(std::any_of(records.begin(), records.end(),
                    [&queue](const RelayRecord& record) { return record.topic == queue; }));
  CHECK(!hand.has_session(nonce + "P", queue));
  // And a session would have been seen.
  hand.keep_session("handkept", queue);
  CHECK(hand.has_session("handkept", queue));
  CHECK(wait_until([&] { return !hand.has_session("handkept", queue); }, 30s));
}

/// As mosquitto's where nothing else is known.
CapsTable common_table(bool v5) {
  CapsTable table = v5 ? mosquitto_caps() : caps_without_5();
  table["shared_subscriptions"] = {"no", "granted, and nothing is delivered"};
  table["topic_levels"] = {"yes", "at least 1000"};
  if (!v5) table["mqtt_5"] = {"no"};
  return table;
}

/// The same questions as `caps` asks, by hand.
void put_answers(const ByHand& hand, CapsTable& table) {
  const auto put = [&table](const char* name, const std::string& answer) {
    table[name] = {answer == "taken" ? "no" : "yes", answer};
  };
  put("rejects_wildcard_publish", hand.publishing_to("hand/#"));
  put("rejects_nul_in_topic", hand.publishing_to(Bytes("hand/\0x", 7)));
  put("rejects_misplaced_wildcard", hand.subscribing_to("hand/a#"));
}

void try_caps(const std::string& name, const CapsTable& expected, bool v5) {
  const InteropKind& kind = interop_kind(name);
  if (!kind.available()) return say_skipped(name + " is not installed");
  const InteropBroker broker = kind.start();
  const ByHand hand(tcp_port(broker), broker.user);
  CapsTable table = common_table(v5);
  put_answers(hand, table);
  const std::size_t longest = hand.longest_client_id();
  if (longest < 65'535) table["client_id_length"] = {"limited", std::to_string(longest)};
  const std::size_t levels = hand.most_levels(1'000);
  if (levels < 1'000) table["topic_levels"] = {"limited", std::to_string(levels)};
  for (const auto& [capability, outcome] : expected) table[capability] = outcome;
  CHECK((table["qos"].finding == "yes") == (hand.answer_to_qos_2() == "PUBREC"));

  Hosted<Relay> relay = relay_to(tcp_port(broker));
  const std::uint16_t port = relay.call([](Relay& running) { return running.port(); });
  // What a busy machine does not answer within a second and a half counts as not there.
  constexpr int kRuns = 4;
  Json report;
  std::string difference = "not run";
  for (int i = 0; i < kRuns && !difference.empty(); ++i) {
    ProcessResult result;
    report =
        run_caps(Words{"-h", "127.0.0.1", "-p", std::to_string(port)} + broker.login(), result);
    difference = caps_difference(report, table);
    if (!difference.empty())
      std::printf("run %d: %s%s\n", i, difference.c_str(), result.err.c_str());
  }
  CHECK(difference == "");
  REQUIRE(report.is_object());
  const bool said = report["notes"].dump().find("MQTT 5 is not spoken here") != std::string::npos;
  CHECK(said == !v5);
  check_nothing_left(relay, report, broker, hand);
}

}  // namespace

// Its documentation: MQTT 3.1.1, topics become routing keys (dots and slashes change places), QoS 2
// becomes QoS 1, no retained messages through wildcards.
TEST_CASE("interop: the capabilities of RabbitMQ") {
  try_caps("RabbitMQ",
           {{"mqtt_5", {"no", "closed"}},
            {"empty_client_id", {"yes", "with a clean session only"}},
            {"qos", {"limited", "0, 1; 2 comes as 1"}},
            {"retained_by_wildcard", {"no", "not delivered"}},
            {"topic_fidelity", {"limited", "not dots, star and greater-than"}}},
           false);
}

// Its documentation: MQTT 5 and 3.1.1, max_topic_levels 8, max_topic_aliases 100; its CONNACK says
// the rest.
TEST_CASE("interop: the capabilities of ejabberd") {
  try_caps("ejabberd",
           {{"mqtt_3_1", {"no", "refused"}},
            {"client_id_length", {"limited", "1023"}},
            {"shared_subscriptions", {"no", "closed (0x9e", "no"}},
            {"topic_levels", {"limited", "8"}},
            {"keep_alive", {"yes", "65535 s", "65535"}},
            {"receive_maximum", {"yes", "ours is kept to", "65535"}},
            {"topic_aliases", {"yes", "alias 100 works", "100"}}},
           true);
}

// It keeps sessions and says in each CONNACK that it does not (session present is always 0).
TEST_CASE("interop: the capabilities of ActiveMQ") {
  try_caps("ActiveMQ",
           {{"mqtt_5", {"no", "closed"}},
            {"empty_client_id", {"yes", "with a clean session only"}},
            {"persistent_session", {"yes", "kept, though the broker says it is new"}}},
           false);
}

// Its documentation: maxTopicLevels 100.
TEST_CASE("interop: the capabilities of aedes") {
  try_caps("aedes",
           {{"mqtt_5", {"no", "refused"}},
            {"empty_client_id", {"yes", "accepted"}},
            {"topic_levels", {"limited", "100"}}},
           false);
}
