// Every letter of -F with every rule of width, precision and separator, and what is refused.
#include "output/message_template.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "output/json_reader.hpp"
#include "support/catch.hpp"

using namespace mqtk;
using namespace std::string_literals;
using wire::PropertyId;

namespace {

// 2026-11-20 23:42:27.094467811 UTC
constexpr std::chrono::nanoseconds kTime{1'795'218'147'094'467'811};

MessageRecord message(Bytes payload = "message") {
  return {.time = std::chrono::system_clock::time_point(kTime),
          .topic = "02/sub/format/test",
          .payload = payload,
          .qos = wire::Qos::AtLeastOnce,
          .packet_id = 7};
}

wire::Properties all_properties() {
  wire::Properties set;
  set.add(PropertyId::PayloadFormatIndicator, 1);
  set.add(PropertyId::MessageExpiryInterval, 4'000'000'000U);
  set.add(PropertyId::ContentType, "text/plain");
  set.add(PropertyId::ResponseTopic, "answer/here");
  set.add(PropertyId::CorrelationData, "c\0d"s);
  set.add(PropertyId::SubscriptionIdentifier, 99);
  set.add(PropertyId::TopicAlias, 5);
  set.add_user_property("k1", "v1");
  set.add_user_property("k2", "v 2");
  return set;
}

struct Outcome {
  std::string text;
  TemplateFault fault;
};

Outcome formatted(std::string_view format, const MessageRecord& record, TemplateRules rules = {}) {
  auto compiled = MessageTemplate::compile(format);
  REQUIRE(compiled);
  compiled->set_rules(rules);
  std::string out;
  const TemplateFault fault = compiled->append(out, record);
  return {out, fault};
}

std::string filled(std::string_view format, const MessageRecord& record, TemplateRules rules = {}) {
  const Outcome outcome = formatted(format, record, rules);
  CHECK(outcome.fault == TemplateFault::None);
  return outcome.text;
}

struct Row {
  std::string_view format;
  std::string_view expected;
};

struct Utc {
  Utc() {
    ::setenv("TZ", "UTC0", 1);
    ::tzset();
  }
};
const Utc utc;

template <typename Number>
std::string octets(Number number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

}  // namespace

TEST_CASE("every letter, of a message with every property") {
  const wire::Properties properties = all_properties();
  MessageRecord record = message();
  record.properties = properties;
  record.retain = true;
  for (const Row& row :
       std::vector<Row>{{"%%", "%"},
                        {"%A", "5"},
                        {"%3A", "  5"},
                        {"%03A", "005"},
                        {"%-3A|", "5  |"},
                        {"%E", "4000000000"},
                        {"%12E", "  4000000000"},
                        {"%F", "1"},
                        {"%02F", "01"},
                        {"%S", "99"},
                        {"%-4S|", "99  |"},
                        {"%C", "text/plain"},
                        {"%.4C", "text"},
                        {"%12C", "  text/plain"},
                        {"%-6.4C|", "text  |"},
                        {"%R", "answer/here"},
                        {"%13.6R", "       answer"},
                        {"%D", std::string_view("c\0d", 3)},
                        {"%P", "k1:v1 k2:v 2"},
                        {"%t", "02/sub/format/test"},
                        {"%.20t", "02/sub/format/test"},
                        {"%20.10t", "          02/sub/for"},
                        {"%-20.10t|", "02/sub/for          |"},
                        {"%020t", "  02/sub/format/test"},
                        {"%p", "message"},
                        {"%12p", "     message"},
                        {"%-12p", "message     "},
                        {"%012p", "00000message"},
                        {"%-012p", "message     "},
                        {"%.3p", "mes"},
                        {"%6.3p|", "   mes|"},
                        {"%-p|", "message|"},
                        {"%x", "6d657373616765"},
                        {"%X", "6D657373616765"},
                        {"%18x", "    6d657373616765"},
                        {"%-18X|", "6D657373616765    |"},
                        {"%018x", "00006d657373616765"},
                        {"%.2x", "6d 65 73 73 61 67 65"},
                        {"%.2:x", "6d:65:73:73:61:67:65"},
                        {"%.4-X", "6D65-7373-6167-65"},
                        {"%.1x", "6 d 6 5 7 3 7 3 6 1 6 7 6 5"},
                        {"%22.2x", "  6d 65 73 73 61 67 65"},
                        {"%l", "7"},
                        {"%2l", " 7"},
                        {"%02l", "07"},
                        {"%-2l|", "7 |"},
                        {"%m", "7"},
                        {"%03m", "007"},
                        {"%-3m|", "7  |"},
                        {"%q", "1"},
                        {"%r", "1"},
                        {"%I", "2026-11-20T23:42:27+0000"},
                        {"%.10I", "2026-11-20"},
                        {"%12.10I", "  2026-11-20"},
                        {"%U", "1795218147.094467811"},
                        {"%:t", "02/sub/format/test"},
                        {"@@", "@"},
                        {"@N", "094467811"},
                        {"@Y-@m-@d @H:@M:@S", "2026-11-20 23:42:27"},
                        {"@s.@N", "1795218147.094467811"},
                        {"@%", "%"},
                        {"%t %p\\n", "02/sub/format/test message\n"},
                        {"\\\\\\0\\a\\e\\n\\r\\t\\v", std::string_view("\\\0\a\x1b\n\r\t\v", 8)},
                        {"plain text", "plain text"},
                        {"", ""}}) {
    INFO(row.format);
    CHECK(filled(row.format, record) == row.expected);
  }
}

TEST_CASE("what is absent is padded, or nothing") {
  for (const Row& row : std::vector<Row>{{"[%A%E%F%S]", "[]"},
                                         {"[%2A]", "[  ]"},
                                         {"[%02E]", "[00]"},
                                         {"[%-2F]", "[  ]"},
                                         {"[%3S]", "[   ]"},
                                         {"[%2C]", "[  ]"},
                                         {"[%5R]", "[]"},
                                         {"[%D%P]", "[]"},
                                         {"%q%r%m", "107"}}) {
    INFO(row.format);
    CHECK(filled(row.format, message()) == row.expected);
  }
  CHECK(filled("[%p|%5p|%x|%l]", message("")) == "[|     ||0]");
}

TEST_CASE("with mosquitto's rules the width of a payload also cuts it") {
  const TemplateRules rules{.width_cuts = true};
  CHECK(filled("%3p", message("hello"), rules) == "hel");
  CHECK(filled("%3p", message("hello")) == "hello");
  CHECK(filled("%2x", message("hello"), rules) == "6865");
  CHECK(filled("%2x", message("hello")) == "68656c6c6f");
  CHECK(filled("%18x", message(), rules) == "    6d657373616765");
  CHECK(filled("[%-x]", message("hello"), rules) == "[68656c6c6f]");
  CHECK(filled("[%-p]", message("hello"), rules) == "[hello]");
}

TEST_CASE("payloads that are numbers") {
  CHECK(filled("%f", message(octets(0.5F))) == "0.500000");
  CHECK(filled("%.3f", message(octets(0.7071F))) == "0.707");
  CHECK(filled("%8.2f|%-8.2f|%08.2f", message(octets(2.5F))) == "    2.50|2.50    |00002.50");
  CHECK(filled("%d", message(octets(2.718281828))) == "2.718282");
  CHECK(filled("%.3d", message(octets(2.718281828))) == "2.718");
  CHECK(filled("%.0d", message(octets(-3.0))) == "-3");
  CHECK(filled("%d", message(octets(1e300))).size() == 308);
  Outcome outcome = formatted("%f", message("xyz"));
  CHECK(outcome.fault == TemplateFault::NotFloat);
  CHECK(outcome.text == "");
  CHECK(formatted("%d", message("1234")).fault == TemplateFault::NotDouble);
  CHECK_FALSE(describe(TemplateFault::NotDouble).empty());
}

TEST_CASE("JSON: keys in their order, properties in that of the packet") {
  const wire::Properties properties = all_properties();
  MessageRecord record = message(R"({"a": 1.50, "b":[1, 2]})");
  record.properties = properties;
  CHECK(filled("%J", record) ==
        R"({"tst":"2026-11-20T23:42:27.094467+0000","topic":"02/sub/format/test","qos":1,)"
        R"("retain":false,"payloadlen":23,"mid":7,"properties":{"payload-format-indicator":1,)"
        R"("message-expiry-interval":4000000000,"content-type":"text/plain",)"
        R"("response-topic":"answer/here","correlation-data":"c\u0000d",)"
        R"("subscription-identifier":99,"topic-alias":5,)"
        R"("user-properties":[{"k1":"v1"},{"k2":"v 2"}]},"payload":{"a":1.50,"b":[1,2]}})");
  record = message("");
  record.qos = wire::Qos::AtMostOnce;
  record.retain = true;
  CHECK(filled("%j", record) ==
        R"({"tst":"2026-11-20T23:42:27.094467+0000","topic":"02/sub/format/test","qos":0,)"
        R"("retain":true,"payloadlen":0,"payload":null})");
}

TEST_CASE("JSON is JSON, whatever the payload is") {
  const std::vector<std::string> payloads{"ab\0cd"s, "\xff\xfe", "\"quoted\"\\", "\x1b[2J\n",
                                          "x\xc3"};
  for (const std::string& payload : payloads) {
    const std::string text = filled("%j", message(payload));
    REQUIRE(nlohmann::json::accept(text));
    const auto json = nlohmann::json::parse(text);
    CHECK(json["payloadlen"] == payload.size());
    if (json.contains("payload")) {
      CHECK(json["payload"] == payload);
    } else {
      std::string decoded;
      REQUIRE(from_base64(json["payload_base64"].get<std::string>(), decoded));
      CHECK(decoded == payload);
    }
    const Outcome embedded = formatted("before %J", message(payload));
    CHECK(embedded.fault == TemplateFault::NotJson);
    CHECK(embedded.text == "");
  }
}

TEST_CASE("several subscription identifiers do not repeat their key") {
  wire::Properties properties;
  properties.add(PropertyId::SubscriptionIdentifier, 3);
  properties.add(PropertyId::SubscriptionIdentifier, 268'435'455);
  MessageRecord record = message("1");
  record.properties = properties;
  CHECK(filled("%j", record).find(R"("subscription-identifier":[3,268435455])") !=
        std::string::npos);
  CHECK(filled("%S", record) == "3");
}

TEST_CASE("what is nested too deeply to be laid out is refused") {
  const std::size_t deepest = JsonReader::kMaxDepth;
  const std::string nested = std::string(deepest, '[') + std::string(deepest, ']');
  CHECK(formatted("%J", message(nested)).fault == TemplateFault::None);
  CHECK(formatted("%J", message(nested), {.pretty = true}).fault == TemplateFault::NotJson);
}

TEST_CASE("pretty JSON is indented with tabs") {
  std::string out;
  CHECK(append_pretty_json(out, R"({"a":1,"b":{"c":[1,{"d":"x, {y"}],"e":{}},"f":[]})"));
  CHECK(out ==
        "{\n\t\"a\":\t1,\n\t\"b\":\t{\n\t\t\"c\":\t[1, {\n\t\t\t\t\"d\":\t\"x, {y\"\n\t\t\t}],\n"
        "\t\t\"e\":\t{\n\t\t}\n\t},\n\t\"f\":\t[]\n}");
  CHECK(filled("%J", message(" { \"a b\" : [ 1 , -2.50e1,true ,\"\\\" \xE2\x80\xAE\" ] }\n"))
            .ends_with("\"payload\":{\"a b\":[1,-2.50e1,true,\"\\\" \xE2\x80\xAE\"]}}"));
  CHECK(filled("%J", message("[1, 2]"), {.pretty = true}).find("\"payload\":\t[1, 2]\n}") !=
        std::string::npos);
}

TEST_CASE("on a terminal nothing of the message can act on it") {
  wire::Properties properties;
  properties.add(PropertyId::ContentType,
                 "\xc2\x9b"
                 "31m");
  properties.add(PropertyId::CorrelationData, "\x1b]0;x\x07");
  properties.add_user_property("\x1b[1m", "v");
  MessageRecord record = message("\x1b[2J\xff");
  record.topic = "a\x1b[31m";
  record.properties = properties;
  const TemplateRules rules{.terminal = true};
  for (const std::string_view format : {"%t", "%p", "%20p", "%C", "%D", "%P", "%j"}) {
    const std::string out = filled(format, record, rules);
    INFO(format << ": " << out);
    CHECK(out.find('\x1b') == std::string::npos);
    CHECK(out.find("\xc2\x9b") == std::string::npos);
  }
  CHECK(filled("%p", record).find('\x1b') == 0);
  CHECK(filled("\\e[1m%q", record, rules) == "\x1b[1m1");
}

TEST_CASE("formats that are none are refused in mosquitto's words") {
  for (const Row& row : std::vector<Row>{{"%", "Incomplete format specifier."},
                                         {"%0", "Incomplete format specifier."},
                                         {"%-", "Incomplete format specifier."},
                                         {"%1", "Incomplete format specifier."},
                                         {"%.", "Incomplete format specifier."},
                                         {"%.1", "Incomplete format specifier."},
                                         {"%.1:", "Incomplete format specifier."},
                                         {"x@", "Incomplete format specifier."},
                                         {"%z", "Invalid format specifier 'z'."},
                                         {"%@s", "Invalid format specifier 's'."},
                                         {"%0-5l", "Invalid format specifier '5'."},
                                         {"%--5l", "Invalid format specifier '5'."},
                                         {"\\", "Incomplete escape specifier."},
                                         {"\\q", "Invalid escape specifier 'q'."}}) {
    INFO(row.format);
    const auto compiled = MessageTemplate::compile(row.format);
    REQUIRE_FALSE(compiled);
    CHECK(compiled.error().kind == ErrorKind::Usage);
    CHECK(compiled.error().message == row.expected);
  }
}

TEST_CASE("one compiled template serves many messages and seconds") {
  auto compiled = MessageTemplate::compile("@S %p\\n");
  REQUIRE(compiled);
  std::string out;
  MessageRecord record = message("1");
  compiled->append(out, record);
  record.time += std::chrono::seconds(33);
  record.payload = "2";
  compiled->append(out, record);
  CHECK(out == "27 1\n00 2\n");
}
