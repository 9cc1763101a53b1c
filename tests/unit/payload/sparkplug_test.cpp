#include "payload/sparkplug.hpp"

#include <bit>

#include "output/json_reader.hpp"
#include "support/catch.hpp"

using namespace mqtk;

namespace {

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7U) out += octet(0x80U | (value & 0x7FU));
  return out + octet(static_cast<unsigned>(value));
}

std::string number(unsigned field, std::uint64_t value) {
  return varint(std::uint64_t{field} << 3U) + varint(value);
}

std::string octets(unsigned field, const std::string& value) {
  return varint((std::uint64_t{field} << 3U) | 2U) + varint(value.size()) + value;
}

std::string little(std::uint64_t bits, unsigned size) {
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += octet((bits >> (8 * i)) & 0xFFU);
  return out;
}

std::string float32(unsigned field, float value) {
  return varint((std::uint64_t{field} << 3U) | 5U) + little(std::bit_cast<std::uint32_t>(value), 4);
}

std::string float64(unsigned field, double value) {
  return varint((std::uint64_t{field} << 3U) | 1U) + little(std::bit_cast<std::uint64_t>(value), 8);
}

std::string sparkplug_json(const std::string& payload) {
  std::string out;
  const auto done = append_sparkplug_as_json(out, payload);
  if (!done) return "fault: " + done.error().message;
  CHECK(is_json(out));
  return out;
}

/// The value of a metric of this type.
std::string value_of(unsigned type, const std::string& fields) {
  const std::string json = sparkplug_json(octets(2, number(4, type) + fields));
  const auto at = json.find("\"value\":");
  REQUIRE(at != std::string::npos);
  return json.substr(at + 8, json.size() - at - 8 - 3);
}

}  // namespace

TEST_CASE("a payload with its metrics") {
  const std::string metric = octets(1, "Temp/Outside") + number(2, 7) +
                             number(3, 1'700'000'000'000) + number(4, 9) + number(5, 1) +
                             float32(12, 20.5F);
  CHECK(sparkplug_json(number(1, 1'700'000'000'001) + octets(2, metric) +
                       octets(2, number(2, 8) + float64(13, 1.25)) + number(3, 255) +
                       octets(4, "id") + octets(5, "\xFF")) ==
        R"({"timestamp":1700000000001,"metrics":[{"name":"Temp/Outside","alias":7,)"
        R"("timestamp":1700000000000,"is_historical":true,"datatype":"Float","value":20.5},)"
        R"({"alias":8,"value":1.25}],"seq":255,"uuid":"id","body":"_w"})");
  CHECK(sparkplug_json("") == "{}");
}

