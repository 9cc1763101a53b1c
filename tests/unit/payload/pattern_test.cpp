#include "payload/pattern.hpp"

#include "support/catch.hpp"

using namespace mqtk;

TEST_CASE("a pattern is searched for anywhere") {
  const auto pattern = Pattern::compile("^a.+(x|y)$");
  REQUIRE(pattern);
  CHECK(pattern->matches("abx"));
  CHECK_FALSE(pattern->matches("bax"));
  CHECK_FALSE(pattern->matches("ax"));
  CHECK(Pattern::compile("b")->matches("abc"));
  CHECK(Pattern::compile("")->matches(""));
  CHECK(Pattern::compile("end$")->matches(std::string_view("a\0end", 5)));
}

TEST_CASE("long texts cost no stack") {
  const std::string text(4 << 20, 'a');
  CHECK_FALSE(Pattern::compile("(a|b)*c$")->matches(text));
  CHECK(Pattern::compile("(a|b)*$")->matches(text));
}

TEST_CASE("payloads: what is no pattern") {
  for (const char* text : {"(", "[", "a{2,1}", "[[:nosuch:]]"}) {
    const auto pattern = Pattern::compile(text);
    REQUIRE_FALSE(pattern);
    CHECK(pattern.error().kind == ErrorKind::Usage);
  }
  CHECK_FALSE(Pattern::compile(std::string_view("a\0b", 3)));
}
