#include "output/json_layout.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "unit/output/random_document.hpp"

using namespace mqtk;

namespace {

std::string line(const std::string& json) {
  std::string out;
  append_json_line(out, json);
  return out;
}

std::string indented(const std::string& json, JsonLayout layout = {}) {
  std::string out;
  append_json_indented(out, json, layout);
  return out;
}

}  // namespace

TEST_CASE("white space goes, digits, order and escapes stay") {
  CHECK(line(" { \"b\" : [ 1.0E5 , 0.10 ] ,\r\n\t\"a\" : \"\\u00e9 x\" , \"c\" : { } } ") ==
        R"({"b":[1.0E5,0.10],"a":"\u00e9 x","c":{}})");
  CHECK(line("[]") == "[]");
  CHECK(line(" 12345678901234567890123 ") == "12345678901234567890123");
}

TEST_CASE("what a terminal would act upon is escaped in strings") {
  const std::string text = "{\"k\xC2\x9B\":\"a\xE2\x80\xAE\x7F\xC3\xA9\"}";
  CHECK(line(text) == "{\"k\\u009b\":\"a\\u202e\\u007f\xC3\xA9\"}");
  CHECK(indented(text) == "{\n  \"k\\u009b\": \"a\\u202e\\u007f\xC3\xA9\"\n}");
}

TEST_CASE("indented for people") {
  CHECK(indented(R"({"a":[1,2,3],"b":{"c":[],"d":{}},"e":["x",{"f":null}]})") ==
        "{\n  \"a\": [1, 2, 3],\n  \"b\": {\n    \"c\": [],\n    \"d\": {}\n  },\n  \"e\": [\n"
        "    \"x\",\n    {\n      \"f\": null\n    }\n  ]\n}");
  CHECK(indented("5") == "5");
  CHECK(indented("[[1],[2]]") == "[\n  [1],\n  [2]\n]");
}

TEST_CASE("colour wraps keys and values and changes nothing else") {
  const std::string text = R"({"a":[1,"x",true]})";
  std::string colored = indented(text, {.color = true, .limit = 0});
  CHECK(colored.find("\x1b[34m\"a\"\x1b[0m: ") != std::string::npos);
  for (auto from = colored.find('\x1b'); from != std::string::npos; from = colored.find('\x1b')) {
    colored.erase(from, colored.find('m', from) + 1 - from);
  }
  CHECK(colored == indented(text));
}

TEST_CASE("an independent reader finds the same document in either form") {
  std::mt19937 random(5);
  for (int round = 0; round < 500; ++round) {
    const auto document = test::random_document(random);
    CHECK(nlohmann::ordered_json::parse(line(document.dump(2))) == document);
    CHECK(nlohmann::ordered_json::parse(indented(document.dump())) == document);
    CHECK(line(indented(document.dump())) == line(document.dump()));
  }
}

TEST_CASE("a limit is kept and told") {
  std::string out;
  CHECK(append_json_indented(out, "[\"" + std::string(5000, 'x') + "\"]",
                             {.color = true, .limit = 100}) == 100);
  CHECK(out == "[\n  \"" + std::string(98, 'x'));
  out.clear();
  CHECK(append_json_indented(out, std::string(100, '[') + std::string(100, ']'),
                             {.color = false, .limit = 50}) == 50);
  CHECK(std::count(out.begin(), out.end(), '[') == 50);
  out.clear();
  CHECK(append_json_indented(out, "[1]", {.color = false, .limit = 100}) == 3);
  CHECK(out == "[1]");
}

TEST_CASE("indentation does not grow with hostile nesting") {
  const std::string deep = std::string(500, '[') + std::string(500, ']');
  CHECK(indented(deep).size() < 1000 * 70);
}