TEST_CASE("values by their data types") {
  CHECK(value_of(1, number(10, 0xFFFF'FFFF)) == "-1");
  CHECK(value_of(1, number(10, 0xFF)) == "-1");
  CHECK(value_of(2, number(10, 0xFFFF'8000)) == "-32768");
  CHECK(value_of(3, number(10, 0xFFFF'FFFE)) == "-2");
  CHECK(value_of(4, number(11, ~std::uint64_t{0})) == "-1");
  CHECK(value_of(7, number(10, 0xFFFF'FFFF)) == "4294967295");
  CHECK(value_of(8, number(11, ~std::uint64_t{0})) == "18446744073709551615");
  CHECK(value_of(11, number(14, 1)) == "true");
  CHECK(value_of(12, octets(15, "on")) == "\"on\"");
  CHECK(value_of(13, number(11, 1)) == "1");
  CHECK(value_of(17, octets(16, "\xFF\xFE")) == "\"__4\"");
  CHECK(value_of(3, number(7, 1)) == "null");
  CHECK(value_of(99, number(10, 5)) == "5");
}

TEST_CASE("arrays") {
  CHECK(value_of(22, octets(16, "\xFF\x01")) == "[-1,1]");
  CHECK(value_of(23, octets(16, little(0xFFFE, 2))) == "[-2]");
  CHECK(value_of(24, octets(16, little(0xFFFF'FFFE, 4))) == "[-2]");
  CHECK(value_of(25, octets(16, little(~std::uint64_t{0}, 8))) == "[-1]");
  CHECK(value_of(28, octets(16, little(0xFFFF'FFFE, 4))) == "[4294967294]");
  CHECK(value_of(30, octets(16, little(std::bit_cast<std::uint32_t>(1.5F), 4))) == "[1.5]");
  CHECK(value_of(31, octets(16, little(std::bit_cast<std::uint64_t>(0.1), 8))) == "[0.1]");
  CHECK(value_of(32, octets(16, little(9, 4) + "\xA0\x80")) ==
        "[true,false,true,false,false,false,false,false,true]");
  CHECK(value_of(33, octets(16, std::string("ab\0\0", 4))) == R"(["ab",""])");
  CHECK(value_of(34, octets(16, "")) == "[]");
  CHECK(sparkplug_json(octets(2, number(4, 24) + octets(16, "abc"))) ==
        "fault: an array does not hold whole elements");
  CHECK(sparkplug_json(octets(2, number(4, 33) + octets(16, "abc"))).starts_with("fault"));
  CHECK(sparkplug_json(octets(2, number(4, 32) + octets(16, "abc"))).starts_with("fault"));
  CHECK(sparkplug_json(octets(2, number(4, 32) + octets(16, little(0xFFFF'FFFF, 4))))
            .starts_with("fault"));
}

TEST_CASE("data sets, templates, properties, metadata") {
  const std::string row = octets(4, octets(1, number(1, 0xFFFF'FFFF)) + octets(1, octets(6, "x")));
  CHECK(value_of(16, octets(17, number(1, 2) + octets(2, "n") + octets(2, "s") + number(3, 3) +
                                    number(3, 12) + row)) ==
        R"({"columns":["n","s"],"types":["Int32","String"],"rows":[[-1,"x"]]})");
  CHECK(value_of(19, octets(18, octets(1, "1.0") + octets(2, octets(1, "m") + number(10, 5)) +
                                    octets(3, octets(1, "p") + number(2, 3) + number(3, 6)) +
                                    octets(4, "Motor") + number(5, 1))) ==
        R"({"version":"1.0","template_ref":"Motor","is_definition":true,)"
        R"("parameters":[{"name":"p","datatype":"Int32","value":6}],)"
        R"("metrics":[{"name":"m","value":5}]})");
  const std::string set = octets(1, "unit") + octets(2, number(1, 12) + octets(8, "C")) +
                          octets(1, "q") + octets(2, number(1, 3) + number(3, 192)) +
                          octets(1, "none") + octets(2, number(2, 1));
  const std::string nested = octets(1, "in") + octets(2, number(1, 20) + octets(9, set)) +
                             octets(1, "l") + octets(2, octets(10, octets(1, set)));
  const std::string flat = R"({"unit":"C","q":192,"none":null})";
  CHECK(sparkplug_json(octets(2, octets(9, nested))) == R"({"metrics":[{"properties":{"in":)" +
                                                            flat + R"(,"l":[)" + flat +
                                                            R"(]},"value":null}]})");
  CHECK(sparkplug_json(octets(2, octets(8, number(1, 1) + octets(2, "text/csv") + number(3, 9)))) ==
        R"({"metrics":[{"metadata":{"is_multi_part":true,"content_type":"text/csv","size":9},)"
        R"("value":null}]})");
  CHECK(sparkplug_json(octets(2, octets(9, octets(1, "a")))) == "fault: a property has no value");
}

TEST_CASE("payloads: what is no Sparkplug payload") {
  for (const std::string& data :
       {std::string("\x07"), std::string("\x00", 1), std::string("hello"), octets(2, "\x0A\x05"),
        std::string("\x0A\xFF\xFF\xFF\xFF\x0F"), std::string(11, '\xFF'), std::string("\x08")}) {
    INFO(to_hex(data));
    CHECK(sparkplug_json(data).starts_with("fault: "));
  }
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep = octets(2, octets(18, deep));
  CHECK(sparkplug_json(deep) == "fault: it is nested too deep");
  std::string sets;
  for (int i = 0; i < 1000; ++i) sets = octets(1, "a") + octets(2, octets(9, sets));
  CHECK(sparkplug_json(octets(2, octets(9, sets))) == "fault: it is nested too deep");
}

TEST_CASE("topics of Sparkplug") {
  for (const char* topic : {"spBv1.0/g/NBIRTH/n", "spBv1.0/g/DDATA/n/d", "spBv1.0/g/NCMD/n"}) {
    CHECK(is_sparkplug_topic(topic));
  }
  for (const char* topic : {"spBv1.0", "spBv1.0/STATE/host", "spBv1.0/g/NBIRTH/n/d",
                            "spBv1.0/g/DDATA/n", "spBv1.0/g/DDATA/n/d/e", "spAv1.0/g/NDATA/n",
                            "x/spBv1.0/g/NDATA/n", "spBv1.0/g/OTHER/n", ""}) {
    CHECK_FALSE(is_sparkplug_topic(topic));
  }
}
