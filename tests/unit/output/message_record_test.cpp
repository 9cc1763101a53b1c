#include "output/message_record.hpp"

#include <nlohmann/json.hpp>

#include "output/json_text.hpp"
#include "support/catch.hpp"

namespace mqtk::test {

using namespace std::string_literals;
using namespace std::chrono_literals;
using wire::PropertyId;

namespace {

constexpr std::chrono::system_clock::time_point kTime{1795218147s};

std::string line_of(const MessageRecord& record) {
  RecordFormat format;
  std::string out;
  format.append(out, record);
  return out;
}

std::string json_string(Bytes text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string payload_back(Bytes payload) {
  const auto json =
      nlohmann::json::parse(line_of({.time = kTime, .topic = "t", .payload = payload}));
  REQUIRE(json.contains("payload") != json.contains("payload_base64"));
  REQUIRE(json["size"] == payload.size());
  if (json.contains("payload")) return json["payload"];
  std::string octets;
  REQUIRE(from_base64(json["payload_base64"].get<std::string>(), octets));
  return octets;
}

}  // namespace

TEST_CASE("a record, key by key") {
  CHECK(line_of({.time = kTime, .topic = "a/b", .payload = "21.5"}) ==
        R"({"time":"2026-11-20T23:42:27.000000000Z","ts":1795218147.000000,"topic":"a/b",)"
        R"("payload":"21.5","size":4,"qos":0,"retain":false})"
        "\n");
  const auto json = nlohmann::json::parse(line_of({.time = kTime,
                                                   .topic = "a",
                                                   .payload = "\x00\xff"s,
                                                   .qos = wire::Qos::ExactlyOnce,
                                                   .retain = true,
                                                   .dup = true,
                                                   .packet_id = 7}));
  CHECK(json["payload_base64"] == "AP8=");
  CHECK(json["qos"] == 2);
  CHECK(json["retain"] == true);
  CHECK(json["dup"] == true);
  CHECK(json["mid"] == 7);
  CHECK_FALSE(json.contains("payload"));
  CHECK_FALSE(json.contains("properties"));
}

TEST_CASE("the fraction of a second keeps its leading zeros, and the next second is another") {
  RecordFormat format;
  std::string out;
  format.append(out, {.time = kTime + 1042us, .topic = "t", .payload = ""});
  format.append(out, {.time = kTime + 2s, .topic = "t", .payload = ""});
  CHECK(out.find(R"("2026-11-20T23:42:27.001042000Z","ts":1795218147.001042,)") !=
        std::string::npos);
  CHECK(out.find(R"("2026-11-20T23:42:29.000000000Z","ts":1795218149.000000,)") !=
        std::string::npos);
}

TEST_CASE("strings are lossless and cannot act on a terminal") {
  CHECK(json_string("") == R"("")");
  CHECK(json_string("q\"b\\s/") == R"("q\"b\\s/")");
  CHECK(json_string("\x1b[2J\x7f\r\n\t") == R"("\u001b[2J\u007f\u000d\n\t")");
  CHECK(json_string("\0"s) == R"("\u0000")");
  CHECK(json_string("\xc2\x9b") == R"("\u009b")");
  CHECK(json_string("\xe2\x80\xae") == R"("\u202e")");
  CHECK(json_string("\xe2\x80\xa8") == R"("\u2028")");
  CHECK(json_string("a\u200b\ufeff") == R"("a\u200b\ufeff")");
  CHECK(json_string("\U000E0041\ufe0f") == R"("\udb40\udc41\ufe0f")");
  CHECK(json_string("gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80") ==
        "\"gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80\"");
}

TEST_CASE("every payload comes back octet by octet") {
  for (unsigned first = 0; first < 256; ++first) {
    const std::string one(1, octet(first));
    CHECK(payload_back(one) == one);
    CHECK(payload_back("ab" + one + "\xc3\xbc") == "ab" + one + "\xc3\xbc");
  }
  for (const std::string& text : {""s, "\xc0\x80"s, "\xed\xa0\x80"s, "\xf4\x90\x80\x80"s,
                                  "\xf0\x9f\x98\x80"s, "\xe2\x80"s, std::string(100000, '\x1b')}) {
    CHECK(payload_back(text) == text);
  }
}

TEST_CASE("properties") {
  wire::Properties properties;
  REQUIRE(properties.add(PropertyId::PayloadFormatIndicator, 1));
  REQUIRE(properties.add(PropertyId::MessageExpiryInterval, 4294967295U));
  REQUIRE(properties.add(PropertyId::ContentType, "text/plain"));
  REQUIRE(properties.add_user_property("k", "v\"1"));
  REQUIRE(properties.add(PropertyId::CorrelationData, "\xff\x00"s));
  REQUIRE(properties.add(PropertyId::SubscriptionIdentifier, 3));
  REQUIRE(properties.add(PropertyId::TopicAlias, 9));
  REQUIRE(properties.add_user_property("k", "2"));
  REQUIRE(properties.add(PropertyId::SubscriptionIdentifier, 268435455));
  const std::string line =
      line_of({.time = kTime, .topic = "t", .payload = "", .properties = properties});
  CHECK(nlohmann::json::parse(line)["properties"] == nlohmann::json::parse(R"({
      "payload_format_indicator":1,"message_expiry_interval":4294967295,
      "content_type":"text/plain","correlation_data_base64":"/wA=",
      "subscription_identifiers":[3,268435455],
      "user_properties":[{"name":"k","value":"v\"1"},{"name":"k","value":"2"}]})"));
}

TEST_CASE("a topic alias alone is no property of the message") {
  wire::Properties properties;
  REQUIRE(properties.add(PropertyId::TopicAlias, 9));
  const std::string line =
      line_of({.time = kTime, .topic = "t", .payload = "", .properties = properties});
  CHECK_FALSE(nlohmann::json::parse(line).contains("properties"));
}

}  // namespace mqtk::test
