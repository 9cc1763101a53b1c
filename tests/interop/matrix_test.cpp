// Each broker, over each transport, in each version of MQTT: what our programs can do with it. What
// a broker lacks is expected by name (gaps.cpp), with the sentence that our programs say of it.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <future>

#include "interop/brokers.hpp"
#include "interop/features.hpp"
#include "interop/gaps.hpp"
#include "interop/results.hpp"
#include "support/catch.hpp"
#include "support/skipped.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

/// One column of the table: everything in one version over one transport.
struct Column {
  std::string transport;
  std::string version;
  std::vector<std::string> outcomes;  ///< one per feature, as far as it was tried
};

/// Without the topic of this cell.
std::string general(std::string outcome, const std::string& topic) {
  for (std::size_t at = outcome.find(topic); at != std::string::npos; at = outcome.find(topic)) {
    outcome.replace(at, topic.size(), "TOPIC");
  }
  return outcome;
}

Column try_all(const InteropBroker& broker, const Link& link, const std::string& version) {
  const Words to = link.words + Words{"-V", version};
  const Cell cell{to + broker.login(), to + broker.login("wrong"),
                  "interop/" + link.name + version.substr(0, 1) + std::to_string(version.size())};
  Column column{link.name, version, {}};
  for (const Feature& feature : interop_features()) {
    std::string outcome = general(feature.check(cell), cell.topic);
    column.outcomes.push_back(std::move(outcome));
    // Without a connection there is nothing else to try.
    if (column.outcomes.front() != kYes) break;
  }
  return column;
}

/// What the broker said last, for who wants to know why a field is not as expected.
std::string last_words(const InteropBroker& broker) {
  constexpr std::size_t kMany = 20'000;
  if (!broker.log) return "the broker keeps no log";
  const std::string log = broker.log();
  return log.substr(log.size() - std::min(log.size(), kMany));
}

/// All columns at once: most of the time is waiting for the broker.
std::vector<Column> try_columns(const InteropBroker& broker) {
  std::vector<std::future<Column>> running;
  for (const Link& link : broker.links) {
    for (const char* version : {"3.1", "3.1.1", "5"}) {
      running.push_back(std::async(std::launch::async, [&broker, &link, version] {
        return try_all(broker, link, version);
      }));
    }
  }
  std::vector<Column> columns;
  for (std::future<Column>& one : running) columns.push_back(one.get());
  return columns;
}

void try_broker(const std::string& name) {
  const InteropKind& kind = interop_kind(name);
  if (!kind.available()) return say_skipped(name + " is not installed");
  const InteropBroker broker = kind.start();
  InteropTable table(kind.name + " " + installed_version(kind));
  bool as_expected = true;
  for (const Column& column : try_columns(broker)) {
    for (std::size_t i = 0; i < column.outcomes.size(); ++i) {
      const std::string feature = interop_features()[i].name;
      table.add(column.transport, column.version, feature, column.outcomes[i]);
      INFO(name << ", " << column.transport << ", MQTT " << column.version << ", " << feature);
      const std::string expected =
          expected_outcome(name, column.transport, column.version, feature);
      as_expected = as_expected && column.outcomes[i] == expected;
      CHECK(column.outcomes[i] == expected);
    }
  }
  if (!as_expected) std::printf("%s\n", last_words(broker).c_str());
  std::fputs(table.markdown().c_str(), stdout);
  if (const char* folder = std::getenv("MQTK_INTEROP_RESULTS")) {
    write_file(std::string(folder) + "/" + name, table.markdown());
  }
}

}  // namespace

TEST_CASE("interop: mosquitto") {
  try_broker("mosquitto");
}
TEST_CASE("interop: NATS") {
  try_broker("NATS");
}
TEST_CASE("interop: RabbitMQ") {
  try_broker("RabbitMQ");
}
TEST_CASE("interop: ejabberd") {
  try_broker("ejabberd");
}
TEST_CASE("interop: ActiveMQ") {
  try_broker("ActiveMQ");
}
TEST_CASE("interop: aedes") {
  try_broker("aedes");
}
