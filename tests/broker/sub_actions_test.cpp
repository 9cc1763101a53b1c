// What mqtt-sub does with messages besides printing them, and how it looks into payloads.
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;
using nlohmann::json;

namespace {

void put(const Mosquitto& broker, const std::string& topic, const std::string& payload,
         const Words& further = {}) {
  const ProcessResult sent =
      publish_text(at(broker) + Words{"-q", "1", "-t", topic, "-s"} + further, payload);
  INFO(sent.text());
  REQUIRE(sent.ok());
}

std::string lines_sorted(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream input(text);
  for (std::string line; std::getline(input, line);) lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& line : lines) out += line + '\n';
  return out;
}

}  // namespace

TEST_CASE("payloads are decoded, selected and compared") {
  if (!have_broker()) return;
  const Mosquitto broker;
  put(broker, "d/1", R"({ "temp": 21.50, "name": "x\u00e9", "list": [1, 2] })", {"-r"});
  put(broker, "d/2", "{\"temp\":10}", {"-r"});
  put(broker, "d/3", "plain", {"-r"});
  put(broker, "d/4", "\xA1\x64temp\x18\x1E", {"-r"});
  put(broker, "spBv1.0/g/NDATA/n", std::string("\x18\x05", 2), {"-r"});
  struct Case {
    Words words;
    const char* out;
  };
  const std::vector<Case> cases = {
      {{"--select", ".temp"}, "10\n21.50\n30\n"},
      {{"--select", "/temp", "-v"}, "d/1 21.50\nd/2 10\nd/4 30\n"},
      {{"--select", ".name"}, "x\xC3\xA9\n"},
      {{"--where", ".temp > 20", "--select", ".temp"}, "21.50\n30\n"},
      {{"--where", "topic =~ /[23]$", "-v"}, "d/2 {\"temp\":10}\nd/3 plain\n"},
      {{"--where", "retain", "--where", "qos == 0", "--where", "!.temp"}, "plain\n"},
      {{"--decode", "auto", "-v"},
       "d/1 [json] {\"temp\":21.50,\"name\":\"x\\u00e9\",\"list\":[1,2]}\n"
       "d/2 [json] {\"temp\":10}\nd/3 [raw] plain\nd/4 [cbor] {\"temp\":30}\n"},
      {{"--decode", "hex", "-T", "d/1", "-T", "d/3", "-T", "d/4"},
       "[hex] 7b2274656d70223a31307d\n"},
      {{"--decode", "raw", "--limit", "3", "--where", "topic == d/3"},
       "[raw] pla ... (shown 3 of 5 bytes)\n"},
  };
  for (const Case& c : cases) {
    const ProcessResult got =
        subscribe(at(broker) + Words{"-t", "d/#", "--retained-only"} + c.words);
    INFO(got.text());
    CHECK(got.ok());
    CHECK(lines_sorted(got.out) == c.out);
  }
  CHECK(
      subscribe(at(broker) + Words{"-t", "spBv1.0/#", "--decode", "auto", "-v", "--retained-only"})
          .out == "spBv1.0/g/NDATA/n [sparkplug] {\"seq\":5}\n");
}

TEST_CASE("an awaited message ends it, one that does not come is a time-out") {
  if (!have_broker()) return;
  const Mosquitto broker;
  Subscriber subscriber(at(broker) + Words{"-t", "u", "--until", "^done", "-W", "50s"});
  REQUIRE(subscriber.ready());
  for (const char* payload : {"one", "not done", "done: 1", "late"}) put(broker, "u", payload);
  const ProcessResult got = subscriber.wait();
  CHECK(got.ok());
  CHECK(got.out == "one\nnot done\ndone: 1\n");
  CHECK(
      subscribe(at(broker) + Words{"-t", "u", "--until-json", ".a", "--for", "200ms"}).exit_code ==
      124);
}

