#include "payload/condition.hpp"

#include "support/catch.hpp"

using namespace mqtk;

namespace {

const std::string kPayload =
    R"({"t":20.5,"n":9007199254740993,"s":"on","f":false,"z":null,"l":[1,"two"],"neg":-3,"o":{}})";

bool holds(const char* text) {
  const auto condition = Condition::parse(text);
  INFO(text);
  REQUIRE(condition);
  return condition->holds(
      {.topic = "plant/a/temp", .payload = kPayload, .qos = 1, .retain = true, .json = [] {
         return Bytes(kPayload);
       }});
}

}  // namespace

TEST_CASE("conditions that hold") {
  for (const char* text : {"topic =~ ^plant/[a-c]/",
                           "topic == plant/a/temp",
                           "topic !~ x$",
                           "topic != other",
                           "qos == 1",
                           "qos >= 1",
                           "qos < 2",
                           "retain",
                           "retain == true",
                           "retain != false",
                           "size > 50",
                           "payload =~ \"s\":\"on\"",
                           ".t > 20",
                           ".t == 20.50",
                           ".t<=20.5",
                           "/t >= 20",
                           ".n == 9007199254740993",
                           ".n > 9007199254740992",
                           ".s == on",
                           ".s == \"on\"",
                           ".s =~ ^o",
                           ".s",
                           ".t",
                           "!.f",
                           "!.z",
                           "!.missing",
                           ".f == false",
                           ".z == null",
                           ".l[1] == two",
                           "/l/0 < 2",
                           ".neg < 0",
                           ".neg >= -3",
                           ".neg < 18446744073709551615",
                           ".s < p",
                           ".o",
                           ".l[0] = 1",
                           ".t != 21",
                           ".s != 20",
                           ".l",
                           " .s  ==  on "}) {
    CHECK(holds(text));
  }
}

TEST_CASE("conditions that do not") {
  for (const char* text : {"topic =~ ^a",
                           "topic == plant",
                           "qos == 0",
                           "!retain",
                           "retain == false",
                           "size < 10",
                           ".t > 21",
                           ".n == 9007199254740992",
                           ".s == off",
                           ".s == 1",
                           ".t == on",
                           ".t < on",
                           ".missing == 1",
                           ".missing != 1",
                           ".missing =~ .",
                           ".f",
                           ".z",
                           ".missing",
                           "!.s",
                           ".s > 1",
                           ".l == 1",
                           ".o < 3",
                           ".t =~ ^5",
                           ".neg > 18446744073709551615"}) {
    CHECK_FALSE(holds(text));
  }
}

TEST_CASE("without a document no path holds") {
  for (const char* text : {".a", ".a == 1", ".a != 1"}) {
    const auto condition = Condition::parse(text);
    REQUIRE(condition);
    CHECK_FALSE(condition->holds({.topic = "t", .payload = "x", .json = [] { return Bytes(); }}));
    CHECK_FALSE(condition->holds({.topic = "t", .payload = "x", .json = {}}));
  }
}

TEST_CASE("the payload is decoded only when a path is asked for") {
  CHECK(Condition::parse(".a > 1")->needs_json());
  CHECK_FALSE(Condition::parse("topic =~ a")->needs_json());
  CHECK_FALSE(Condition::parse("payload =~ a")->needs_json());
}

TEST_CASE("conditions that are none") {
  for (const char* text :
       {"", "topic", "size", "colour == red", ".a >", ".a =~ (", "qos == high", "retain == 1",
        "size > big", ".a[ == 1", "!.a == 1", "!", ".a ! 1", "payload", "qos =="}) {
    INFO(text);
    const auto condition = Condition::parse(text);
    REQUIRE_FALSE(condition);
    CHECK(condition.error().kind == ErrorKind::Usage);
  }
}
