// What mqtt-pub makes of streams, files and templates, seen by a subscriber of a real broker.
#include <signal.h>

#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/programs.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

/// What a subscriber to `filter` shows with -v of `count` messages that these words publish.
std::string shown(const Words& words, int count, const std::string& input = {},
                  const std::string& filter = "#") {
  const Mosquitto broker;
  Subscriber subscriber(at(broker) +
                        Words{"-t", filter, "-v", "-q", "1", "-C", std::to_string(count)});
  REQUIRE(subscriber.ready());
  const ProcessResult sent = publish_text(at(broker) + words, input);
  INFO(sent.text());
  CHECK(sent.ok());
  return subscriber.wait().out;
}

std::string record(const std::string& ts, const std::string& topic, const std::string& payload) {
  return R"({"ts":)" + ts + R"(,"topic":")" + topic + R"(","qos":1,"payload":")" + payload +
         "\"}\n";
}

}  // namespace

TEST_CASE("records are replayed at their pace, again and again, under other topics") {
  if (!have_broker()) return;
  const TempDir folder;
  const std::string file =
      folder.write("records", record("1000.0", "a/1", "x") + record("1002.0", "b/2", "y"));
  const TimePoint begin = monotonic_now();
  CHECK(shown({"--from-json=" + file, "--pace", "10x", "--loop=2", "--rewrite", "a/+", "copy/+"},
              4) == "copy/1 x\nb/2 y\ncopy/1 x\nb/2 y\n");
  CHECK(monotonic_now() - begin >= 400ms);
  CHECK(shown({"--from-json=" + file, "--pace", "max"}, 2) == "a/1 x\nb/2 y\n");
}

TEST_CASE("a loop needs a file that can be read again") {
  const TempDir folder;
  CHECK(publish({"--from-json", "--loop"}).exit_code == 64);
  CHECK(publish({"--from-json=-", "--loop"}).exit_code == 64);
  CHECK(publish({"--from-json=/dev/stdin", "--loop=2", "-W", "5s"}).exit_code != 0);
  CHECK(publish({"--from-json=" + folder.file("none"), "--loop"}).exit_code == 66);
}

TEST_CASE("a loop without a number goes on until it is interrupted") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const TempDir folder;
  const std::string file = folder.write("records", record("1", "loop", "x"));
  Subscriber subscriber(at(broker) + Words{"-t", "loop", "-C", "50"});
  REQUIRE(subscriber.ready());
  Process publisher(pub_options(at(broker) + Words{"--from-json=" + file, "--loop"}));
  CHECK(subscriber.wait().ok());
  CHECK(publisher.running());
  publisher.send_signal(SIGTERM);
  CHECK(publisher.wait().signal == SIGTERM);
}

TEST_CASE("messages that end with NUL hold lines") {
  if (!have_broker()) return;
  CHECK(shown({"-t", "nul", "-l", "-0"}, 3, std::string("one\ntwo\0\0last", 13)) ==
        "nul one\ntwo\nnul \nnul last\n");
}

TEST_CASE("lines with topics are rewritten, and topics in lines are cleared") {
  if (!have_broker()) return;
  CHECK(shown({"-l", "--topic-sep", "=", "--rewrite", "x/#", "y/#"}, 2, "x/1=a\nz=b=c\n") ==
        "y/1 a\nz b=c\n");
  const Mosquitto broker;
  CHECK(publish(at(broker) + Words{"-t", "kept/1", "-m", "a", "-r", "-q", "1"}).ok());
  CHECK(publish(at(broker) + Words{"-t", "kept/2", "-m", "b", "-r", "-q", "1"}).ok());
  CHECK(publish(at(broker) + Words{"-t", "kept/3", "-m", "c", "-r", "-q", "1"}).ok());
  CHECK(publish_text(at(broker) + Words{"-l", "--remove-retained", "-q", "1"}, "kept/1\nkept/2\n")
            .ok());
  const Words left = at(broker) + Words{"-t", "kept/#", "-v", "-C", "1", "-W", "20s"};
  CHECK(subscribe(left).out == "kept/3 c\n");
  CHECK(publish(at(broker) + Words{"-t", "kept/3", "--remove-retained", "-q", "1"}).ok());
  CHECK(subscribe(at(broker) + Words{"-t", "kept/#", "--retained-only", "-v"}).out.empty());
}

TEST_CASE("several files, templates and encodings") {
  if (!have_broker()) return;
  const TempDir folder;
  const std::string a = folder.write("a.txt", "first");
  const std::string b = folder.write("b.txt", "second");
  CHECK(shown({"-f", a, "-f", b, "-t", "files/{file}/{n}/{x}", "--template", "--var", "x=y"}, 2) ==
        "files/a.txt/1/y first\nfiles/b.txt/2/y second\n");
  CHECK(shown({"-f", a, "-f", "-", "-t", "piped", "--repeat", "2"}, 4, "in") ==
        "piped first\npiped in\npiped first\npiped in\n");
  CHECK(shown({"-t", "t", "-m", "{{{n}}}", "--template", "--repeat", "3"}, 3) ==
        "t {1}\nt {2}\nt {3}\n");
  CHECK(shown({"-t", "t", "-m", "{n}"}, 1) == "t {n}\n");
  CHECK(shown({"-t", "t", "-l", "--input-encoding", "hex"}, 2, "68 69\n4f4b\n") == "t hi\nt OK\n");
  CHECK(shown({"-t", "t", "-l", "--input-encoding", "hex", "--wire-encoding", "base64"}, 1,
              "6869\n") == "t aGk=\n");
  CHECK(shown({"-t", "t", "-m", "aGk=", "--input-encoding", "base64"}, 1) == "t hi\n");
  const ProcessResult bad = publish({"-t", "t", "-m", "x", "--input-encoding", "hex"});
  CHECK(bad.exit_code == 65);
  CHECK(bad.err.find("not hexadecimal") != std::string::npos);
}

