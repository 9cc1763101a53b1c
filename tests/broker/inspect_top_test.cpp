// mqtt-inspect top in a pseudo-terminal: its screens against a golden file, and what its keys do.
// MQTK_WRITE_GOLDEN=1 writes the file anew.
#include <signal.h>

#include <cstdlib>
#include <map>
#include <regex>

#include "broker/inspect_run.hpp"
#include "support/catch.hpp"
#include "support/screen.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

constexpr const char* kGolden = MQTK_GOLDEN_FOLDER "/top.txt";

/// Without what differs from run to run: the port, rates, ages, times of day.
std::string steady(std::string text) {
  text = std::regex_replace(text, std::regex("localhost:[0-9]+"), "localhost:PORT");
  text = std::regex_replace(text, std::regex("[0-9]{2}:[0-9]{2}:[0-9]{2} "), "HH:MM:SS ");
  static const std::regex kRow("(^|\n)([ 0-9]{8} )[ 0-9.]{7} (.{10} ).{6} (.)[ s]");
  return std::regex_replace(text, kRow, "$1$2   RATE $3   AGE $4-");
}

class Top {
 public:
  explicit Top(const Words& words) : process_(options(words)) {}

  std::string screen() {
    const std::string out = process_.out_so_far();
    terminal_.write(std::string_view(out).substr(read_));
    read_ = out.size();
    return steady(terminal_.text());
  }
  bool shows(std::string_view text) {
    return wait_until([&] { return screen().find(text) != std::string::npos; }, 30s);
  }
  void type(std::string_view keys) { process_.write_stdin(keys); }
  Process& process() { return process_; }

 private:
  static ProcessOptions options(const Words& words) {
    ProcessOptions options = inspect_options(Words{"top"} + words);
    options.terminal = true;
    options.env.insert(options.env.end(), {"TERM=vt100", "LC_ALL=C.UTF-8"});
    return options;
  }
  Process process_;
  Screen terminal_{24, 80};
  std::size_t read_ = 0;
};

/// The sections of the golden file, each below its name.
std::map<std::string, std::string> golden() {
  std::map<std::string, std::string> out;
  const std::string text = read_file(kGolden);
  std::size_t at = text.find("=== ");
  while (at != std::string::npos) {
    const std::size_t name_end = text.find('\n', at);
    const std::size_t next = text.find("=== ", name_end);
    out[text.substr(at + 4, name_end - at - 4)] =
        text.substr(name_end + 1, next == std::string::npos ? next : next - name_end - 1);
    at = next;
  }
  return out;
}

}  // namespace

TEST_CASE("the screens of top") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const Words there = {"-h", "localhost", "-p", std::to_string(broker.port())};
  REQUIRE(publish(there + Words{"-t", "plant/a/temp", "-r", "-m", R"({"t":20.5,"ok":true})"}).ok());
  Top top(there + Words{"--allow-write"});
  const bool started = top.shows("1 topics, 1 messages");
  INFO(top.screen() << top.process().err_so_far());
  REQUIRE(started);
  for (const Words& message : std::vector<Words>{{"plant/a/temp", R"({"t":21.5,"ok":true})"},
                                                 {"plant/a/temp", R"({"t":23,"ok":true})"},
                                                 {"plant/b/humidity", "40"},
                                                 {"office/door", "closed\x1b[31m"}}) {
    REQUIRE(publish(there + Words{"-t", message[0], "-m", message[1]}).ok());
  }
  const bool write = std::getenv("MQTK_WRITE_GOLDEN") != nullptr;
  const auto expected = golden();
  std::string written;
  const auto check = [&](const std::string& name, const std::string& condition) {
    CHECK(top.shows(condition));
    const auto found = expected.find(name);
    const std::string wanted = found == expected.end() ? "" : found->second;
    // Rates take a while to become those of a quiet broker.
    wait_until([&] { return !write && top.screen() == wanted; }, write ? 8s : 30s);
    written += "=== " + name + "\n" + top.screen();
    INFO(name);
    if (!write) CHECK(top.screen() == wanted);
  };
  check("the tree, closed", "3 topics, 5 messages");
  top.type("\r");
  check("a level opened", "+ a (1 topic)");
  top.type("j\r");
  check("two levels opened", "temp  {");
  top.type("j");
  REQUIRE(top.shows("-- plant/a/temp"));
  for (const char* payload : {R"({"t":24,"ok":true})", R"({"t":22,"ok":false})"}) {
    REQUIRE(publish(there + Words{"-t", "plant/a/temp", "-m", payload}).ok());
  }
  check("history with changes and a sparkline", ".ok true -> false");
  top.type("s");
  check("sorted by rate", "by rate");
  top.type("sst");
  check("a flat table by name", "by name");
  top.type("/hum\r");
  check("filtered", "filter: hum");
  top.type("p");
  check("paused", "PAUSED");
  if (write) write_file(kGolden, written);
  top.type("q");
  const ProcessResult result = top.process().wait();
  CHECK(result.exit_code == 0);
  CHECK(result.out.find("\x1b[31m") == std::string::npos);
}

TEST_CASE("top clears a retained message only when it may, and only when told twice") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const Words there = {"-h", "localhost", "-p", std::to_string(broker.port())};
  REQUIRE(publish(there + Words{"-t", "kept", "-r", "-m", "x"}).ok());
  const auto is_retained = [&] {
    return !subscribe(there + Words{"-t", "kept", "--retained-only"}).out.empty();
  };
  {
    Top top(there);
    REQUIRE(top.shows("-- kept"));
    top.type("d");
    CHECK(top.shows("needs --allow-write"));
    top.type("yq");
    CHECK(top.process().wait().exit_code == 0);
    CHECK(is_retained());
  }
  Top top(there + Words{"--allow-write"});
  REQUIRE(top.shows("-- kept"));
  top.type("d");
  REQUIRE(top.shows("clear the retained message of kept? y/n"));
  top.type("n");
  CHECK(is_retained());
  top.type("d");
  REQUIRE(top.shows("y/n"));
  top.type("y");
  CHECK(top.shows("cleared"));
  CHECK_FALSE(is_retained());
  top.process().send_signal(SIGTERM);
  CHECK(top.process().wait().signal == SIGTERM);
}

TEST_CASE("without a terminal top says what to use instead") {
  const ProcessResult result = inspect({"top", "-h", "127.0.0.1"});
  CHECK(result.exit_code == 64);
  CHECK(result.err.find("mqtt-inspect topics") != std::string::npos);
}
