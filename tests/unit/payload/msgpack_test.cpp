#include "payload/msgpack.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "unit/output/random_document.hpp"

using namespace mqtk;

namespace {

std::string msgpack_json(const char* hex) {
  std::string data;
  REQUIRE(from_hex(hex, data));
  std::string out;
  const auto done = append_msgpack_as_json(out, data);
  return done ? out : "fault: " + done.error().message;
}

}  // namespace

TEST_CASE("every form of the format") {
  const std::pair<const char*, const char*> cases[] = {
      {"00", "0"},
      {"7f", "127"},
      {"ff", "-1"},
      {"e0", "-32"},
      {"c0", "null"},
      {"c2", "false"},
      {"c3", "true"},
      {"cc80", "128"},
      {"cdffff", "65535"},
      {"ceffffffff", "4294967295"},
      {"cfffffffffffffffff", "18446744073709551615"},
      {"d080", "-128"},
      {"d18000", "-32768"},
      {"d280000000", "-2147483648"},
      {"d38000000000000000", "-9223372036854775808"},
      {"ca3fc00000", "1.5"},
      {"cb3ff199999999999a", "1.1"},
      {"a0", "\"\""},
      {"a3616263", "\"abc\""},
      {"d903616263", "\"abc\""},
      {"da0003616263", "\"abc\""},
      {"db00000003616263", "\"abc\""},
      {"c4020102", "\"AQI\""},
      {"c500020102", "\"AQI\""},
      {"c6000000020102", "\"AQI\""},
      {"90", "[]"},
      {"920102", "[1,2]"},
      {"dc00020102", "[1,2]"},
      {"dd000000020102", "[1,2]"},
      {"80", "{}"},
      {"81a16101", R"({"a":1})"},
      {"de0001a16101", R"({"a":1})"},
      {"df00000001a16101", R"({"a":1})"},
      {"8105a178", R"({"5":"x"})"},
      {"81c3c0", R"({"true":null})"},
      {"d40501", R"({"ext":5,"data":"AQ"})"},
      {"c7020501ff", R"({"ext":5,"data":"Af8"})"},
      {"d6ff00000001", "\"1970-01-01T00:00:01Z\""},
      {"d7ff0000000400000001", "\"1970-01-01T00:00:01.000000001Z\""},
      {"c70cff00000000ffffffffffffffff", "\"1969-12-31T23:59:59Z\""},
      {"a2c3bc", "\"\xC3\xBC\""},
      {"a1ff", "\"\xEF\xBF\xBD\""}};
  for (const auto& [hex, json] : cases) {
    INFO(hex);
    CHECK(msgpack_json(hex) == json);
  }
}

TEST_CASE("payloads: what is no MessagePack") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "octet 0: it ends too early"},
      {"c1", "octet 1: no value begins with this octet"},
      {"cd00", "octet 1: it ends too early"},
      {"a261", "octet 1: it ends too early"},
      {"ddffffffff", "octet 5: it ends too early"},
      {"dfffffffff0000", "octet 5: it ends too early"},
      {"c0c0", "octet 1: octets are left over"},
      {"8191c0c0", "octet 2: a key is a list"},
      {"81810000c0", "octet 2: a key is a map"},
      {"81d40501c0", "octet 4: a key is an extension"}};
  for (const auto& [hex, fault] : cases) {
    INFO(hex);
    CHECK(msgpack_json(hex) == std::string("fault: ") + fault);
  }
  std::string out;
  CHECK_FALSE(append_msgpack_as_json(out, std::string(100'000, '\x91')));
}

TEST_CASE("documents of an independent encoder of MessagePack come back") {
  test::check_round_trips(
      [](const auto& document) { return nlohmann::ordered_json::to_msgpack(document); },
      append_msgpack_as_json);
}