TEST_CASE("a program runs for each message with the payload on its input") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const TempDir folder;
  const std::string script =
      R"(IFS= read -r line; echo "$MQTT_TOPIC|$MQTT_QOS|$MQTT_RETAIN|$MQTT_SIZE|$1|$line")";
  Subscriber subscriber(at(broker) + Words{"-t", "x/#", "-q", "1", "-C", "3", "--jobs", "2",
                                           "--exec", "sh", "--", "-c", script, "sh", "a $HOME b"});
  REQUIRE(subscriber.ready());
  put(broker, "x/$(id)", "one; `id`");
  put(broker, "x/2", std::string(300'000, 'y'));  // more than a pipe holds, and nobody reads it
  put(broker, "x/3", "");
  const ProcessResult got = subscriber.wait();
  INFO(got.err.substr(0, 2000));
  CHECK(got.ok());
  CHECK(count_lines(got.out) == 3);
  CHECK(got.out.find("x/$(id)|1|0|9|a $HOME b|one; `id`\n") != std::string::npos);
  CHECK(got.out.find("x/3|1|0|0|a $HOME b|\n") != std::string::npos);
  CHECK(got.out.find("x/2|1|0|300000|a $HOME b|yyy") != std::string::npos);
}

TEST_CASE("a program does not see our secrets") {
  if (!have_broker()) return;
  const Mosquitto broker;
  put(broker, "x", "y", {"-r"});
  ProcessOptions options =
      sub_options(at(broker) + Words{"-t", "x", "-C", "1", "-u", "u", "--exec", "env"});
  options.env.push_back("MQTT_TOOLKIT_PASSWORD=hidden");
  options.env.push_back("MQTT_TOOLKIT_ENGINE=native");
  const ProcessResult got = run(std::move(options));
  INFO(got.text());
  CHECK(got.ok());
  CHECK(got.out.find("hidden") == std::string::npos);
  CHECK(got.out.find("MQTT_TOOLKIT_ENGINE=native") != std::string::npos);
  CHECK(got.out.find("MQTT_TOPIC=x") != std::string::npos);
}

TEST_CASE("many programs at once, and none is lost") {
  if (!have_broker()) return;
  const Mosquitto broker;
  constexpr int kMessages = 300;
  Subscriber subscriber(at(broker) + Words{"-t", "m", "-q", "1", "-C", std::to_string(kMessages),
                                           "--jobs", "4", "--exec", "cat"});
  REQUIRE(subscriber.ready());
  std::string input;
  for (int i = 0; i < kMessages; ++i) input += "line-" + std::to_string(1000 + i) + "\n";
  REQUIRE(publish_text(at(broker) + Words{"-t", "m", "-q", "1", "-l"}, input).ok());
  const ProcessResult got = subscriber.wait();
  INFO(got.err.substr(0, 2000));
  CHECK(got.ok());
  // `cat` writes no newline of its own.
  CHECK(got.out.size() == kMessages * std::string_view("line-1000").size());
  for (int i = 0; i < kMessages; ++i) {
    CHECK(occurrences(got.out, "line-" + std::to_string(1000 + i)) == 1);
  }
}

TEST_CASE("a failed program: counted, or the end") {
  if (!have_broker()) return;
  const Mosquitto broker;
  put(broker, "f/1", "one", {"-r"});
  put(broker, "f/2", "two", {"-r"});
  const Words all = at(broker) + Words{"-t", "f/#", "--retained-only"};
  const ProcessResult counted = subscribe(all + Words{"--exec", "sh", "--", "-c", "exit 3"});
  CHECK(counted.exit_code == 1);
  CHECK(counted.err.find("2 of 2 programs failed") != std::string::npos);
  CHECK(counted.err.find("'sh' ended with 3, for a message on 'f/1'") != std::string::npos);
  const ProcessResult stopped =
      subscribe(all + Words{"--exec-fail", "stop", "--exec", "/no/such/program"});
  CHECK(stopped.exit_code == 1);
  CHECK(stopped.err.find("'/no/such/program' cannot be run") != std::string::npos);
  CHECK(stopped.err.find("1 of 1 program failed") != std::string::npos);
}

TEST_CASE("SIGHUP reopens the record's file where the caller has it ignored") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const TempDir folder;
  const std::string file = folder.file("records");
  ProcessOptions run =
      sub_options(at(broker) + Words{"-t", "#", "-d", "--record", file, "-C", "2"});
  const Words shell{"/bin/sh", "-c", "trap '' HUP; exec \"$0\" \"$@\""};
  run.argv.insert(run.argv.begin(), shell.begin(), shell.end());
  Process process(run);
  REQUIRE(process.wait_stderr_contains("received SUBACK", 30s));
  put(broker, "r/1", "one");
  CHECK(wait_until([&] { return count_lines(read_file(file)) == 1; }, 30s));
  REQUIRE(::rename(file.c_str(), folder.file("moved").c_str()) == 0);
  REQUIRE(process.send_signal(SIGHUP));
  struct stat status {};
  CHECK(wait_until([&] { return ::stat(file.c_str(), &status) == 0; }, 30s));
  put(broker, "r/2", "two");
  CHECK(process.wait().ok());
  CHECK(count_lines(read_file(file)) == 1);
}

