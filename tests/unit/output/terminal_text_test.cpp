#include "output/terminal_text.hpp"

#include <algorithm>

#include "support/catch.hpp"

namespace mqtk::test {

using namespace std::string_literals;

namespace {

struct Row {
  std::string text;
  std::string shown;
};

}  // namespace

TEST_CASE("what a terminal may show passes unchanged") {
  for (const std::string text : {"", "a/b/c", "plain text ~!@", "caf\u00e9 \u4e2d\u6587 \U0001F600",
                                 "\u00a0", "back\\slash", "\u061b\u2027\u202f\u2065\u206a"}) {
    CHECK(terminal_text(text) == text);
    CHECK(terminal_text(text, Lines::Keep) == text);
  }
}

TEST_CASE("control characters are shown escaped") {
  const Row rows[] = {
      {"\x1b[31mred", "\\x1b[31mred"},
      {"\0"s, "\\x00"},
      {"a\rb", "a\\x0db"},
      {"\x07", "\\x07"},
      {"\x7f", "\\x7f"},
      {"\u0080\u009b\u009f", "\\u{80}\\u{9b}\\u{9f}"},
      {"\u202e\u2066\u200f\u061c", "\\u{202e}\\u{2066}\\u{200f}\\u{61c}"},
      {"\u202a\u202d\u2069\u200e", "\\u{202a}\\u{202d}\\u{2069}\\u{200e}"},
      {"\u2028\u2029", "\\u{2028}\\u{2029}"},
  };
  for (const Row& row : rows) {
    CHECK(terminal_text(row.text, Lines::Escape) == row.shown);
    CHECK(terminal_text(row.text, Lines::Keep) == row.shown);
  }
}

TEST_CASE("newline and tab are kept or escaped") {
  CHECK(terminal_text("a\n\tb", Lines::Keep) == "a\n\tb");
  CHECK(terminal_text("a\n\tb", Lines::Escape) == "a\\x0a\\x09b");
}

TEST_CASE("octets that are no UTF-8 are shown escaped one by one") {
  const Row rows[] = {
      {"\xff\xfe", "\\xff\\xfe"},
      {"a\x80z", "a\\x80z"},
      {"\xc3", "\\xc3"},  // cut off
      {"\xe2\x82", "\\xe2\\x82"},
      {"\xc3(", "\\xc3("},
      {"\xc0\xaf", "\\xc0\\xaf"},  // overlong
      {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},
      {"\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf"},
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // surrogate
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // beyond U+10FFFF
      {"\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"},
      {"\xc0\x80", "\\xc0\\x80"},
      {"\x9b"
       "31m",
       "\\x9b31m"},  // an eight-bit escape sequence
  };
  for (const Row& row : rows) CHECK(terminal_text(row.text) == row.shown);
}

TEST_CASE("no octet value gets a control character through") {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string shown = terminal_text(std::string{octet(first), octet(second)});
      const auto raw = [](char c) { return u8(c) < 0x20 || u8(c) == 0x7F; };
      if (std::any_of(shown.begin(), shown.end(), raw)) {
        FAIL("octets " << first << " " << second);
      }
      if (shown.find("\xc2\x9b") != std::string::npos) FAIL("CSI passed");
    }
  }
}

TEST_CASE("text is appended") {
  std::string out = "before ";
  append_terminal_text(out, "\x01", Lines::Keep);
  CHECK(out == "before \\x01");
}

}  // namespace mqtk::test
