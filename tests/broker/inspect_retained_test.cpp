// mqtt-inspect retained with ten thousand retained messages, while live ones arrive.
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <sstream>
#include <thread>

#include "broker/inspect_run.hpp"
#include "output/message_record.hpp"
#include "support/catch.hpp"
#include "support/raw_client.hpp"
#include "support/temp_dir.hpp"
#include "wire/framer.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

constexpr int kGroups = 100;
constexpr int kTopics = 100;  ///< in each group

using Retained = std::map<std::string, std::string>;

std::string two_digits(int n) {
  return std::string(n < 10 ? "0" : "") + std::to_string(n);
}

std::string topic_of(int group, int n) {
  return "old/" + two_digits(group) + "/" + two_digits(n);
}

/// Every octet, and empty lines, among them; never empty.
std::string payload_of(int group, int n) {
  std::string out = "payload " + std::to_string(group * kTopics + n) + "\n";
  if (n % 3 == 0) out += octet(static_cast<unsigned>(128 + n));
  if (n % 7 == 0) out += std::string(1, '\0') + "\xC3\xBC";
  return out;
}

std::string all_records() {
  std::string out;
  RecordFormat format;
  for (int group = 0; group < kGroups; ++group) {
    for (int n = 0; n < kTopics; ++n) {
      const std::string topic = topic_of(group, n);
      const std::string payload = payload_of(group, n);
      MessageRecord record;
      record.topic = topic;
      record.payload = payload;
      record.qos = static_cast<wire::Qos>(n % 3);
      record.retain = true;
      format.append(out, record);
    }
  }
  return out;
}

/// What the broker holds, asked for group by group with nothing but packets.
Retained snapshot(const Mosquitto& broker) {
  Retained out;
  RawClient client(broker.port());
  client.send(plain_connect("snapshot"));
  client.receive();
  for (int group = 0; group < kGroups; ++group) {
    wire::Subscribe subscribe;
    subscribe.packet_id = static_cast<std::uint16_t>(group + 1);
    const std::string filter = "old/" + two_digits(group) + "/+";
    subscribe.requests.push_back({.filter = filter});
    client.send(subscribe);
    client.send(wire::Pingreq{});
    for (;;) {
      const std::string packet = client.receive(30s);
      if (packet.empty() || u8(packet[0]) == 0xD0) break;
      if ((u8(packet[0]) & 0xF1U) != 0x31) continue;  // a PUBLISH with the retain flag
      wire::Framer framer;
      wire::Frame frame;
      Bytes rest = packet;
      if (framer.next(rest, frame) != wire::Framer::Status::Frame) break;
      const auto message = wire::decode_publish(frame, wire::ProtocolVersion::V311);
      if (message) out[std::string(message->topic)] = message->payload;
    }
    wire::Unsubscribe unsubscribe;
    unsubscribe.packet_id = subscribe.packet_id;
    unsubscribe.filters = {filter};
    client.send(unsubscribe);
  }
  client.send(wire::Disconnect{});
  return out;
}

/// A thousand live messages a second under old/#, until the object goes.
class LiveTraffic {
 public:
  explicit LiveTraffic(const Mosquitto& broker) : client_(broker.port()) {
    client_.send(plain_connect("live"));
    client_.receive();
    thread_ = std::thread([this] { run(); });
  }
  ~LiveTraffic() {
    stop_ = true;
    thread_.join();
  }
  std::uint64_t sent() const { return sent_; }

 private:
  void run() {
    TimePoint next = monotonic_now();
    while (!stop_) {
      for (int i = 0; i < 10; ++i) {
        const auto n = static_cast<int>(sent_++ % kTopics);
        const std::string topic = topic_of(n, n);
        wire::Publish message;
        message.topic = topic;
        message.payload = "live";
        client_.send(message);
      }
      next += 10ms;
      std::this_thread::sleep_until(next);
    }
  }
  RawClient client_;
  std::atomic<bool> stop_ = false;
  std::atomic<std::uint64_t> sent_ = 0;
  std::thread thread_;
};

std::string without_times(const std::string& records) {
  std::string out;
  std::istringstream in(records);
  for (std::string line; std::getline(in, line);) out += line.substr(line.find("\"topic\"")) + "\n";
  return out;
}

}  // namespace

