#include "payload/cbor.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "unit/output/random_document.hpp"

using namespace mqtk;

namespace {

std::string cbor_json(const char* hex) {
  std::string data;
  REQUIRE(from_hex(hex, data));
  std::string out;
  const auto done = append_cbor_as_json(out, data);
  return done ? out : "fault: " + done.error().message;
}

}  // namespace

TEST_CASE("the examples of RFC 8949, appendix A") {
  const std::pair<const char*, const char*> cases[] = {
      {"00", "0"},
      {"17", "23"},
      {"1818", "24"},
      {"1903e8", "1000"},
      {"1bffffffffffffffff", "18446744073709551615"},
      {"20", "-1"},
      {"3903e7", "-1000"},
      {"3bffffffffffffffff", "-18446744073709551616"},
      {"c249010000000000000000", "\"AQAAAAAAAAAA\""},
      {"c2420100", "256"},
      {"c3420100", "-257"},
      {"f90000", "0"},
      {"f93c00", "1"},
      {"f93e00", "1.5"},
      {"f97bff", "65504"},
      {"fb3ff199999999999a", "1.1"},
      {"fa47c35000", "1e+05"},
      {"f90001", "5.9604645e-08"},
      {"f9c400", "-4"},
      {"f97c00", "null"},
      {"f97e00", "null"},
      {"f4", "false"},
      {"f5", "true"},
      {"f6", "null"},
      {"f7", "null"},
      {"f8ff", "null"},
      {"c074323031332d30332d32315432303a30343a30305a", "\"2013-03-21T20:04:00Z\""},
      {"4401020304", "\"AQIDBA\""},
      {"60", "\"\""},
      {"6449455446", "\"IETF\""},
      {"62225c", R"("\"\\")"},
      {"62c3bc", "\"\xC3\xBC\""},
      {"80", "[]"},
      {"83010203", "[1,2,3]"},
      {"8301820203820405", "[1,[2,3],[4,5]]"},
      {"a0", "{}"},
      {"a201020304", R"({"1":2,"3":4})"},
      {"a26161016162820203", R"({"a":1,"b":[2,3]})"},
      {"5f42010243030405ff", "\"AQIDBAU\""},
      {"7f657374726561646d696e67ff", "\"streaming\""},
      {"9fff", "[]"},
      {"9f018202039f0405ffff", "[1,[2,3],[4,5]]"},
      {"bf61610161629f0203ffff", R"({"a":1,"b":[2,3]})"},
      {"d9d9f7a16161f5", R"({"a":true})"},
      {"a120f5", R"({"-1":true})"},
      {"a1f5fb3ff199999999999a", R"({"true":1.1})"}};
  for (const auto& [hex, json] : cases) {
    INFO(hex);
    CHECK(cbor_json(hex) == json);
  }
}

TEST_CASE("SenML, whose keys are numbers") {
  CHECK(cbor_json("81a300667365"
                  "6e736f72"
                  "016343656c"
                  "02fb4037400000000000") == R"([{"0":"sensor","1":"Cel","2":23.25}])");
}

TEST_CASE("payloads: what is no CBOR") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "octet 0: it ends too early"},
      {"18", "octet 1: it ends too early"},
      {"1c", "octet 1: this form is reserved"},
      {"1f", "octet 1: a length is missing"},
      {"6261", "octet 1: it ends too early"},
      {"9bffffffffffffffff", "octet 9: it ends too early"},
      {"bbffffffffffffffff01", "octet 9: it ends too early"},
      {"ff", "octet 1: a break stands outside of a list"},
      {"0000", "octet 1: octets are left over"},
      {"9f01", "octet 2: it ends too early"},
      {"5f6161ff", "octet 2: a string has a piece of another kind"},
      {"a1a10102", "octet 2: a key is a map"},
      {"a1800000", "octet 2: a key is a list"}};
  for (const auto& [hex, fault] : cases) {
    INFO(hex);
    CHECK(cbor_json(hex) == std::string("fault: ") + fault);
  }
  std::string out;
  CHECK_FALSE(append_cbor_as_json(out, std::string(100'000, '\x81')));
  CHECK_FALSE(append_cbor_as_json(out, std::string(100'000, '\xC1')));
}

TEST_CASE("documents of an independent encoder of CBOR come back") {
  test::check_round_trips(
      [](const auto& document) { return nlohmann::ordered_json::to_cbor(document); },
      append_cbor_as_json);
}
