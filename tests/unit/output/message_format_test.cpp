#include "output/message_format.hpp"

#include "support/catch.hpp"

namespace mqtk::test {

using namespace std::string_literals;

namespace {

std::string printed(const MessageFormat& format, Bytes topic, Bytes payload) {
  std::string out;
  append_message(out, format, topic, payload);
  return out;
}

}  // namespace

TEST_CASE("payload and newline, as they are") {
  CHECK(printed({}, "a/b", "21.5") == "21.5\n");
  CHECK(printed({}, "a/b", "") == "\n");
  CHECK(printed({}, "a/b", "x\0\x1b\xff\n"s) == "x\0\x1b\xff\n\n"s);
}

TEST_CASE("topic, separator, payload") {
  CHECK(printed({.topic = true}, "a/b", "21.5") == "a/b 21.5\n");
  CHECK(printed({.topic = true}, "a/b", "") == "a/b \n");
  CHECK(printed({.topic = true, .separator = "\t"}, "a b", "c d") == "a b\tc d\n");
}

TEST_CASE("no newline") {
  CHECK(printed({.newline = false}, "a", "x") == "x");
  CHECK(printed({.topic = true, .newline = false}, "a", "x") == "a x");
  CHECK(printed({.newline = false}, "a", "") == "");
}

TEST_CASE("empty payloads as mosquitto_sub prints them") {
  CHECK(printed({.null_payload = true}, "a", "") == "");
  CHECK(printed({.topic = true, .null_payload = true}, "a", "") == "a (null)\n");
  CHECK(printed({.topic = true, .newline = false, .null_payload = true}, "a", "") == "");
  CHECK(printed({.topic = true, .null_payload = true}, "a", "x") == "a x\n");
}

TEST_CASE("on a terminal, topic and payload cannot act on it") {
  const MessageFormat format{.topic = true, .terminal = true};
  CHECK(printed(format, "a\n\x1b]0;b", "1\n\t2\x1b[2J\r") ==
        "a\\x0a\\x1b]0;b 1\n\t2\\x1b[2J\\x0d\n");
  CHECK(printed({.terminal = true}, "a", "\xff") == "\\xff\n");
}

TEST_CASE("messages follow each other") {
  std::string out;
  append_message(out, {}, "a", "1");
  append_message(out, {}, "a", "2");
  CHECK(out == "1\n2\n");
}

TEST_CASE("separators as they are typed") {
  CHECK(unescape_separator("\\t") == "\t");
  CHECK(unescape_separator(" : ") == " : ");
  CHECK(unescape_separator("\\\\t") == "\\t");
  CHECK(unescape_separator("\\n\\r\\0") == "\n\r\0"s);
  CHECK(unescape_separator("\\x1F\\x1e") == "\x1f\x1e");
  CHECK(unescape_separator("\\q") == "\\q");
  CHECK(unescape_separator("\\") == "\\");
  CHECK(unescape_separator("\\xg0") == "\\xg0");
  CHECK(unescape_separator("") == "");
}

}  // namespace mqtk::test
