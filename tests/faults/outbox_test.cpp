// The durable outbox while mqtt-pub is killed again and again without warning, and its broker too:
// every record is acknowledged or still in the file, and at QoS 2 none arrives twice.
#include <signal.h>

#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "faults/stream.hpp"
#include "faults/tap.hpp"
#include "support/catch.hpp"
#include "support/programs.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;
using wire::PacketType;

namespace {

constexpr std::size_t kUsualRecords = 1'500;
constexpr std::size_t kManyRecords = 50'000;  // from here on: all the kills

/// An outbox and mqtt-pub runs on it.
class Box {
 public:
  explicit Box(std::string qos) : qos_(std::move(qos)) {}

  ProcessOptions options(const Words& words) const {
    ProcessOptions options;
    options.argv = Words{built_program("mqtt-pub"), "--outbox", folder_.file("outbox")};
    options.argv.insert(options.argv.end(), words.begin(), words.end());
    options.env = {"MQTT_TOOLKIT_URL", "MQTT_TOOLKIT_USERNAME", "MQTT_TOOLKIT_PASSWORD"};
    options.deadline = 280s;
    return options;
  }
  ProcessOptions accepting(const std::string& file) const {
    ProcessOptions accept = options({"--outbox-only", "-l", "-t", kStreamTopic, "-q", qos_});
    accept.stdin_file = file;
    return accept;
  }
  ProcessOptions delivering(std::uint16_t port, const std::string& version) const {
    return options({"-h", "127.0.0.1", "-p", std::to_string(port), "-V", version, "--retry",
                    "--reconnect-interval", "20ms", "--max-reconnect-interval", "200ms"});
  }
  std::size_t count(const char* what) const {
    const ProcessResult asked = run(options({"--outbox-status"}));
    INFO(asked.text());
    REQUIRE(asked.ok());
    return nlohmann::json::parse(asked.out).at(what).get<std::size_t>();
  }
  /// Whether the file is there and more than `number` were accepted.
  bool accepted_more_than(std::size_t number) const {
    const ProcessResult asked = run(options({"--outbox-status"}));
    return asked.ok() &&
           nlohmann::json::parse(asked.out).at("accepted").get<std::size_t>() > number;
  }
  const TempDir& folder() const { return folder_; }

 private:
  std::string qos_;
  TempDir folder_;
};

/// How many different records the broker has acknowledged.
std::size_t acknowledged(Tap& tap, PacketType end) {
  std::map<std::uint16_t, std::uint32_t> line_of;
  std::set<std::uint32_t> lines;
  for (const Seen& packet : tap.seen()) {
    if (packet.type == PacketType::Publish && packet.direction == RelayDirection::ToTarget) {
      line_of[packet.packet_id] = packet.line;
    } else if (packet.type == end && packet.direction == RelayDirection::ToClient) {
      lines.insert(line_of[packet.packet_id]);
    }
  }
  return lines.size();
}

struct Kills {
  std::size_t publisher;
  std::size_t broker;
};

/// Delivers what is in the box, with kills at random places; then it must be empty.
void deliver_with_kills(const Box& box, Mosquitto& broker, Tap& tap, std::size_t records,
                        Kills kills, PacketType end, const std::string& version) {
  std::mt19937 random(Catch::rngSeed());
  const std::size_t total = kills.publisher + kills.broker;
  std::size_t broker_kills = 0;
  auto publisher = std::make_unique<Process>(box.delivering(tap.port(), version));
  for (std::size_t i = 0; i < total; ++i) {
    const std::size_t now = tap.count(RelayDirection::ToClient, end);
    const std::size_t share = records / (total + 1);
    const std::size_t due = now + share / 4 + random() % (share / 2);
    REQUIRE(wait_until([&] { return tap.count(RelayDirection::ToClient, end) >= due; }, 120s));
    if (broker_kills < kills.broker && i * kills.broker >= broker_kills * total) {
      ++broker_kills;
      broker.kill();
      broker.start();
      continue;
    }
    publisher->send_signal(SIGKILL);
    publisher->wait();
    INFO("kill " << i << ", seed " << Catch::rngSeed());
    const std::size_t waiting = box.count("waiting");
    CHECK(waiting + acknowledged(tap, end) >= records);
    publisher = std::make_unique<Process>(box.delivering(tap.port(), version));
  }
  const ProcessResult last = publisher->wait();
  INFO("seed " << Catch::rngSeed() << ": " << last.text());
  CHECK(last.ok());
  CHECK(box.count("waiting") == 0);
  CHECK(box.count("delivered") == records);
  CHECK(acknowledged(tap, end) == records);
}

}  // namespace

