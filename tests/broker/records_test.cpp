// Message records: what mqtt-sub --json prints is what was published, octet by octet.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "base/bytes.hpp"
#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/programs.hpp"
#include "wire/utf8.hpp"

using namespace mqtk;
using namespace mqtk::test;
using nlohmann::json;

namespace {

// Text, text with everything that JSON or a terminal minds, and octets of any kind.
std::string random_payload(std::mt19937& random) {
  // With the edges of the lengths that MQTT and UTF-8 fields have; seldom the long ones.
  const std::size_t sizes[] = {0, 1, 2, 100, 127, 128, 1000};
  const std::size_t long_sizes[] = {16'383, 16'384, 20'000};
  const bool is_long = random() % 12 == 0;
  std::string payload(
      is_long ? long_sizes[random() % std::size(long_sizes)] : sizes[random() % std::size(sizes)],
      ' ');
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

/// A topic of its own for each number, every third with characters that hardly belong there.
std::string topic_of(int i) {
  // Mosquitto refuses control characters; these it passes on.
  static constexpr const char* kHostile[] = {"\xE2\x80\xAE",
                                             "\xE2\x81\xA6",
                                             "\xE2\x80\xA8",
                                             "\"\\",
                                             "\xEF\xBB\xBF",
                                             "\xF0\x9F\x98\x80",
                                             " ",
                                             "//",
                                             "$x",
                                             "\xC3\xA9"};
  std::string topic = "r/" + std::to_string(i);
  if (i % 3 == 0) topic += '/' + std::string(kHostile[(i / 3) % 10]);
  return topic;
}

/// All that a publisher may set.
json properties_of(int i, const std::string& payload) {
  static constexpr std::size_t kLengths[] = {0, 1, 127, 128, 16'383, 16'384, 65'535};
  const std::size_t length = kLengths[static_cast<std::size_t>(i) % std::size(kLengths)];
  // Rarely the long ones, which make ten thousand records large.
  const std::size_t size = length > 128 && i % 50 != 0 ? length % 100 : length;
  json properties = {{"content_type", std::string(size, 'c')},
                     {"user_properties",
                      {{{"name", "i"}, {"value", std::to_string(i)}},
                       {{"name", "k\xE2\x80\xAE"}, {"value", "\\u001b[2J\""}},
                       {{"name", "i"}, {"value", ""}}}}};
  std::string correlation = payload.substr(0, 20);
  if (i % 350 == 0) correlation.assign(65'535, '\xFF');
  const bool text = wire::is_utf8(correlation);
  properties[text ? "correlation_data" : "correlation_data_base64"] =
      text ? correlation : to_base64(correlation);
  if (i % 4 == 0) properties["response_topic"] = topic_of(i);
  if (i % 6 == 0) properties["message_expiry_interval"] = 4'294'967'295U;
  if (i % 10 == 0) properties["payload_format_indicator"] = 0;
  return properties;
}

std::string payload_of(const json& record) {
  std::string payload;
  if (record.contains("payload")) {
    CHECK_FALSE(record.contains("payload_base64"));
    return record["payload"].get<std::string>();
  }
  REQUIRE(from_base64(record.at("payload_base64").get<std::string>(), payload));
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
    CHECK(std::none_of(line.begin(), line.end(),
                       [](char c) { return u8(c) < 0x20 || u8(c) == 0x7F; }));
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
    CHECK(record.contains("payload") == wire::is_utf8(payload));
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

namespace {

MosquittoConfig roomy() {
  MosquittoConfig config;
  config.extra = {"max_queued_messages 0", "max_inflight_messages 0"};
  return config;
}

/// What of a record a second broker has to hand on.
json essence(const json& record) {
  return {{"topic", record.at("topic")},
          {"payload", to_base64(payload_of(record))},
          {"qos", record.at("qos")},
          {"retain", record.at("retain")},
          {"properties", record.value("properties", json())}};
}

/// Without what a broker counts down (an interval of 4294967295 seconds does not end the test).
json unexpired(json properties) {
  if (properties.is_object() && properties.contains("message_expiry_interval")) {
    CHECK(properties["message_expiry_interval"] > 4'294'900'000U);
    properties.erase("message_expiry_interval");
  }
  return properties;
}

std::vector<json> essences(const std::string& lines) {
  std::vector<json> out;
  std::istringstream input(lines);
  for (std::string line; std::getline(input, line);) out.push_back(essence(json::parse(line)));
  std::ranges::sort(out, {}, [](const json& one) { return one.at("topic").get<std::string>(); });
  return out;
}

}  // namespace

TEST_CASE("ten thousand records go from one broker to another unchanged") {
  if (!have_broker()) return;
  // Sanitizers look at two thousand of them for as long.
  const int records_in_all = programs_are_sanitized() ? 2'000 : 10'000;
  const std::string count = std::to_string(records_in_all);
  std::mt19937 random(11);
  std::string input;
  for (int i = 0; i < records_in_all; ++i) {
    std::string payload = random_payload(random);
    if (i % 500 == 0) payload.resize(i % 1000 == 0 ? 65'535 : 65'536, static_cast<char>(i));
    json record = {{"topic", topic_of(i)},
                   {"payload_base64", to_base64(payload)},
                   {"qos", i % 3},
                   {"retain", i % 7 == 0}};
    if (i % 2 == 0) record["properties"] = properties_of(i, payload);
    input += record.dump() + '\n';
  }
  const Mosquitto first(roomy());
  const Mosquitto second(roomy());
  const Words all{"-t", "r/#", "-q", "2", "-V", "5", "--json", "-C", count};
  Subscriber at_second(at(second) + all);
  REQUIRE(at_second.ready());
  Subscriber at_first(at(first) + all);
  REQUIRE(at_first.ready());
  const ProcessResult sent =
      publish_text(at(first) + Words{"--from-json", "-V", "5", "-q", "0"}, input);
  CHECK(sent.exit_code == 64);  // each record says its own QoS
  const ProcessResult published = publish_text(at(first) + Words{"--from-json", "-V", "5"}, input);
  INFO(published.text().substr(0, 300));
  REQUIRE(published.ok());
  const ProcessResult between = at_first.wait();
  REQUIRE(between.ok());
  const ProcessResult copied =
      publish_text(at(second) + Words{"--from-json", "-V", "5"}, between.out);
  INFO(copied.text().substr(0, 300));
  REQUIRE(copied.ok());
  const ProcessResult arrived = at_second.wait();
  REQUIRE(arrived.ok());
  const std::vector<json> before = essences(between.out);
  const std::vector<json> after = essences(arrived.out);
  REQUIRE(before.size() == static_cast<std::size_t>(records_in_all));
  REQUIRE(after.size() == before.size());
  const auto same_but_expiry = [](json one, json other) {
    one["properties"] = unexpired(one["properties"]);
    other["properties"] = unexpired(other["properties"]);
    return one == other;
  };
  std::size_t different = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (same_but_expiry(before[i], after[i])) continue;
    if (++different < 5) WARN(before[i].dump() + after[i].dump());
  }
  CHECK(different == 0);
  const std::vector<json> wanted = essences(input);
  std::size_t changed = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    for (const char* key : {"topic", "payload", "qos", "retain"}) {
      if (wanted[i].at(key) != after[i].at(key) && ++changed < 5)
        WARN(wanted[i].at("topic").dump());
    }
    if (unexpired(wanted[i].at("properties")) != unexpired(after[i].at("properties")) &&
        ++changed < 5) {
      WARN(wanted[i].at("properties").dump() + after[i].at("properties").dump());
    }
  }
  CHECK(changed == 0);
}

TEST_CASE("lines that are no records") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const std::string input =
      "{\"topic\":\"l\",\"payload\":1}\n\nnonsense\n{\"topic\":\"l\"}\n"
      "{\"topic\":\"l\",\"payload\":{\"b\":1,\"a\":2.50}}\n";
  Subscriber subscriber(at(broker) + Words{"-t", "l", "-C", "3"});
  REQUIRE(subscriber.ready());
  const ProcessResult stopped = publish_text(at(broker) + Words{"--from-json"}, input);
  CHECK(stopped.exit_code == 65);
  CHECK(stopped.err.find("line 3: this is no JSON") != std::string::npos);
  const ProcessResult passed =
      publish_text(at(broker) + Words{"--from-json", "--keep-going"}, input);
  CHECK(passed.exit_code == 65);
  CHECK(passed.err.find("line 3: ") != std::string::npos);
  CHECK(passed.err.find("1 further line") != std::string::npos);
  CHECK(subscriber.wait().out == "1\n1\n{\"b\":1,\"a\":2.50}\n");
  const ProcessResult older =
      publish_text(at(broker) + Words{"--from-json"},
                   "{\"topic\":\"l\",\"payload\":1,\"properties\":{\"content_type\":\"t\"}}\n");
  CHECK(older.exit_code == 65);
  CHECK(older.err.find("-V 5") != std::string::npos);
  CHECK(publish(at(broker) + Words{"--from-json=/no/such/file"}).exit_code == 66);
  CHECK(publish(at(broker) + Words{"--keep-going", "-t", "a", "-n"}).exit_code == 64);
}
