#include "wire/topic.hpp"

#include "support/catch.hpp"
#include "wire/types.hpp"

namespace mqtk::test {

using namespace mqtk::wire;

namespace {

std::string_view rule_of(const std::optional<TopicFault>& fault) {
  return fault ? fault->rule : "legal";
}

struct Match {
  std::string_view filter;
  std::string_view topic;
  bool matches;
};

}  // namespace

TEST_CASE("topic names") {
  for (const std::string_view name :
       {"a", "/", "//", "a/b", "/a", "a/", " ", "$SYS/broker", "$", "sport/tennis/player1",
        "\xC3\xA4/\xF0\x9F\x8D\x95", "a name with blanks and 'quotes'", "\x01"}) {
    CAPTURE(name);
    CHECK_FALSE(check_topic_name(name));
  }
  CHECK(rule_of(check_topic_name("")) == "MQTT-4.7.3-1");
  CHECK(rule_of(check_topic_name("#")) == "MQTT-3.3.2-2");
  CHECK(rule_of(check_topic_name("a/+/b")) == "MQTT-3.3.2-2");
  CHECK(rule_of(check_topic_name("\xC3\xA4+")) == "MQTT-3.3.2-2");
  CHECK(rule_of(check_topic_name(std::string_view("a\0b", 3))) == "MQTT-4.7.3-2");
  CHECK(rule_of(check_topic_name("\xFF")) == "MQTT-1.5.4-1");
  CHECK_FALSE(check_topic_name(std::string(65535, 'a')));
  CHECK(rule_of(check_topic_name(std::string(65536, 'a'))) == "MQTT-4.7.3-3");
}

TEST_CASE(
    "a wildcard is found at every place of a name of every length, and nothing else is taken for "
    "one") {
  for (std::size_t size = 1; size <= 24; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int c = 1; c < 128; ++c) {
        std::string name(size, 'a');
        name[at] = static_cast<char>(c);
        const bool wildcard = c == '+' || c == '#';
        if (check_topic_name(name).has_value() != wildcard) {
          CAPTURE(size, at, c);
          FAIL("wrong about a character");
        }
      }
    }
  }
  SUCCEED();
}

TEST_CASE("topic filters") {
  for (const std::string_view filter :
       {"#",          "+",          "/",          "a",
        "a/#",        "/#",         "+/#",        "+/+",
        "/+",         "+/",         "a/+/b",      "a//+//#",
        "$SYS/#",     "$share/g/a", "$share/g/#", "$share/g/+/a",
        "$share/g//", "$share",     "$shared/a",  "$share/\xC3\xA4/a"}) {
    CAPTURE(filter);
    CHECK(rule_of(check_topic_filter(filter)) == "legal");
  }
  for (const std::string_view filter : {"##", "a#", "#/", "#/a", "a/#/b", "a/b#", "a/##"}) {
    CAPTURE(filter);
    CHECK(rule_of(check_topic_filter(filter)) == "MQTT-4.7.1-1");
  }
  for (const std::string_view filter :
       {"a+", "+a", "++", "+#", "a/b+", "a/+b/c", "+/a+/b", "/++"}) {
    CAPTURE(filter);
    CHECK(rule_of(check_topic_filter(filter)) == "MQTT-4.7.1-2");
  }
  CHECK(rule_of(check_topic_filter("")) == "MQTT-4.7.3-1");
  CHECK(rule_of(check_topic_filter(std::string_view("\0", 1))) == "MQTT-4.7.3-2");
  CHECK(rule_of(check_topic_filter(std::string(65536, 'a'))) == "MQTT-4.7.3-3");
  CHECK(rule_of(check_topic_filter("a/\xC3")) == "MQTT-1.5.4-1");
}