TEST_CASE("the outbox loses nothing when mqtt-pub and the broker are killed") {
  if (!have_mosquitto()) return;
  const std::size_t records = stream_size(kUsualRecords);
  const Kills kills = records >= kManyRecords ? Kills{50, 5} : Kills{8, 2};
  const Box box("1");
  const std::string input = box.folder().write("lines", numbered_lines(records));
  CHECK(run(box.accepting(input)).ok());
  CHECK(box.count("waiting") == records);

  Mosquitto broker(persistent_broker());
  REQUIRE(Keeper::make_session(broker));
  broker.restart();  // which saves it
  Tap tap(broker.port());
  Keeper keeper(broker.port());
  deliver_with_kills(box, broker, tap, records, kills, PacketType::Puback, "3.1.1");
  const Shown shown = keeper.finish(broker, records);
  REQUIRE_FALSE(shown.times.empty());
  CHECK(shown.times[0] == 0);
  WARN("QoS 1: " << records << " records, missing at the subscriber " << shown.missing
                 << ", doubled " << shown.doubled);
}

TEST_CASE("at QoS 2 every record of the outbox arrives once, however often mqtt-pub is killed") {
  if (!have_mosquitto()) return;
  const std::size_t records = std::min<std::size_t>(stream_size(kUsualRecords), 10'000);
  for (const std::string version : {"3.1.1", "5"}) {
    const Box box("2");
    const std::string input = box.folder().write("lines", numbered_lines(records));
    CHECK(run(box.accepting(input)).ok());
    MosquittoConfig config;
    config.extra = {"max_queued_messages 0", "max_inflight_messages 0"};
    Mosquitto broker(config);
    REQUIRE(Keeper::make_session(broker));
    Tap tap(broker.port());
    Keeper keeper(broker.port());
    deliver_with_kills(box, broker, tap, records, {8, 0}, PacketType::Pubcomp, version);
    const Shown shown = keeper.finish(broker, records);
    REQUIRE_FALSE(shown.times.empty());
    INFO("MQTT " << version);
    CHECK(shown.times[0] == 0);
    CHECK(shown.missing == 0);
    CHECK(shown.doubled == 0);
    CHECK(shown.in_order);
  }
}

TEST_CASE("what the outbox has accepted survives kills while it accepts") {
  const std::size_t records = stream_size(kUsualRecords);
  const Box box("1");
  const std::string text = numbered_lines(records);
  constexpr std::size_t kLine = 32;
  std::size_t fed = 0;
  for (int i = 0; i < 5 && fed < records; ++i) {
    ProcessOptions options = box.accepting({});
    options.stdin_pipe = true;
    Process accepting(options);
    const std::size_t portion = records / 6;
    CHECK(accepting.write_stdin(std::string_view(text).substr(fed * kLine, portion * kLine)));
    const std::size_t before = fed;
    CHECK(wait_until([&] { return box.accepted_more_than(before); }, 60s));
    accepting.send_signal(SIGKILL);
    accepting.wait();
    // The file tells how far it came; the next run goes on from there.
    fed = box.count("accepted");
    CHECK(fed <= before + portion);
    CHECK(box.count("waiting") == fed);
  }
  ProcessOptions rest = box.accepting({});
  rest.stdin_text = text.substr(fed * kLine);
  CHECK(run(rest).ok());
  CHECK(box.count("waiting") == records);
}
