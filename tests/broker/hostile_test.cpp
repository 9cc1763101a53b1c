// Payloads and topics that want to take over a terminal: shown harmless there, unchanged elsewhere.

#include "base/bytes.hpp"
#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/scripted_broker.hpp"
#include "wire/utf8.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

/// Everything that a terminal acts upon but a newline, which a terminal itself precedes with CR.
std::string hostile_text() {
  std::string text = "begin";
  for (int c = 1; c < 0x20; ++c) {
    if (c != '\n') text += static_cast<char>(c);
  }
  text += '\x7F';
  for (int c = 0x80; c < 0xA0; ++c) text += std::string{'\xC2', static_cast<char>(c)};
  text +=
      "\x1b]0;title\x07\x1b[2J\x1b[31m\x1bP$q\x1b\\\x1b[?1049h"
      "\xE2\x80\xAE\xE2\x80\xAA\xE2\x81\xA6\xE2\x80\x8F\xD8\x9C\xE2\x80\xA8"
      "end";
  return text;
}

/// What only a terminal's own colours may hold; with those removed, nothing is left that acts.
std::string without_colors(std::string text) {
  for (auto at = text.find("\x1b["); at != std::string::npos; at = text.find("\x1b[", at)) {
    std::size_t end = at + 2;
    while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == ';')) ++end;
    if (end < text.size() && text[end] == 'm') {
      text.erase(at, end + 1 - at);
    } else {
      at += 2;
    }
  }
  return text;
}

void check_harmless(const std::string& shown) {
  REQUIRE(wire::is_utf8(shown));
  for (const char* mark :
       {"\x1b", "\x07", "\x7F", "\x08", "\x9B", "\xC2\x9B", "\xC2\x85", "\xE2\x80\xAE",
        "\xE2\x80\xAA", "\xE2\x81\xA6", "\xE2\x80\x8F", "\xD8\x9C", "\xE2\x80\xA8"}) {
    INFO(to_hex(mark));
    CHECK(shown.find(mark) == std::string::npos);
  }
  for (const char c : shown) {
    const bool passes = u8(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
    if (!passes) FAIL_CHECK("control character " << int{u8(c)});
  }
}

ProcessResult on_terminal(const Words& words) {
  ProcessOptions options = sub_options(words);
  options.terminal = true;
  options.env.emplace_back("TERM=xterm-256color");
  options.env.emplace_back("NO_COLOR");
  return run(std::move(options));
}

}  // namespace

namespace {

/// Sends every client that subscribes one message; brokers refuse some of what it sends.
class OneMessageBroker {
 public:
  OneMessageBroker(const std::string& topic, const std::string& payload) {
    wire::Suback granted;
    granted.codes = std::string_view("\0", 1);
    wire::Publish message;
    message.topic = topic;
    message.payload = payload;
    broker_.further_connections()
        .expect<wire::Connect>()
        .reply(wire::Connack{})
        .expect<wire::Subscribe>()
        .reply(granted)
        .reply(message)
        .expect<wire::Disconnect>()
        .expect_end();
    broker_.start();
  }
  Words words() const {
    return {"-h", "127.0.0.1", "-p", std::to_string(broker_.port()), "-t", "#", "-C", "1"};
  }

 private:
  ScriptedBroker broker_;
};

}  // namespace

TEST_CASE("a hostile topic and payload leave a terminal unharmed and pass unchanged into a pipe") {
  const std::string topic =
      "h/\x1b[2J\xC2\x9B"
      "31m\xE2\x80\xAE";
  const std::string payload = hostile_text() + std::string("\0\xFF\xC0", 3);
  const OneMessageBroker broker(topic, payload);
  CHECK(subscribe(broker.words() + Words{"-v"}).out == topic + " " + payload + "\n");
  for (const Words& words :
       {Words{}, Words{"-d"}, Words{"--trace"}, Words{"--trace=hex"}, Words{"--decode", "auto"},
        Words{"--decode", "raw"}, Words{"--decode", "json"}}) {
    ProcessOptions options = sub_options(broker.words() + Words{"-v"} + words);
    options.terminal = true;
    options.merge_stderr = true;
    const ProcessResult got = run(std::move(options));
    INFO(got.out);
    CHECK(got.ok());
    check_harmless(without_colors(got.out));
    CHECK(got.out.find("h/\\x1b[2J\\u{9b}31m\\u{202e}") != std::string::npos);
  }
  for (const Words& words :
       {Words{"--json"}, Words{"--json", "--decode", "auto"}, Words{"-F", "%t %p %j"}}) {
    const ProcessResult got = on_terminal(broker.words() + words);
    INFO(got.out);
    CHECK(got.ok());
    check_harmless(got.out);
  }
}

TEST_CASE("hostile strings inside of JSON stay harmless, and a selection is raw in a pipe") {
  const std::string key = "k\xC2\x9B\xE2\x80\xAE";
  const OneMessageBroker broker("j", "{\"" + key + "\":\"a\xE2\x80\xAE\x7F\\u001b[2J\"}");
  for (const Words& words :
       {Words{"--decode", "json"}, Words{"--select", "."}, Words{"--select", "[\"" + key + "\"]"},
        Words{"-F", "%t %p"}, Words{"-F", "%j"}, Words{"-F", "%J"}}) {
    const ProcessResult got = on_terminal(broker.words() + words);
    INFO(got.out);
    CHECK(got.ok());
    check_harmless(without_colors(got.out));
  }
  const ProcessResult raw = subscribe(broker.words() + Words{"--select", "[\"" + key + "\"]"});
  CHECK(raw.out == "a\xE2\x80\xAE\x7F\x1b[2J\n");
}

TEST_CASE("a line of a mebibyte is cut on a terminal, and that is said") {
  if (!have_broker()) return;
  const Mosquitto broker;
  std::string line(1 << 20, '\x1b');
  for (std::size_t i = 0; i < line.size(); i += 2) line[i] = 'x';
  REQUIRE(publish_text(at(broker) + Words{"-q", "1", "-r", "-t", "l", "-s"}, line).ok());
  const Words words = at(broker) + Words{"-t", "l", "-C", "1"};
  CHECK(subscribe(words).out == line + "\n");
  const ProcessResult shown = on_terminal(words);
  check_harmless(shown.out);
  CHECK(shown.out.find(" ... (shown 65536 of 1048576 bytes)") != std::string::npos);
  const ProcessResult whole = on_terminal(words + Words{"--limit", "0"});
  check_harmless(whole.out);
  CHECK(occurrences(whole.out, "x") == (1 << 20));  // half of them of \x1b
}

TEST_CASE("decoded JSON is coloured on a terminal only, and in a pipe not even then") {
  if (!have_broker()) return;
  const Mosquitto broker;
  REQUIRE(
      publish(at(broker) + Words{"-q", "1", "-r", "-t", "c", "-m", "{\"a\":[1.0,\"x\"]}"}).ok());
  const Words words = at(broker) + Words{"-t", "c", "-C", "1", "--decode", "auto"};
  ProcessOptions options = sub_options(words + Words{"--color", "always"});
  options.terminal = true;
  const ProcessResult shown = run(std::move(options));
  CHECK(shown.out.find("\x1b[34m\"a\"\x1b[0m: [") != std::string::npos);
  CHECK(without_colors(shown.out) ==
        "[json] {\r\n  \"a\": [\r\n    1.0,\r\n    \"x\"\r\n  ]\r\n}\r\n");
  CHECK(subscribe(words + Words{"--color", "always"}).out == "[json] {\"a\":[1.0,\"x\"]}\n");
}