TEST_CASE("shared subscriptions") {
  CHECK(rule_of(check_topic_filter("$share/")) == "MQTT-4.8.2-1");
  CHECK(rule_of(check_topic_filter("$share//a")) == "MQTT-4.8.2-1");
  CHECK(rule_of(check_topic_filter("$share/g")) == "MQTT-4.8.2-2");
  CHECK(rule_of(check_topic_filter("$share/g/")) == "MQTT-4.8.2-2");
  CHECK(rule_of(check_topic_filter("$share/+/a")) == "MQTT-4.8.2-2");
  CHECK(rule_of(check_topic_filter("$share/g#/a")) == "MQTT-4.8.2-2");
  CHECK(rule_of(check_topic_filter("$share/g/a#")) == "MQTT-4.7.1-1");
  CHECK_FALSE(check_topic_filter("$share/g", SharedFilters::Unknown));
  CHECK_FALSE(check_topic_filter("$share//+", SharedFilters::Unknown));

  const auto parts = split_shared("$share/group/a/+/b");
  REQUIRE(parts);
  CHECK(parts->group == "group");
  CHECK(parts->filter == "a/+/b");
  CHECK(split_shared("$share/g//")->filter == "/");
  CHECK_FALSE(split_shared("$share"));
  CHECK_FALSE(split_shared("$share/g"));
  CHECK_FALSE(split_shared("share/g/a"));
}

TEST_CASE("which filter matches which name") {
  const Match cases[] = {
      {"sport/tennis/player1/#", "sport/tennis/player1", true},
      {"sport/tennis/player1/#", "sport/tennis/player1/ranking", true},
      {"sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true},
      {"sport/tennis/player1/#", "sport/tennis/player10", false},
      {"sport/#", "sport", true},
      {"sport/#", "sport/", true},
      {"sport/#", "sports", false},
      {"sport/#", "spor", false},
      {"#", "a", true},
      {"#", "/", true},
      {"#", "a/b/c", true},
      {"sport/tennis/+", "sport/tennis/player1", true},
      {"sport/tennis/+", "sport/tennis/player1/ranking", false},
      {"sport/+", "sport", false},
      {"sport/+", "sport/", true},
      {"+", "a", true},
      {"+", "/a", false},
      {"+/+", "/finance", true},
      {"/+", "/finance", true},
      {"+/tennis/#", "sport/tennis", true},
      {"+/tennis/#", "/tennis/x", true},
      {"sport/+/player1", "sport/tennis/player1", true},
      {"sport/+/player1", "sport//player1", true},
      {"sport/+/player1", "sport/player1", false},
      {"+/#", "a", true},
      {"+/+/#", "a", false},
      {"+/+/#", "a/b", true},
      {"a", "a", true},
      {"a", "A", false},
      {"a", "a/", false},
      {"a/", "a", false},
      {"/a", "a", false},
      {"a//b", "a//b", true},
      {"a/+/b", "a/b", false},
      {"/", "/", true},
      {"/#", "/", true},
      {"/#", "/a", true},
      {"/#", "a", false},
      {"#", "$SYS/broker", false},
      {"+/broker", "$SYS/broker", false},
      {"+", "$SYS", false},
      {"$SYS/#", "$SYS/broker/clients", true},
      {"$SYS/#", "$SYS", true},
      {"$SYS/+/clients", "$SYS/broker/clients", true},
      {"a/#", "a/$SYS", true},
      {"a/+", "a/$b", true},
      {"\xC3\xA4/+", "\xC3\xA4/b", true},
  };
  for (const Match& match : cases) {
    CAPTURE(match.filter, match.topic);
    CHECK(topic_matches(match.filter, match.topic) == match.matches);
    CHECK(TopicFilter(std::string(match.filter)).matches(match.topic) == match.matches);
    CHECK(TopicFilter("$share/group/" + std::string(match.filter)).matches(match.topic) ==
          match.matches);
  }
}

TEST_CASE("a filter keeps its text") {
  CHECK(TopicFilter("$share/g/a").text() == "$share/g/a");
}

}  // namespace mqtk::test
