#include "output/record_parser.hpp"

#include "output/message_record.hpp"
#include "support/catch.hpp"

using namespace mqtk;

namespace {

std::string complaint(Bytes line) {
  const auto record = parse_record(line);
  if (record) return "none";
  CHECK(record.error().kind == ErrorKind::BadInput);
  return record.error().message;
}

std::string payload(Bytes line) {
  const auto record = parse_record(line);
  REQUIRE(record);
  return record->payload;
}

TEST_CASE("what a double cannot hold is sent as it is written, and refused where it counts") {
  const std::string digits(1'000'000, '7');
  for (const std::string& number : {std::string("1e400"), std::string("-1e-400"), digits}) {
    const auto record = parse_record(R"({"topic":"t","payload":)" + number + R"(,"other":1e999})");
    REQUIRE(record);
    CHECK(record->payload == number);
  }
  CHECK(complaint(R"({"topic":"t","payload":"x","qos":1e400})") ==
        "a number in it is out of range");
}

TEST_CASE("lists within lists have an end, wherever they stand") {
  const auto nested = [](std::size_t depth) {
    return R"({"topic":"t","other":0,"payload":)" + std::string(depth, '[') +
           std::string(depth, ']') + '}';
  };
  CHECK(parse_record(nested(500)));
  CHECK(complaint(nested(600)) == "it is nested too deep (more than 512 lists and objects)");
  // Ten million of them cost neither memory nor time.
  CHECK(complaint(std::string(10'000'000, '[')).starts_with("it is nested too deep"));
}

TEST_CASE("of several members of one name the last one counts, as with jq") {
  const auto record = parse_record(R"({"topic":"a","payload":[1],"topic":"b","payload":{"x":2}})");
  REQUIRE(record);
  CHECK(record->topic == "b");
  CHECK(record->payload == R"({"x":2})");
}

}  // namespace

TEST_CASE("a record with everything") {
  const auto record = parse_record(
      R"({"time":"2026-11-20T23:42:27.202606123Z","ts":1795218147.2,"topic":"a/\u00e4","payload":"21.5",)"
      R"("size":4,"qos":1,"retain":true,"dup":true,"mid":7,"properties":{"payload_format_indicator":1,)"
      R"("message_expiry_interval":60,"content_type":"t","response_topic":"r","correlation_data_base64":"AP8=",)"
      R"("subscription_identifiers":[1],"user_properties":[{"name":"k","value":"v"},{"name":"k","value":""}]}})");
  REQUIRE(record);
  CHECK(record->topic == "a/\xC3\xA4");
  CHECK(record->payload == "21.5");
  CHECK(record->qos == wire::Qos::AtLeastOnce);
  CHECK(record->retain);
  const auto view = record->properties.view();
  CHECK(view.number(wire::PropertyId::PayloadFormatIndicator) == 1U);
  CHECK(view.number(wire::PropertyId::MessageExpiryInterval) == 60U);
  CHECK(view.text(wire::PropertyId::ContentType) == "t");
  CHECK(view.text(wire::PropertyId::ResponseTopic) == "r");
  CHECK(view.find(wire::PropertyId::CorrelationData)->value == std::string_view("\0\xff", 2));
  CHECK_FALSE(view.find(wire::PropertyId::SubscriptionIdentifier));
  std::size_t pairs = 0;
  for (const wire::Property& property : view) {
    if (property.info->id == wire::PropertyId::UserProperty) ++pairs;
  }
  CHECK(pairs == 2);
}

TEST_CASE("what is missing has a default") {
  const auto record = parse_record(R"( {"payload":"x","topic":"t"} )");
  REQUIRE(record);
  CHECK(record->qos == wire::Qos::AtMostOnce);
  CHECK_FALSE(record->retain);
  CHECK(record->properties.empty());
}

TEST_CASE("a payload that is no string is sent as it is written") {
  CHECK(payload(R"({"topic":"t","payload":1.50})") == "1.50");
  CHECK(payload(R"({"topic":"t","payload":  -0e+5  })") == "-0e+5");
  CHECK(payload(R"({"payload":{"z":1,"a":[1,{"}":"]"}]} ,"topic":"t"})") ==
        R"({"z":1,"a":[1,{"}":"]"}]})");
  CHECK(payload(R"({"topic":"t","payload":[ 1, 2 ]})") == "[ 1, 2 ]");
  CHECK(payload(R"({"topic":"t","payload":null})") == "null");
  CHECK(payload(R"({"topic":"t","payload":true,"x":"\"payload\":1"})") == "true");
  CHECK(payload(R"({"topic":"t","payload":12345678901234567890123})") == "12345678901234567890123");
  CHECK(payload(R"({"a":{"payload":1},"topic":"t","pay\u006coad":2})") == "2");
  CHECK(payload(R"({"payload":1,"topic":"t","payload":2})") == "2");
  CHECK(payload(R"({"topic":"t","payload":"a\u0000b"})") == std::string("a\0b", 3));
  CHECK(payload(R"({"topic":"t","payload_base64":""})").empty());
}

