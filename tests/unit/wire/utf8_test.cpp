#include "wire/utf8.hpp"

#include <string>

#include "support/catch.hpp"
#include "unit/wire/golden.hpp"

namespace mqtk::test {

namespace {

// The encoding of a code point, without asking whether it may be encoded.
std::string encoded(unsigned point) {
  std::string out;
  if (point < 0x80) {
    out.push_back(octet(point));
  } else if (point < 0x800) {
    out.push_back(octet(0xC0U | point >> 6U));
    out.push_back(octet(0x80U | (point & 0x3FU)));
  } else if (point < 0x10000) {
    out.push_back(octet(0xE0U | point >> 12U));
    out.push_back(octet(0x80U | (point >> 6U & 0x3FU)));
    out.push_back(octet(0x80U | (point & 0x3FU)));
  } else {
    out.push_back(octet(0xF0U | point >> 18U));
    out.push_back(octet(0x80U | (point >> 12U & 0x3FU)));
    out.push_back(octet(0x80U | (point >> 6U & 0x3FU)));
    out.push_back(octet(0x80U | (point & 0x3FU)));
  }
  return out;
}

bool accepted(Bytes text) {
  const BodyCopy copy(text);
  return is_mqtt_string(copy.bytes());
}

}  // namespace

TEST_CASE("every code point but NUL and the surrogates is accepted") {
  std::size_t wrong = 0;
  for (unsigned point = 0; point <= 0x110100; ++point) {
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    const bool scalar = !surrogate && point <= 0x10FFFF;
    const std::string text = encoded(point);
    if (is_utf8(text) != scalar) ++wrong;
    if (is_mqtt_string(text) != (scalar && point != 0)) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("ill-formed sequences are refused") {
  for (const std::string_view text :
       {"80",       "BF",          "C0 80",         "C1 BF",        "C2",
        "C2 41",    "C2 C2",       "E0 80 80",      "E0 9F BF",     "E1 80",
        "E1 80 41", "ED A0 80",    "ED BF BF",      "F0 80 80 80",  "F0 8F BF BF",
        "F1 80 80", "F1 80 80 41", "F4 90 80 80",   "F5 80 80 80",  "F8 88 80 80 80",
        "FE",       "FF",          "'abcdefgh' FF", "'abcdefg' C3", "FF 'abcdefgh'"}) {
    CAPTURE(text);
    const BodyCopy copy(bytes_of(text));
    CHECK_FALSE(is_utf8(copy.bytes()));
    CHECK_FALSE(is_mqtt_string(copy.bytes()));
  }
}

TEST_CASE("one bad octet is found at every place of every length") {
  for (std::size_t size = 1; size <= 40; ++size) {
    CHECK(accepted(std::string(size, 'a')));
    CHECK(accepted(std::string(size, '\x7F')));
    CHECK(accepted(std::string(size, '\x01')));
    for (std::size_t at = 0; at < size; ++at) {
      for (const char bad : {'\0', '\x80', '\xFF', '\xC3'}) {
        std::string text(size, 'a');
        text[at] = bad;
        CAPTURE(size, at, static_cast<int>(bad));
        REQUIRE_FALSE(accepted(text));
        const BodyCopy copy(text);
        REQUIRE(is_utf8(copy.bytes()) == (bad == '\0'));
      }
      if (at + 2 <= size) {
        std::string text(size, 'a');
        text[at] = '\xC3';
        text[at + 1] = '\xA4';
        REQUIRE(accepted(text));
      }
    }
  }
}

TEST_CASE("the empty string and the byte order mark are strings") {
  CHECK(is_mqtt_string(""));
  CHECK(is_mqtt_string(Bytes()));
  CHECK(is_mqtt_string("\xEF\xBB\xBF"));
}

}  // namespace mqtk::test
