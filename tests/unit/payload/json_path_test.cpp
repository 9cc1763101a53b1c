#include "payload/json_path.hpp"

#include "support/catch.hpp"

using namespace mqtk;

namespace {

std::string at(const char* path, const char* document) {
  const auto parsed = JsonPath::parse(path);
  INFO(path);
  REQUIRE(parsed);
  return std::string(parsed->find(document));
}

constexpr const char* kDocument =
    R"({"a":{"b":[10,{"c":1.50}]},"a b":"x","":0,"k/~":2,"0":3,"d":1,"d":2,"\u0065":5,"a.b":6})";

}  // namespace

TEST_CASE("both ways to write a path lead to the value as it is written") {
  CHECK(at(".a.b[0]", kDocument) == "10");
  CHECK(at("/a/b/0", kDocument) == "10");
  CHECK(at(".a.b[1].c", kDocument) == "1.50");
  CHECK(at("/a/b/1/c", kDocument) == "1.50");
  CHECK(at(".a.b[1]", kDocument) == R"({"c":1.50})");
  CHECK(at(".[\"a b\"]", kDocument) == "\"x\"");
  CHECK(at("[\"a.b\"]", kDocument) == "6");
  CHECK(at("/a b", kDocument) == "\"x\"");
  CHECK(at("/", kDocument) == "0");
  CHECK(at("/k~1~0", kDocument) == "2");
  CHECK(at("/0", kDocument) == "3");
  CHECK(at(".0", kDocument) == "3");
  CHECK(at(".d", kDocument) == "2");
  CHECK(at(".e", kDocument) == "5");
  CHECK(at(".", " [1, 2] ") == "[1, 2]");
  CHECK(at("[1][0]", "[0,[7]]") == "7");
}

TEST_CASE("where nothing is") {
  for (const char* path :
       {".x", ".a.x", ".a[0]", ".a.b[2]", ".a.b.c", "/a/b/00", "/a/b/-", ".d.e", ".a.b[0].c"}) {
    CHECK(at(path, kDocument).empty());
  }
  CHECK(at(".a", "not json").empty());
  CHECK(at(".a", "{\"a\":").empty());
  CHECK(at(".a", "{\"b\":[1,}").empty());
  CHECK(at(".a", "").empty());
  CHECK(at("[0]", "[").empty());
  CHECK(at("[1]", "[1").empty());
}

TEST_CASE("paths that are none") {
  for (const char* path : {"", "a", ".a.", "..a", ".a[", ".a[x]", ".a[-1]", ".a[01]", ".a[0]b",
                           ".[\"a]", ".[\"a\"", "/a~2", "/a~", ".a[99999999999]"}) {
    INFO(path);
    const auto parsed = JsonPath::parse(path);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == ErrorKind::Usage);
  }
}