TEST_CASE("lines that are no records") {
  CHECK(complaint("") == "this is no JSON");
  CHECK(complaint("{") == "this is no JSON");
  CHECK(complaint("\xff") == "this is no JSON");
  CHECK(complaint(R"({"topic":"t","payload":"x"} x)") == "this is no JSON");
  CHECK(complaint("{\"topic\":\"t\",\"payload\":\"\xff\"}") == "this is no JSON");
  // Nobody looks whether the rest would be.
  CHECK(complaint(std::string(100'000, '[')) ==
        "it is nested too deep (more than 512 lists and objects)");
  CHECK(complaint("[]") == "this is no JSON object");
  CHECK(complaint("1") == "this is no JSON object");
  CHECK(complaint(R"({"payload":"x"})") == "no 'topic'");
  CHECK(complaint(R"({"topic":1,"payload":"x"})") == "no 'topic'");
  CHECK(complaint(R"({"topic":"a/#","payload":"x"})").starts_with("its topic: "));
  CHECK(complaint(R"({"topic":"","payload":"x"})").starts_with("its topic: "));
  CHECK(complaint(R"({"topic":"t"})") == "no 'payload'");
  CHECK(complaint(R"({"topic":"t","payload":"","payload_base64":""})") ==
        "both 'payload' and 'payload_base64'");
  CHECK(complaint(R"({"topic":"t","payload_base64":"?"})") == "'payload_base64' is no base64");
  CHECK(complaint(R"({"topic":"t","payload_base64":1})") == "'payload_base64' is no base64");
  for (const char* qos : {"3", "-1", "1.0", "\"1\"", "null", "99999999999"}) {
    CHECK(complaint(R"({"topic":"t","payload":"","qos":)" + std::string(qos) + "}") ==
          "'qos' is not 0, 1 or 2");
  }
  CHECK(complaint(R"({"topic":"t","payload":"","retain":1})") ==
        "'retain' is neither true nor false");
  for (const char* properties :
       {"1", R"({"x":1})", R"({"topic_alias":1})", R"({"session_expiry_interval":1})",
        R"({"message_expiry_interval":-1})", R"({"message_expiry_interval":4294967296})",
        R"({"payload_format_indicator":2})", R"({"content_type":1})", R"({"user_properties":{}})",
        R"({"user_properties":[{"name":"k"}]})", R"({"user_properties":[1]})",
        R"({"content_type_base64":"AA=="})", R"({"correlation_data_base64":"?"})"}) {
    INFO(properties);
    CHECK(complaint(R"({"topic":"t","payload":"","properties":)" + std::string(properties) + "}") !=
          "none");
  }
}

TEST_CASE("what is written as a record is read back") {
  std::string every;
  for (int i = 0; i < 256; ++i) every.push_back(static_cast<char>(i));
  wire::Properties properties;
  REQUIRE(properties.add(wire::PropertyId::CorrelationData, every));
  REQUIRE(properties.add_user_property("\x1b", "\xE2\x80\xAE"));
  RecordFormat format;
  for (const std::string& text :
       {every, every.substr(0, 128), std::string(), std::string("{\"\\")}) {
    std::string line;
    format.append(line, {.time = {},
                         .topic = "a/\xC2\x9B",
                         .payload = text,
                         .qos = wire::Qos::ExactlyOnce,
                         .retain = true,
                         .packet_id = 9,
                         .properties = properties});
    const auto record = parse_record(Bytes(line).substr(0, line.size() - 1));
    INFO(line);
    REQUIRE(record);
    CHECK(record->topic == "a/\xC2\x9B");
    CHECK(record->payload == text);
    CHECK(record->qos == wire::Qos::ExactlyOnce);
    CHECK(record->retain);
    CHECK(record->properties.view().raw() == properties.view().raw());
  }
}