TEST_CASE("a rate is kept") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const TimePoint begin = monotonic_now();
  const ProcessResult sent = publish(at(broker) + Words{"-t", "r", "-m", "x", "--repeat", "50",
                                                        "--rate", "100/s", "-v", "-q", "1"});
  const Duration took = monotonic_now() - begin;
  INFO(sent.text());
  CHECK(sent.ok());
  CHECK(took >= 380ms);
  CHECK(sent.err.find("50 messages, 50 B in ") != std::string::npos);
}

TEST_CASE("option --repeat without a delay does not keep the processor busy while it waits") {
  if (!have_broker()) return;
  const Mosquitto broker;
  Process publisher(pub_options(
      at(broker) + Words{"-t", "r", "-m", "x", "--repeat", "3", "--repeat-delay", "400ms"}));
  const ProcessResult sent = publisher.wait();
  INFO(sent.text());
  CHECK(sent.ok());
  CHECK(sent.wall >= 800ms);
  if (!programs_are_sanitized()) CHECK(sent.user + sent.system < 200ms);
  // Delays of weeks are taken as they are.
  CHECK(publish({"--repeat", "2", "--repeat-delay", "3000000", "-t", "t", "-m", "x", "-h",
                 "127.0.0.1", "-p", "1", "-W", "1s"})
            .exit_code == 69);
}

TEST_CASE("counters are printed on SIGUSR1") {
  if (!have_broker()) return;
  const Mosquitto broker;
  ProcessOptions options = pub_options(at(broker) + Words{"-t", "c", "-l", "-q", "1"});
  options.stdin_pipe = true;
  Process publisher(options);
  Subscriber subscriber(at(broker) + Words{"-t", "c", "-C", "2"});
  REQUIRE(subscriber.ready());
  CHECK(publisher.write_stdin("one\ntwo\n"));
  CHECK(subscriber.wait().ok());
  std::string text;
  CHECK(wait_until(
      [&] {
        publisher.send_signal(SIGUSR1);
        text = publisher.err_so_far();
        return text.find("2 messages taken, 2 delivered, 0 failed, 0 under way") !=
               std::string::npos;
      },
      30s));
  INFO(text);
  publisher.close_stdin();
  CHECK(publisher.wait().ok());
}

TEST_CASE("progress is shown on a terminal when the size is known, and goes away") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const auto on_terminal = [&](const Words& more) {
    ProcessOptions options = pub_options(
        at(broker) + Words{"-t", "p", "-m", "x", "--repeat", "40", "--rate", "20/s"} + more);
    options.terminal = true;
    options.merge_stderr = true;
    return run(options);
  };
  const ProcessResult with = on_terminal({});
  INFO(with.text());
  CHECK(with.ok());
  CHECK(with.out.find("%, ") != std::string::npos);
  CHECK(with.out.find(" left") != std::string::npos);
  CHECK(with.out.ends_with("\r\x1b[K"));
  CHECK(on_terminal({"--no-progress"}).out.empty());
  const ProcessResult piped =
      publish(at(broker) + Words{"-t", "p", "-m", "x", "--repeat", "30", "--rate", "20/s"});
  CHECK(piped.err.empty());
}

TEST_CASE("the summary counts octets both ways") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const ProcessResult sent =
      publish(at(broker) + Words{"-t", "t", "-q", "1", "-m", "x", "-i", "id", "--summary", "json"});
  REQUIRE(sent.ok());
  INFO(sent.err);
  // CONNECT 16, PUBLISH 8, DISCONNECT 2; CONNACK 4, PUBACK 4.
  CHECK(sent.err.find("\"bytes_in\":8,\"bytes_out\":26}") != std::string::npos);
}

TEST_CASE("a required subscriber") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const Words words =
      at(broker) + Words{"-t", "heard", "-m", "x", "-q", "1", "--require-subscriber"};
  const ProcessResult alone = publish(words);
  INFO(alone.text());
  CHECK(alone.exit_code == 1);
  CHECK(alone.err.find("nobody subscribes") != std::string::npos);
  Subscriber subscriber(at(broker) + Words{"-t", "heard", "-C", "1"});
  REQUIRE(subscriber.ready());
  CHECK(publish(words).ok());
  CHECK(publish(at(broker) + Words{"-t", "a", "-m", "x", "--require-subscriber"}).exit_code == 64);
  CHECK(publish(words + Words{"-V", "3.1.1"}).exit_code == 64);
}