TEST_CASE("payloads that travel as text arrive as octets") {
  if (!have_broker()) return;
  const Mosquitto broker;
  for (const std::string encoding : {"hex", "base64"}) {
    Subscriber subscriber(at(broker) + Words{"-t", "#", "--wire-encoding", encoding, "--json",
                                             "--decode", "hex", "-C", "1"});
    REQUIRE(subscriber.ready());
    put(broker, "w", std::string("\0\xFFx", 3), {"--wire-encoding", encoding});
    const json record = json::parse(subscriber.wait().out);
    CHECK(record.at("payload_base64") == "AP94");
    CHECK(record.at("size") == 3);
  }
}

TEST_CASE("records go to a file that is rotated, reopened and can be played back") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const TempDir folder;
  const std::string file = folder.file("records");
  Subscriber subscriber(at(broker) + Words{"-t", "#", "-q", "1", "--record", file, "-C", "3"});
  REQUIRE(subscriber.ready());
  put(broker, "r/1", "one");
  CHECK(wait_until([&] { return count_lines(read_file(file)) == 1; }, 30s));
  REQUIRE(::rename(file.c_str(), folder.file("moved").c_str()) == 0);
  REQUIRE(subscriber.process().send_signal(SIGHUP));
  CHECK(wait_until(
      [&] {
        struct stat status {};
        return ::stat(file.c_str(), &status) == 0;
      },
      30s));
  put(broker, "r/2", "t\xFFwo");
  REQUIRE(subscriber.process().send_signal(SIGUSR1));
  CHECK(subscriber.process().wait_stderr_contains("messages received, ", 30s));
  put(broker, "r/3", "three");
  const ProcessResult got = subscriber.wait();
  INFO(got.err.substr(0, 2000));
  CHECK(got.ok());
  CHECK(got.out.empty());
  CHECK(count_lines(read_file(folder.file("moved"))) == 1);
  const std::string text = read_file(file);
  CHECK(count_lines(text) == 2);
  CHECK(json::parse(text.substr(0, text.find('\n'))).at("payload_base64") == "dP93bw==");

  Subscriber again(at(broker) + Words{"-t", "r/#", "-v", "-C", "2"});
  REQUIRE(again.ready());
  CHECK(publish(at(broker) + Words{"--from-json=" + file}).ok());
  CHECK(again.wait().out == "r/2 t\xFFwo\nr/3 three\n");
  CHECK(
      subscribe(at(broker) + Words{"-t", "r/#", "--record", folder.file("no/folder")}).exit_code ==
      74);
}

TEST_CASE("retained messages are removed after it was said which, and with -C it ends") {
  if (!have_broker()) return;
  const Mosquitto broker;
  for (const char* topic : {"k/1", "k/2", "k/3"}) put(broker, topic, "x", {"-r"});
  const Words all = at(broker) + Words{"-t", "k/#", "-v"};
  const ProcessResult dry = subscribe(all + Words{"--remove-retained"});
  CHECK(dry.ok());
  CHECK(lines_sorted(dry.out) == "k/1 x\nk/2 x\nk/3 x\n");
  CHECK(dry.err.find("3 retained messages would be removed") != std::string::npos);
  CHECK(count_lines(subscribe(all + Words{"--retained-only"}).out) == 3);
  const ProcessResult one =
      subscribe(all + Words{"--remove-retained=yes", "-C", "1", "-T", "k/2", "-T", "k/3"});
  INFO(one.text());
  CHECK(one.ok());
  CHECK(one.err.find("1 retained message removed") != std::string::npos);
  CHECK(lines_sorted(subscribe(all + Words{"--retained-only"}).out) == "k/2 x\nk/3 x\n");
  const ProcessResult rest = subscribe(all + Words{"--remove-retained=yes"});
  CHECK(rest.ok());
  CHECK(rest.err.find("2 retained messages removed") != std::string::npos);
  CHECK(subscribe(all + Words{"--retained-only"}).out.empty());
}