TEST_CASE("exactly the matching retained messages are cleared, and restored as they were") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const TempDir folder;
  ProcessResult filled = publish_text(at(broker) + Words{"--from-json"}, all_records());
  INFO(filled.text());
  REQUIRE(filled.ok());
  const Retained before = snapshot(broker);
  REQUIRE(before.size() == kGroups * kTopics);

  const std::string everything = folder.file("all.jsonl");
  ProcessResult result =
      inspect(Words{"retained", "backup", "old/#", "--file", everything} + at(broker));
  INFO(result.text());
  REQUIRE(result.ok());
  const std::string first_backup = without_times(read_file(everything));
  CHECK(first_backup == without_times(all_records()));

  const std::string file = folder.file("cleared.jsonl");
  const Words clean =
      Words{"retained", "clean", "old/#", "--match", "/[0-4][0-9]$", "--file", file} + at(broker);
  {
    LiveTraffic live(broker);
    Json report = inspect_json(clean, result);
    INFO(result.err);
    CHECK(report["dry_run"] == true);
    CHECK(report["matching"] == kGroups * kTopics / 2);
    CHECK(read_file(file).empty());
    report = inspect_json(clean + Words{"--yes"}, result);
    INFO(result.out << result.err);
    CHECK(result.exit_code == 0);
    CHECK(report["found"] == kGroups * kTopics);
    CHECK(report["changed"] == kGroups * kTopics / 2);
    CHECK(report["remaining"].empty());
    CHECK(report["live_messages"].get<std::uint64_t>() > 100);
    CHECK(live.sent() > 100);
  }
  Retained expected = before;
  std::erase_if(expected, [](const auto& each) {
    const char c = each.first[each.first.size() - 2];
    return c >= '0' && c <= '4';
  });
  CHECK(snapshot(broker) == expected);

  result = inspect(Words{"retained", "restore", "--file", file} + at(broker));
  CHECK(result.out.find("5000 retained messages would be restored") != std::string::npos);
  CHECK(snapshot(broker).size() == expected.size());
  result = inspect(Words{"retained", "restore", "--file", file, "--yes"} + at(broker));
  INFO(result.text());
  CHECK(result.ok());
  CHECK(snapshot(broker) == before);
  result = inspect(Words{"retained", "backup", "old/#"} + at(broker));
  CHECK(without_times(result.out) == first_backup);
}

TEST_CASE("filters, payload patterns and properties of retained messages") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const TempDir folder;
  for (const char* n : {"1", "2", "3"}) {
    REQUIRE(publish(at(broker) + Words{"-V", "5", "-t", std::string("p/") + n, "-r", "-m",
                                       std::string("value ") + n, "--content-type", "text/plain",
                                       "--user-property", std::string("k=") + n})
                .ok());
  }
  ProcessResult result;
  Json report =
      inspect_json(Words{"retained", "--payload", "[12]$", "-V", "5"} + at(broker), result);
  INFO(result.text());
  CHECK(report["found"] == 3);
  CHECK(report["matching"] == 2);
  CHECK(report["messages"][0]["payload"] == "value 1");
  const std::string file = folder.file("p.jsonl");
  REQUIRE(
      inspect(Words{"retained", "clean", "p/#", "--yes", "--file", file, "-V", "5"} + at(broker))
          .ok());
  CHECK(inspect_json(Words{"retained"} + at(broker), result)["found"] == 0);
  CHECK(inspect(Words{"retained", "restore", "--yes", "--file", file} + at(broker)).exit_code ==
        65);
  REQUIRE(
      inspect(Words{"retained", "restore", "p/2", "--yes", "--file", file, "-V", "5"} + at(broker))
          .ok());
  result = inspect(Words{"retained", "backup", "-V", "5"} + at(broker));
  const Json record = Json::parse(result.out);
  CHECK(record["topic"] == "p/2");
  CHECK(record["properties"]["content_type"] == "text/plain");
  CHECK(record["properties"]["user_properties"][0]["value"] == "2");
  CHECK(inspect(Words{"retained", "clean", "--yes"} + at(broker)).exit_code == 64);
  CHECK(inspect(Words{"retained", "--match", "(", "x"} + at(broker)).exit_code == 64);
  CHECK(
      inspect(Words{"retained", "restore", "--file", folder.file("none")} + at(broker)).exit_code ==
      66);
}

TEST_CASE("a backup goes where it was sent, and never takes the place of a better one") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const TempDir folder;
  REQUIRE(publish(at(broker) + Words{"-t", "keep/a", "-m", "x", "-r", "-q", "1"}).ok());
  const std::string file = folder.file("backup");
  const auto save = [&](const std::string& filter, const std::string& to) {
    return inspect(Words{"retained", "backup", filter, "--file", to} + at(broker));
  };
  ProcessResult result = save("keep/#", file);
  INFO(result.text());
  REQUIRE(result.ok());
  const std::string content = read_file(file);
  CHECK(content.find("keep/a") != std::string::npos);
  CHECK(std::filesystem::status(file).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));

  result = save("nothing/#", file);
  CHECK(result.exit_code == 1);
  CHECK(result.err.find("stays as it was") != std::string::npos);
  CHECK(read_file(file) == content);

  // A FIFO's reader gets it; without one, nothing is cleared.
  const std::string fifo = folder.file("fifo");
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  result = inspect(Words{"retained", "clean", "keep/#", "--yes", "--file", fifo} + at(broker));
  CHECK(result.exit_code == 74);
  CHECK(result.err.find("nobody reads from it") != std::string::npos);
  std::string read;
  std::thread reader([&] { read = read_file(fifo); });
  result = save("keep/#", fifo);
  reader.join();
  CHECK(result.ok());
  CHECK(without_times(read) == without_times(content));
  CHECK(std::filesystem::is_fifo(fifo));
}
