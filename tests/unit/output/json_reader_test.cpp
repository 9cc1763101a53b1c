#include "output/json_reader.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "unit/output/random_document.hpp"

using namespace mqtk;

TEST_CASE("the pieces of a document are the text as it stands") {
  const std::string text = R"( { "b" : [1.0e+2, -0, "\u00e9\/"] , "a" : {} , "n" : null } )";
  JsonReader reader(text);
  std::string joined;
  for (auto token = reader.next(); token.kind != JsonReader::Kind::End; token = reader.next()) {
    REQUIRE(token.kind != JsonReader::Kind::Fault);
    joined.append(token.text).push_back('|');
  }
  CHECK(joined == R"({|"b"|[|1.0e+2|-0|"\u00e9\/"|]|"a"|{|}|"n"|null|}|)");
}

TEST_CASE("what is JSON and what is not") {
  for (const char* text : {"0", "-1", "1.5", "1e9", "1E-9", "\"\"", "true", "false", "null", "{}",
                           "[]", " [ 1 , 2 ] ", "{\"a\":{\"a\":[{}]}}", "\"\\ud83d\\ude00\"",
                           "\"\\ud83d\"", "\"\xC3\xA9\"", "[[[[[]]]]]", "\"\x7f\""}) {
    INFO(text);
    CHECK(is_json(text));
    CHECK(nlohmann::json::accept(text) == (std::string_view(text) != "\"\\ud83d\""));
  }
  for (const char* text : {"",
                           " ",
                           "01",
                           "+1",
                           "1.",
                           ".5",
                           "1e",
                           "1e+",
                           "-",
                           "tru",
                           "truee",
                           "nul",
                           "{",
                           "}",
                           "[",
                           "]",
                           "[1",
                           "[1,",
                           "[1,]",
                           "[,1]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{1:1}",
                           "\"",
                           "\"\\\"",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\n\"",
                           "\"\t\"",
                           "1 2",
                           "{}{}",
                           "[1 2]",
                           "\"\xFF\"",
                           "\"\xC0\x80\"",
                           "\"\xED\xA0\x80\"",
                           "'a'",
                           "[1}",
                           "{\"a\":1]",
                           "NaN"}) {
    INFO(text);
    CHECK_FALSE(is_json(text));
    CHECK_FALSE(nlohmann::json::accept(text));
  }
  CHECK_FALSE(is_json(std::string_view("\"\0\"", 3)));
  CHECK_FALSE(is_json(std::string_view("\"\\\0\"", 4)));
}

TEST_CASE("an independent reader agrees about documents and about damaged ones") {
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    std::string text = test::random_document(random).dump(random() % 2 == 0 ? -1 : 1);
    if (round % 3 != 0 && !text.empty()) {
      const std::size_t at = random() % text.size();
      if (random() % 2 == 0) {
        text.erase(at, 1 + random() % 3);
      } else {
        text[at] = "{}[],:\"\\0-x"[random() % 11];
      }
    }
    INFO(text);
    CHECK(is_json(text) == nlohmann::json::accept(text));
  }
}

TEST_CASE("nesting is bounded") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(is_json(nested(JsonReader::kMaxDepth)));
  CHECK_FALSE(is_json(nested(JsonReader::kMaxDepth + 1)));
  CHECK_FALSE(is_json(std::string(1'000'000, '[')));
}

TEST_CASE("strings and what they stand for") {
  CHECK(json_string_text(R"("a\"\\\/\b\f\n\r\t")") == "a\"\\/\b\f\n\r\t");
  CHECK(json_string_text(R"("\u0041\u00e9\u20ac\ud83d\ude00")") ==
        "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  CHECK(json_string_text(R"("\ud83dx\ude00")") == "\xEF\xBF\xBDx\xEF\xBF\xBD");
  CHECK(json_string_text(R"("\u0000")") == std::string(1, '\0'));
}
