// Message records: what mqtt-sub --json prints is what was published, octet by octet.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "base/bytes.hpp"
#include "broker/world.hpp"
#include "support/catch.hpp"
#include "wire/utf8.hpp"

using namespace mqtk;
using namespace mqtk::test;
using nlohmann::json;

namespace {

// Text, text with everything that JSON or a terminal minds, and octets of any kind.
std::string random_payload(std::mt19937& random) {
  const std::size_t sizes[] = {0, 1, 2, 100, 1000, 20'000};
  std::string payload(sizes[random() % std::size(sizes)], ' ');
  switch (random() % 3) {
    case 0:
      for (char& c : payload) c = static_cast<char>('a' + random() % 26);
      break;
    case 1: {
      const std::string_view pieces[] = {"\"",
                                         "\\",
                                         "\n",
                                         "\x1b[2J",
                                         "\x7f",
                                         "\xC2\x9B",
                                         "\xE2\x80\xAE",
                                         "\xF0\x9F\x98\x80",
                                         std::string_view("\0", 1)};
      std::string text;
      while (text.size() < payload.size()) text += pieces[random() % std::size(pieces)];
      payload = std::move(text);
      break;
    }
    default:
      for (char& c : payload) c = static_cast<char>(random());
  }
  return payload;
}

std::string payload_of(const json& record) {
  std::string payload;
  if (record.contains("payload")) {
    CHECK_FALSE(record.contains("payload_base64"));
    return record["payload"].get<std::string>();
  }
  REQUIRE(from_base64(record.at("payload_base64").get<std::string>(), payload));
  CHECK_FALSE(wire::is_utf8(payload));
  return payload;
}

}  // namespace

TEST_CASE("records hold every payload as it was published, and no control characters") {
  if (!have_broker()) return;
  const Mosquitto broker;
  constexpr int kMessages = 150;
  Subscriber subscriber(at(broker) + Words{"-t", "r/#", "-q", "2", "--json", "-C",
                                           std::to_string(kMessages), "-V", "5"});
  REQUIRE(subscriber.ready());
  std::mt19937 random(7);
  std::vector<std::string> payloads;
  for (int i = 0; i < kMessages; ++i) {
    payloads.push_back(random_payload(random));
    const std::string number = std::to_string(i);
    Words words{"-t",  "r/" + number,     "-q",          std::to_string(i % 3),
                "-s",  "--user-property", "n=" + number, "--content-type",
                "a\"b"};
    if (i % 2 == 0) words.emplace_back("-r");
    const ProcessResult sent = publish_text(at(broker) + words, payloads.back());
    INFO(sent.text());
    REQUIRE(sent.ok());
  }
  const ProcessResult got = subscriber.wait();
  REQUIRE(got.ok());
  std::istringstream lines(got.out);
  std::vector<bool> seen(kMessages);
  for (std::string line; std::getline(lines, line);) {
    for (const char c : line) REQUIRE((u8(c) >= 0x20 && u8(c) != 0x7F));
    CHECK(line.find("\xC2\x9B") == std::string::npos);
    CHECK(line.find("\xE2\x80\xAE") == std::string::npos);
    const json record = json::parse(line);
    const std::string topic = record.at("topic");
    const int i = std::stoi(topic.substr(2));
    INFO(topic);
    REQUIRE((i >= 0 && i < kMessages));
    CHECK_FALSE(seen[static_cast<std::size_t>(i)]);
    seen[static_cast<std::size_t>(i)] = true;
    const std::string& payload = payloads[static_cast<std::size_t>(i)];
    CHECK(payload_of(record) == payload);
    CHECK(record.at("size") == payload.size());
    CHECK(record.at("qos") == i % 3);
    CHECK(record.at("retain") == (i % 2 == 0));
    CHECK(record.contains("mid") == (i % 3 != 0));
    CHECK_FALSE(record.contains("dup"));
    const json& properties = record.at("properties");
    CHECK(properties.at("content_type") == "a\"b");
    CHECK(properties.at("user_properties") ==
          json::array({{{"name", "n"}, {"value", std::to_string(i)}}}));
    const std::string time = record.at("time");
    CHECK(time.size() == std::string_view("2026-11-20T23:42:27.202606123Z").size());
    CHECK(time.back() == 'Z');
    CHECK(record.at("ts").get<double>() > 1.7e9);
  }
  CHECK(std::count(seen.begin(), seen.end(), true) == kMessages);
}

TEST_CASE("before MQTT 5 a live message has no retain flag, and records no properties") {
  if (!have_broker()) return;
  const Mosquitto broker;
  Subscriber subscriber(at(broker) + Words{"-t", "r", "--json", "-C", "1"});
  REQUIRE(subscriber.ready());
  REQUIRE(publish(at(broker) + Words{"-t", "r", "-m", "21.5", "-r"}).ok());
  const json live = json::parse(subscriber.wait().out);
  CHECK(live.at("retain") == false);
  CHECK(live.at("payload") == "21.5");
  CHECK_FALSE(live.contains("properties"));
  const ProcessResult late = subscribe(at(broker) + Words{"-t", "r", "--json", "-C", "1"});
  CHECK(json::parse(late.out).at("retain") == true);
}