TEST_CASE("messages that end with NUL hold lines") {
  if (!have_broker()) return;
  const Mosquitto broker;
  Subscriber subscriber(at(broker) + Words{"-t", "z", "-0", "-C", "2"});
  REQUIRE(subscriber.ready());
  put(broker, "z", "one\ntwo");
  put(broker, "z", "three");
  CHECK(subscriber.wait().out == std::string("one\ntwo\0three\0", 14));
}

TEST_CASE("unsubscribing alone ends, and -E waits for every answer") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const Words session = at(broker) + Words{"-i", "stored", "-c", "-q", "1"};
  Words many;
  for (int i = 0; i < 20; ++i) many = many + Words{"-t", "e/" + std::to_string(i)};
  CHECK(subscribe(session + many + Words{"-E"}).ok());
  put(broker, "e/19", "last");
  CHECK(subscribe(session + Words{"--no-subscribe", "-C", "1"}).out == "last\n");
  CHECK(subscribe(session + Words{"-U", "e/19"}).ok());
  put(broker, "e/19", "gone");
  put(broker, "e/0", "there");
  CHECK(subscribe(session + Words{"--no-subscribe", "-C", "1"}).out == "there\n");
}

TEST_CASE("debug lines and --trace say each packet before its payload is printed") {
  if (!have_broker()) return;
  const Mosquitto broker;
  put(broker, "t/1", "first-payload", {"-r"});
  put(broker, "t/2", "second-payload", {"-r"});
  for (const Words& words : {Words{"-d"}, Words{"--trace"}, Words{"--trace=hex"}}) {
    ProcessOptions options = sub_options(at(broker) + Words{"-t", "t/#", "-C", "2"} + words);
    options.merge_stderr = true;
    const ProcessResult got = run(std::move(options));
    INFO(got.text());
    CHECK(got.ok());
    std::size_t at = 0;
    for (const char* mark :
         {"sending CONNECT", "received CONNACK", "received SUBACK", "received PUBLISH",
          "\nfirst-payload\n", "received PUBLISH", "\nsecond-payload\n", "sending DISCONNECT"}) {
      at = got.out.find(mark, at);
      INFO(mark);
      REQUIRE(at != std::string::npos);
    }
  }
}

TEST_CASE("a trace and a summary hold everything but secrets") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const ProcessResult got = subscribe(at(broker) + Words{"-t",
                                                         "s",
                                                         "-E",
                                                         "-V",
                                                         "5",
                                                         "-u",
                                                         "user-name",
                                                         "-P",
                                                         "very-secret",
                                                         "-i",
                                                         "me",
                                                         "--will-topic",
                                                         "gone",
                                                         "--will-payload",
                                                         "bye",
                                                         "--trace=hex",
                                                         "--summary",
                                                         "json",
                                                         "-D",
                                                         "connect",
                                                         "user-property",
                                                         "k",
                                                         "v"});
  INFO(got.err);
  CHECK(got.ok());
  CHECK(got.out.empty());
  for (const char* text :
       {"client identifier: 'me'", "user-property: 'k'='v'", "password: (masked)",
        "will topic: 'gone'", "received CONNACK", "filter: 's'"}) {
    INFO(text);
    CHECK(got.err.find(text) != std::string::npos);
  }
  CHECK(got.err.find("very-secret") == std::string::npos);
  CHECK(got.err.find("76 65 72 79") == std::string::npos);
  const auto begin = got.err.find("{\"schema\"");
  REQUIRE(begin != std::string::npos);
  const json summary = json::parse(got.err.substr(begin, got.err.find('\n', begin) - begin));
  CHECK(summary.at("schema") == "mqtt-toolkit.connection/1");
  CHECK(summary.at("connected") == true);
  CHECK(summary.at("protocol") == "5");
  CHECK(summary.at("client_id") == "me");
  CHECK(summary.at("will").at("topic") == "gone");
  CHECK(summary.at("address").get<std::string>().starts_with("127.0.0.1:"));
  CHECK(summary.at("limits").contains("receive_maximum"));
  CHECK(summary.at("timings_ms").at("total") > 0.0);
  CHECK(summary.at("counts").at("connections") == 1);
  const ProcessResult none =
      subscribe({"-h", "127.0.0.1", "-p", "1", "-t", "s", "--summary", "json"});
  CHECK(none.exit_code == 69);
  CHECK(none.err.find("\"connected\":false") != std::string::npos);
}
