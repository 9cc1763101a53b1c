// Signals, the same for all four programs: SIGUSR1 ends none, an interrupt is heard while a command
// for a secret runs, and process 1 of a container ends with 128 + signal.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "server/loop_thread.hpp"
#include "server/sink.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/skipped.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;
using Catch::Matchers::ContainsSubstring;

namespace {

using Words = std::vector<std::string>;

struct OwnSink {
  OwnSink()
      : sink([](EventLoop& loop) {
          auto started = Sink::start(loop, {});
          if (!started) throw std::runtime_error(started.error().message);
          return std::move(*started);
        }),
        port(std::to_string(sink.call([](Sink& it) { return it.port(); }))) {}
  bool wait_connected() {
    return wait_until(
        [this] { return sink.call([](Sink& it) { return it.counts().connects; }) > 0; }, 20s);
  }
  Hosted<Sink> sink;
  std::string port;
};

/// Something that each program goes on with for a while.
std::vector<Words> lasting_runs(const std::string& port) {
  std::vector<Words> out = {
      {"mqtt-pub", "-t", "t", "-l"},
      {"mqtt-sub", "-t", "t"},
      {"mqtt-bench", "publish", "-q", "1", "--rate", "10/s", "--duration", "60s"},
      {"mqtt-bench", "connect", "--duration", "60s"},
      {"mqtt-inspect", "watch", "-t", "t"},
  };
  for (Words& words : out) {
    words[0] = built_program(words[0]);
    words.insert(words.end(), {"-h", "127.0.0.1", "-p", port});
  }
  return out;
}

ProcessOptions lasting(Words words) {
  ProcessOptions options;
  options.argv = std::move(words);
  options.stdin_pipe = true;
  return options;
}

/// The way into a namespace in which a program is process 1; empty: the system has none for us.
Words namespace_entry() {
  for (const Words& words :
       {Words{"unshare", "--pid", "--fork", "--kill-child"},
        Words{"unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"}}) {
    Words trial = words;
    trial.emplace_back("true");
    ProcessOptions options;
    options.argv = trial;
    if (run(std::move(options)).ok()) return words;
  }
  return {};
}

pid_t child_of(pid_t parent) {
  const std::string id = std::to_string(parent);
  std::ifstream children("/proc/" + id + "/task/" + id + "/children");
  pid_t child = 0;
  children >> child;
  return child;
}

}  // namespace

TEST_CASE("SIGUSR1 asks for counters and ends nothing") {
  OwnSink all;
  const std::size_t programs = lasting_runs(all.port).size();
  for (std::size_t i = 0; i < programs; ++i) {
    OwnSink sink;
    const Words words = lasting_runs(sink.port)[i];
    CAPTURE(words);
    Process process(lasting(words));
    REQUIRE(sink.wait_connected());
    const bool inspects = words[1] == "watch";
    const char* said =
        words[1] == "publish" || words[1] == "connect" ? "clients connected" : "messages";
    REQUIRE(process.send_signal(SIGUSR1));
    if (!inspects) CHECK(process.wait_stderr_contains(said, 20s));
    REQUIRE(process.send_signal(SIGUSR1));
    REQUIRE(process.send_signal(SIGTERM));
    const ProcessResult end = process.wait();
    INFO(end.text());
    CHECK(end.signal == SIGTERM);
  }
}

TEST_CASE("the sink and calibrate go on after SIGUSR1") {
  ProcessOptions options;
  options.argv = {built_program("mqtt-bench"), "sink"};
  Process sink(options);
  REQUIRE(sink.wait_stdout_line(0, 20s));
  REQUIRE(sink.send_signal(SIGUSR1));
  CHECK(sink.wait_stderr_contains("\"connects\":0", 20s));
  CHECK(sink.stop().exit_code == 0);

  options.argv = {built_program("mqtt-bench"), "calibrate", "--duration", "20s"};
  Process calibrate(options);
  REQUIRE(calibrate.wait_stdout_contains("messages", 20s));
  CHECK(wait_until(
      [&] {
        return !calibrate.send_signal(SIGUSR1) ||
               calibrate.err_so_far().find("clients connected") != std::string::npos;
      },
      20s));
  REQUIRE(calibrate.send_signal(SIGINT));
  const ProcessResult end = calibrate.wait();
  INFO(end.text());
  CHECK(end.signal == SIGINT);
}

TEST_CASE("an interrupt ends a command for a secret at once, and then the program") {
  OwnSink sink;
  const TempDir folder;
  const std::string file = folder.file("pid");
  const std::string command =
      "echo $$ > " + file + ".new; mv " + file + ".new " + file + "; exec sleep 1000";
  for (const Words& words :
       {Words{"mqtt-sub", "-t", "t", "-u", "me", "--password-command", command},
        Words{"mqtt-sub", "-t", "t", "--username-command", command},
        Words{"mqtt-sub", "-t", "t", "--url-command", command},
        Words{"mqtt-sub", "-t", "t", "--cert", "c", "--key", "k", "--key-passphrase-command",
              command},
        Words{"mqtt-pub", "-t", "t", "-m", "x", "-u", "me", "--password-command", command},
        Words{"mqtt-pub", "-t", "t", "-m", "x", "--url-command", command},
        Words{"mqtt-bench", "publish", "-n", "1", "--username-command", command},
        Words{"mqtt-bench", "publish", "-n", "2", "--threads", "2", "-c", "2", "--username-command",
              command},
        Words{"mqtt-inspect", "ping", "-u", "me", "--password-command", command}}) {
    CAPTURE(words);
    ::unlink(file.c_str());
    Words all = words;
    all[0] = built_program(all[0]);
    const bool url = std::ranges::find(all, "--url-command") != all.end();
    if (!url) all.insert(all.end(), {"-h", "127.0.0.1", "-p", sink.port});
    Process process(lasting(all));
    REQUIRE(wait_until([&] { return ::access(file.c_str(), F_OK) == 0; }, 20s));
    const pid_t child = std::stoi(read_file(file));
    REQUIRE(process.send_signal(SIGTERM));
    CHECK(process.wait_end(5s));  // the command's own limit is 10
    const ProcessResult end = process.wait();
    INFO(end.text());
    CHECK(end.signal == SIGTERM);
    CHECK(wait_until([child] { return ::kill(child, 0) != 0; }));
  }
}

TEST_CASE("process 1 of a container ends with 128 + signal") {
  const Words entry = namespace_entry();
  if (entry.empty()) return say_skipped("no namespaces of processes");
  OwnSink all;
  const std::size_t programs = lasting_runs(all.port).size();
  for (std::size_t i = 0; i < programs; ++i) {
    OwnSink sink;
    Words words = entry;
    const Words program = lasting_runs(sink.port)[i];
    CAPTURE(program);
    words.insert(words.end(), program.begin(), program.end());
    Process process(lasting(words));
    REQUIRE(sink.wait_connected());
    const pid_t child = child_of(process.pid());
    REQUIRE(child > 0);
    REQUIRE(::kill(child, SIGTERM) == 0);
    const ProcessResult end = process.wait();
    INFO(end.text());
    CHECK(end.exit_code == 128 + SIGTERM);
  }
}
