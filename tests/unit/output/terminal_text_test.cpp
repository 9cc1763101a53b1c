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
  for (const std::string text :
       {"", "a/b/c", "plain text ~!@", "caf\u00e9 \u4e2d\u6587 \U0001F600", "\u00a0", "back\\slash",
        "\u061b\u2027\u202f\u2070", "\u00ac\u00ae",
        "\u2764\ufe0f 1\ufe0f\u20e3 \u00a9\ufe0e \U0001F321\ufe0f"}) {
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

TEST_CASE("what is not seen is shown escaped: zero-width, format, tags, selectors that hide text") {
  const Row rows[] = {
      {"pay\u200bpal", "pay\\u{200b}pal"},
      {"\u200c\u200d\u2060\ufeff", "\\u{200c}\\u{200d}\\u{2060}\\u{feff}"},
      {"a\u00adb\u034fc", "a\\u{ad}b\\u{34f}c"},
      {"\u115f\u3164\uffa0\u180e", "\\u{115f}\\u{3164}\\u{ffa0}\\u{180e}"},
      {"\u2061\u2065\u206a\ufff9", "\\u{2061}\\u{2065}\\u{206a}\\u{fff9}"},
      {"a\U000E0041\U000E007F", "a\\u{e0041}\\u{e007f}"},
      {"\U000E0100\U0001D173\U0001BCA0", "\\u{e0100}\\u{1d173}\\u{1bca0}"},
      // Behind a letter, twice, or of another kind they carry octets that nobody sees.
      {"a\ufe0f", "a\\u{fe0f}"},
      {"\u2764\ufe0f\ufe0e", "\u2764\ufe0f\\u{fe0e}"},
      {"\u2764\ufe00", "\u2764\\u{fe00}"},
      {"\ufe0f", "\\u{fe0f}"},
      {"\u202e\ufe0f", "\\u{202e}\\u{fe0f}"},
      {"\xff\ufe0f", "\\xff\\u{fe0f}"},
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
