#include "pub/line_splitter.hpp"

#include <vector>

#include "support/catch.hpp"

namespace mqtk::pub::test {

using namespace std::string_literals;

namespace {

/// The lines of `text` when it arrives in blocks of `size`, which are gone as soon as they are used
/// up.
std::vector<std::string> split(const std::string& text, std::size_t size) {
  std::vector<std::string> lines;
  LineSplitter splitter;
  TextLine line;
  for (std::size_t at = 0; at < text.size(); at += size) {
    std::string block = text.substr(at, size);
    splitter.feed(block);
    while (splitter.next(line)) lines.emplace_back(line.text);
    block.assign(block.size(), '#');
  }
  if (splitter.finish(line)) lines.emplace_back(line.text);
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("lines, however the input is cut into blocks") {
  const struct {
    std::string text;
    Lines lines;
  } rows[] = {
      {"", {}},
      {"\n", {""}},
      {"a\n", {"a"}},
      {"a", {"a"}},
      {"one\ntwo\n\nfour", {"one", "two", "", "four"}},
      {"\n\n\n", {"", "", ""}},
      {"dos\r\nline\r\n", {"dos\r", "line\r"}},
      {"\0\na\0b\n\0"s, {"\0"s, "a\0b"s, "\0"s}},
      {"\xff\xfe\n\x80", {"\xff\xfe", "\x80"}},
      {"a rather longer line than the blocks are\nx\n",
       {"a rather longer line than the blocks are", "x"}},
  };
  for (const auto& row : rows) {
    for (std::size_t size = 1; size <= row.text.size() + 1; ++size) {
      CHECK(split(row.text, size) == row.lines);
    }
  }
}

TEST_CASE("a line inside one block is not copied") {
  const std::string block = "one\ntwo\n";
  LineSplitter splitter;
  splitter.feed(block);
  TextLine line;
  REQUIRE(splitter.next(line));
  CHECK(line.text.data() == block.data());
  REQUIRE(splitter.next(line));
  CHECK(line.text.data() == block.data() + 4);
  CHECK_FALSE(line.owner);
  CHECK_FALSE(splitter.next(line));
  CHECK(splitter.pending() == 0);
}

TEST_CASE("a long line over many blocks comes with its owner") {
  const std::string block(50'000, 'x');
  LineSplitter splitter;
  TextLine line;
  for (std::size_t n = 1; n <= 3; ++n) {
    splitter.feed(block);
    CHECK_FALSE(splitter.next(line));
    CHECK(splitter.pending() == n * block.size());
  }
  splitter.feed("\nnext\n");
  REQUIRE(splitter.next(line));
  CHECK(line.text.size() == 150'000);
  REQUIRE(line.owner);
  CHECK(line.text.data() == line.owner->data());
  const auto kept = line.owner;
  REQUIRE(splitter.next(line));
  CHECK(line.text == "next");
  CHECK_FALSE(line.owner);
  CHECK(kept->size() == 150'000);
}

}  // namespace mqtk::pub::test
