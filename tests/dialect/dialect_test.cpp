// Debian's mosquitto_pub and mosquitto_sub (2.0) beside ours under their names, where 2.0 and 2.1
// agree: the same command, the same bytes on stdout and stderr, the same exit status.
#include <csignal>

#include "dialect/side_by_side.hpp"
#include "support/catch.hpp"
#include "support/ports.hpp"
#include "support/programs.hpp"

using namespace mqtk::test;

namespace {

const std::string kPub = "mosquitto_pub";
const std::string kSub = "mosquitto_sub";
const std::string kRr = "mosquitto_rr";

/// Answers how many were tried.
std::size_t compare(const SideBySide& runner, const std::vector<Side>& sides) {
  for (const Side& side : sides) {
    const Both both = runner.run(side);
    std::string command = side.tool;
    for (const std::string& word : side.words) command += " '" + word + "'";
    INFO(command << "\n--- theirs\n" << both.theirs.text() << "\n--- ours\n" << both.ours.text());
    CHECK(both.theirs.exit_code == both.ours.exit_code);
    CHECK(both.theirs.signal == both.ours.signal);
    CHECK(both.theirs.out == both.ours.out);
    if (side.err) CHECK(both.theirs.err == both.ours.err);
  }
  return sides.size();
}

MosquittoConfig open_broker() {
  MosquittoConfig config;
  config.extra = {"max_queued_messages 0"};
  return config;
}

Side local(std::string tool, Words words) {
  return {.tool = std::move(tool), .words = std::move(words), .at_broker = false};
}

}  // namespace

TEST_CASE("mistakes are told in the same words") {
  if (!have_broker() || !have_clients()) return;
  const Mosquitto broker;
  const SideBySide runner(broker);
  const std::size_t tried = compare(
      runner,
      {local(kPub, {"-h"}),
       local(kPub, {"--host"}),
       local(kPub, {"-p"}),
       local(kPub, {"-p", "99999"}),
       local(kPub, {"-p", "-1"}),
       local(kPub, {"-k", "4"}),
       local(kPub, {"-k", "70000"}),
       local(kPub, {"-q", "3", "-t", "a", "-m", "x"}),
       local(kPub, {"--no-such"}),
       local(kPub, {"-vd"}),
       local(kPub, {"--host=x"}),
       local(kPub, {"--", "x"}),
       local(kPub, {"word"}),
       local(kPub, {"-t", "a/#", "-m", "x"}),
       local(kPub, {"-t", "+", "-m", "x"}),
       local(kPub, {"-t"}),
       local(kPub, {"-m", "a", "-m", "b"}),
       local(kPub, {"-m", "a", "-n"}),
       local(kPub, {"-l", "-s"}),
       local(kPub, {"-V", "7", "-t", "a", "-m", "x"}),
       local(kPub, {"-D"}),
       local(kPub, {"-D", "publish", "user-property", "a"}),
       local(kPub, {"-D", "subscribe", "content-type", "x"}),
       local(kPub, {"-D", "auth", "reason-string", "x"}),
       local(kPub, {"-D", "publish", "payload-format-indicator", "300"}),
       local(kPub, {"-D", "publish", "subscription-identifier", "3"}),
       local(kPub, {"--will-payload", "x", "-t", "a", "-m", "x"}),
       local(kPub, {"--will-retain", "-t", "a", "-m", "x"}),
       local(kPub, {"--will-qos", "3"}),
       local(kPub, {"--will-topic", "a/+"}),
       local(kPub, {"-c", "-t", "a", "-m", "x"}),
       local(kPub, {"-i", "a", "-I", "b"}),
       local(kPub, {"-i"}),
       local(kPub, {"--repeat", "0"}),
       local(kPub, {"--repeat-delay", "-1"}),
       local(kPub, {"-L", "mqtt://localhost"}),
       local(kPub, {"-M", "0"}),
       local(kPub, {"--cert", "x", "-t", "a", "-m", "x"}),
       local(kPub, {"--psk", "00", "-t", "a", "-m", "x"}),
       local(kPub, {"--psk", "00", "--psk-identity", "i", "--cafile", "x", "-t", "a", "-m", "x"}),
       local(kPub, {"-t", "a", "-m", "x", "--cafile", "/nonexistent"}),
       local(kPub, {"-P", "x", "-t", "a", "-m", "x"}),
       local(kPub, {"-t", "a", "-m", "x", "-i", ""}),
       local(kPub, {"--unix", "/nonexistent/socket", "-t", "a", "-m", "x"}),
       local(kPub, {"-h", "/nonexistent/socket", "-p", "0", "-t", "a", "-m", "x"}),
       local(kPub, {"-h", "127.0.0.1", "-A", "203.0.113.1", "-t", "a", "-m", "x"}),
       local(kPub, {"--proxy", "http://x", "-t", "a", "-m", "x"}),
       local(kPub, {"--proxy", "socks5h://127.0.0.1:99999", "-t", "a", "-m", "x"}),
       local(kPub, {"--keyform", "pem", "-t", "a", "-m", "x"}),
       local(kPub, {"--tls-engine", "none-such", "-t", "a", "-m", "x"}),
       local(kPub, {"--tls-engine-kpass-sha1", "ab", "-t", "a", "-m", "x"}),
       local(kPub, {"--tls-engine", "none-such", "--cafile", "/no/such", "-t", "a", "-m", "x"}),
       local(kPub, {"--cert", "c", "--key", "k", "--keyform", "der", "-t", "a", "-m", "x"}),
       local(kPub, {"--cert", "c", "--key", "k", "--keyform", "pem", "--tls-engine", "dynamic",
                    "--tls-engine-kpass-sha1", "ab", "-t", "a", "-m", "x"}),
       local(kPub, {"--cafile", "/etc/ssl/certs/ca-certificates.crt", "--tls-version", "tlsv9",
                    "-t", "a", "-m", "x"}),
       local(kPub, {"-t", "a", "-m", "x", "-D", "publish", "content-type", "a", "-D", "publish",
                    "content-type", "b"}),
       local(kRr, {"-t", "a", "-e", "b", "-m", "x", "-D", "publish", "response-topic", "c"}),
       local(kPub, {"-mhello"}),
       local(kPub, {"-"}),
       local(kPub, {""}),
       local(kPub, {"--quiet", "--no-such"}),
       local(kSub, {"-t", "a#"}),
       local(kSub, {"-t", "a", "-T", "b#"}),
       local(kSub, {"-t", "a", "-U", "b#"}),
       local(kSub, {"-C", "0"}),
       local(kSub, {"-W", "0"}),
       local(kSub, {"-W", "x"}),
       local(kSub, {"-F"}),
       local(kSub, {"-F", "%z"}),
       local(kSub, {"-F", "%"}),
       local(kSub, {"-F", "%0"}),
       local(kSub, {"-F", "@"}),
       local(kSub, {"-F", "\\q"}),
       local(kSub, {"-F", "\\"}),
       local(kSub, {"--random-filter", "0"}),
       local(kSub, {"--random-filter"}),
       local(kSub, {"-t", "a", "-R", "--retained-only"}),
       local(kSub, {"-m", "x"}),
       local(kRr, {"-t", "a", "-m", "x"}),
       local(kRr, {"-e"}),
       local(kRr, {"-t", "a", "-m", "x", "-e", "b/#"}),
       local(kRr, {"-t", "a", "-m", "x", "-e", "b", "--repeat", "3"}),
       local(kRr, {"-t", "a", "-m", "x", "-e", "b", "-C", "3"}),
       local(kSub, {"-l"})});
  CHECK(tried >= 60);
}

TEST_CASE("publishing: exit status, -d lines, and what arrives") {
  if (!have_broker() || !have_clients()) return;
  const Mosquitto broker(open_broker());
  const SideBySide runner(broker);
  std::vector<Side> sides;
  for (const std::string version : {"31", "mqttv311", "5"}) {
    for (const std::string qos : {"0", "1", "2"}) {
      sides.push_back({kPub, {"-t", "a", "-m", "x", "-d", "-q", qos, "-V", version, "-i", "fix"}});
    }
  }
  for (const Words& words : std::vector<Words>{
           {"-t", "a", "-m", "x", "-d"},
           {"-t", "a", "-m", "", "-d", "-i", "x"},
           {"-t", "a", "-n", "-r", "-d", "-i", "x"},
           {"-t", "a", "-m", "x", "-r", "-d", "-i", "x", "-q", "abc"},
           {"-t", "first", "-t", "last", "-m", "x", "-d", "-i", "x"},
           {"-t", "a", "-m", "-d", "-d", "-i", "x"},
           {"-t", "a", "-m", "x", "--repeat", "3", "-q", "1", "-d", "-i", "x"},
           {"-t", "a", "-m", "x", "--repeat", "3", "-d", "-i", "x"},
           {"-t", "a", "-f", "/etc/hostname", "-d", "-i", "x"},
           {"-t", "a", "-m", "x", "-d", "-i", "x", "--will-topic", "w", "--will-payload", "gone"},
           {"-t", "a", "-m", "x", "-d", "-i", "x", "-V", "5", "-D", "PUBLISH", "content-type", "t"},
           {"-t", "a", "-m", "x", "-d", "-i", "x", "-c", "-q", "1"},
           {"-t", "a", "-m", "x", "-d", "-i", "x", "-k", "5", "-M", "1", "--nodelay", "--quiet"},
           {"-t", "a", "-m", "x", "-p", "1"},
           {"-t", "a", "-m", "x", "-p", "1", "--quiet"},
       }) {
    sides.push_back({kPub, words});
  }
  sides.push_back(
      {.tool = kPub, .words = {"-t", "a", "-s", "-d", "-i", "x"}, .input = "all of it\n"});
  sides.push_back({.tool = kPub, .words = {"-t", "a", "-l", "-i", "x"}, .input = "one\n\ntwo"});
  const std::string url = "mqtt://127.0.0.1:" + std::to_string(broker.port()) + "/u/r/l";
  sides.push_back(local(kPub, {"-L", url, "-m", "x", "-d", "-i", "x"}));
  CHECK(compare(runner, sides) >= 26);
}

TEST_CASE("refused connections end with the broker's code") {
  if (!have_broker() || !have_clients()) return;
  MosquittoConfig config;
  config.listeners[0].anonymous = false;
  config.listeners[0].users = {{"me", "secret"}};
  const Mosquitto broker(config);
  const SideBySide runner(broker);
  // The texts of 2.1 have no full stop at their ends.
  std::vector<Side> sides;
  for (const Words& version : {Words{}, Words{"-V", "5"}, Words{"-V", "31"}}) {
    sides.push_back({.tool = kPub, .words = Words{"-t", "a", "-m", "x"} + version, .err = false});
    sides.push_back({.tool = kSub, .words = Words{"-t", "a"} + version, .err = false});
    sides.push_back({.tool = kPub,
                     .words = Words{"-u", "me", "-P", "wrong", "-t", "a", "-m", "x"} + version,
                     .err = false});
  }
  sides.push_back({.tool = kPub, .words = {"-u", "me", "-P", "secret", "-t", "a", "-m", "x"}});
  CHECK(compare(runner, sides) == 10);
}

TEST_CASE("a publish that is denied is told, and ends with 0") {
  if (!have_broker() || !have_clients()) return;
  MosquittoConfig config;
  config.listeners[0].acl = "topic read #\n";
  const Mosquitto broker(config);
  const SideBySide runner(broker);
  CHECK(compare(runner, {{kPub, {"-t", "a", "-m", "x", "-q", "1", "-V", "5"}},
                         {kPub, {"-t", "a", "-m", "x", "-q", "2", "-V", "5"}},
                         {kPub, {"-t", "a", "-m", "x", "-q", "1"}},
                         {kPub, {"-t", "a", "-m", "x", "-q", "0", "-V", "5"}},
                         {kPub, {"-t", "a", "-m", "x", "-q", "1", "-V", "5", "--quiet"}}}) == 5);
}

TEST_CASE("a request that nobody answers times out") {
  if (!have_broker() || !have_clients()) return;
  const Mosquitto broker;
  const SideBySide runner(broker);
  CHECK(compare(runner, {{kRr, {"-t", "a", "-e", "b", "-m", "x", "-W", "1"}}}) == 1);
}

TEST_CASE("what a subscriber prints") {
  if (!have_broker() || !have_clients()) return;
  const Mosquitto broker(open_broker());
  const SideBySide runner(broker);
  const auto retained = [](const std::string& topic, const std::string& text) {
    return Words{kPub, "-t", topic, "-m", text, "-r", "-q", "1"};
  };
  const std::vector<Words> past{retained("r/1", "hello"), retained("r/2", "21.5"),
                                Words{kPub, "-t", "r/2", "-n", "-r"}};
  const auto sub = [&past](Words words) {
    return Side{.tool = kSub, .words = Words{"-t", "r/#"} + words, .before = past};
  };
  std::vector<Side> sides;
  for (const Words& words : std::vector<Words>{{},
                                               {"-v"},
                                               {"-N"},
                                               {"-v", "-N"},
                                               {"-q", "1"},
                                               {"-F", "%t|%p|%q|%r|%m|%l"},
                                               {"-F", "[%10p]"},
                                               {"-F", "[%-10p]"},
                                               {"-F", "[%010p]"},
                                               {"-F", "[%3p]"},
                                               {"-F", "%x %X"},
                                               {"-F", "[%10t][%-10t][%.2t]"},
                                               {"-F", "[%8.2t]"},
                                               {"-F", "[%4l][%04l][%-4l]"},
                                               {"-F", "%%\\t\\\\@@"},
                                               {"-F", "[%A%C%E%F%S%R%D%P]"},
                                               {"-F", "[%3A][%3C][%3E][%3F][%3S]"},
                                               {"-v", "-F", "%p"},
                                               {"-N", "-F", "%p"},
                                               {"-F", "[%.3p][%8.3p]"},
                                               {"--pretty"},
                                               {"-d", "-i", "x"},
                                               {"-d", "--quiet", "-i", "x"},
                                               {"-d", "-i", "y", "-i", "x"},
                                               {"-d", "-i", "x", "-V", "5"}}) {
    sides.push_back(sub(words + Words{"-C", "1"}));
  }
  // Messages that wait in a session, in their order.
  const std::vector<Words> session{Words{kSub, "-i", "s", "-c", "-q", "1", "-t", "s/#", "-E"},
                                   Words{kPub, "-t", "s/1", "-q", "1", "-m", "one"},
                                   Words{kPub, "-t", "s/2", "-q", "1", "-n"},
                                   Words{kPub, "-t", "s/3", "-q", "1", "-m", "a\nb\x1b[0m\xff"},
                                   Words{kPub, "-t", "s/4", "-q", "1", "-m", "{\"a\": 1}"}};
  for (const Words& words : std::vector<Words>{{"-v"},
                                               {},
                                               {"-N"},
                                               {"-v", "-N"},
                                               {"-v", "-T", "s/1"},
                                               {"-F", "%t %l %x"},
                                               {"-F", "%q:%r"},
                                               {"-v", "-R"}}) {
    const std::string count = words.size() > 2 && words[1] == "-T" ? "3" : "4";
    sides.push_back({.tool = kSub,
                     .words = Words{"-i", "s", "-c", "-q", "1", "-t", "s/#", "-C", count} + words,
                     .before = session});
  }
  // A message that is not retained ends --retained-only.
  sides.push_back({.tool = kSub,
                   .words = {"-i", "s", "-c", "-q", "1", "-t", "s/#", "-v", "--retained-only"},
                   .before = session});
  // Properties of MQTT 5.
  const std::vector<Words> properties{
      Words{kSub, "-i", "p", "-c", "-q", "1", "-t", "p", "-E", "-V", "5"},
      Words{kPub,
            "-t",
            "p",
            "-q",
            "1",
            "-m",
            "x",
            "-V",
            "5",
            "-D",
            "publish",
            "content-type",
            "text/plain",
            "-D",
            "publish",
            "user-property",
            "k",
            "v w",
            "-D",
            "publish",
            "response-topic",
            "answer",
            "-D",
            "publish",
            "correlation-data",
            "corr",
            "-D",
            "publish",
            "payload-format-indicator",
            "1",
            "-D",
            "publish",
            "user-property",
            "l",
            "m"}};
  for (const std::string format : {"%C|%P|%R|%D|%F|%A|%S", "[%12C][%-12C][%.4C]", "[%12R][%3F]"}) {
    sides.push_back(
        {.tool = kSub,
         .words = {"-i", "p", "-c", "-q", "1", "-t", "p", "-V", "5", "-C", "1", "-F", format},
         .before = properties});
  }
  sides.push_back({.tool = kSub, .words = {"-t", "none", "-W", "1"}});
  sides.push_back({.tool = kSub, .words = {"-t", "none", "-E", "-d"}});
  sides.push_back(
      {.tool = kSub, .words = {"-t", "a", "-t", "b/#", "-q", "2", "-E", "-d", "-i", "x"}});
  sides.push_back({.tool = kSub, .words = {"-t", "a", "-U", "b", "-E", "-d", "-i", "x"}});
  sides.push_back({.tool = kSub, .words = {"-t", "a", "-p", "1"}});
  CHECK(compare(runner, sides) >= 35);
}

TEST_CASE("mosquitto_sub ends with 0 at SIGTERM, mosquitto_pub by the signal") {
  if (!have_broker() || !have_clients()) return;
  MosquittoConfig config;
  config.log_packets = true;
  const Mosquitto broker(config);
  const std::string port = std::to_string(broker.port());
  Process sub({.argv = {kSub, "-p", port, "-h", "127.0.0.1", "-t", "a", "-d"},
               .program = mqtk::test::built_program("mqtt-sub")});
  REQUIRE(sub.wait_stdout_contains("Subscribed (mid: 1): 0\n",
                                   mqtk::Duration(std::chrono::seconds(30))));
  sub.send_signal(SIGTERM);
  const ProcessResult ended = sub.wait();
  CHECK(ended.exit_code == 0);
  CHECK(ended.signal == 0);
  CHECK(ended.out.ends_with(" sending DISCONNECT\n"));
  Process pub({.argv = {kPub, "-p", port, "-h", "127.0.0.1", "-t", "a", "-l", "-d"},
               .program = mqtk::test::built_program("mqtt-pub"),
               .stdin_pipe = true});
  REQUIRE(
      pub.wait_stdout_contains("received CONNACK (0)\n", mqtk::Duration(std::chrono::seconds(30))));
  pub.send_signal(SIGTERM);
  CHECK(pub.wait().signal == SIGTERM);
}

TEST_CASE("where mosquitto's programs go wrong, ours do not") {
  if (!have_broker() || !have_clients()) return;
  const Mosquitto broker(open_broker());
  const auto called = [&broker](const std::string& tool, const Words& words,
                                std::string input = {}) {
    ProcessOptions options{
        .argv = Words{tool, "-h", "127.0.0.1", "-p", std::to_string(broker.port())} + words,
        .program = built_program(tool == kSub ? "mqtt-sub" : "mqtt-pub"),
        .stdin_text = std::move(input)};
    options.env = {"TZ=UTC0"};
    return run(std::move(options));
  };
  const Words session{"-i", "s", "-c", "-q", "1", "-t", "s/#", "-W", "60"};
  REQUIRE(called(kSub, session + Words{"-E"}).ok());

  // --random-filter 100 is all of them, not a tenth.
  std::string lines;
  for (int i = 0; i < 60; ++i) lines += std::to_string(i) + "\n";
  REQUIRE(called(kPub, {"-t", "s/1", "-q", "1", "-l"}, lines).ok());
  const ProcessResult all = called(kSub, session + Words{"-C", "60", "--random-filter", "100"});
  CHECK(all.ok());
  CHECK(all.out == lines);

  // JSON is JSON: NUL and what is no UTF-8 neither cut nor spoil it; a payload that is none prints
  // no empty line.
  REQUIRE(called(kPub, {"-t", "s/1", "-q", "1", "-s"}, std::string("ab\0cd", 5)).ok());
  REQUIRE(called(kPub, {"-t", "s/2", "-q", "1", "-s"}, "\xff").ok());
  const ProcessResult json = called(kSub, session + Words{"-C", "2", "-F", "%j"});
  CHECK(count_lines(json.out) == 2);
  CHECK(json.out.find("\"payloadlen\":5,") != std::string::npos);
  CHECK(json.out.find("\"payload\":\"ab\\u0000cd\"}") != std::string::npos);
  CHECK(json.out.find("\"payload_base64\":\"/w==\"}") != std::string::npos);
  REQUIRE(called(kPub, {"-t", "s/1", "-q", "1", "-m", "no json"}).ok());
  REQUIRE(called(kPub, {"-t", "s/1", "-q", "1", "-m", "[1, 2]"}).ok());
  const ProcessResult embedded = called(kSub, session + Words{"-C", "1", "-F", "%J"});
  CHECK(count_lines(embedded.out) == 1);
  CHECK(embedded.out.find("\"payload\":[1,2]}") != std::string::npos);
  CHECK(embedded.err.find("JSON") != std::string::npos);

  // A width that is not given pads nothing; numbers beyond 2^31 are not negative.
  REQUIRE(called(kPub, {"-t", "s/1", "-q", "1", "-m", "hello"}).ok());
  CHECK(called(kSub, session + Words{"-C", "1", "-F", "[%-p][%-x]"}).out ==
        "[hello][68656c6c6f]\n");

  // --message-rate is written as it is counted, and ends with a connection that is refused.
  const ProcessResult rate = called(kSub, {"-t", "s/#", "--message-rate", "-i", "rate", "-W", "3"});
  CHECK(rate.exit_code == 27);
  CHECK(rate.out.find(" msgs/s\n") != std::string::npos);
  CHECK(run({.argv = {kSub, "-h", "127.0.0.1", "-p", std::to_string(closed_port()), "-t", "a",
                      "--message-rate"},
             .program = built_program("mqtt-sub")})
            .exit_code == 1);

  // --watch leaves nothing of a longer line that stood there before.
  REQUIRE(called(kPub, {"-t", "w/1", "-q", "1", "-r", "-m", "x"}).ok());
  CHECK(called(kSub, {"-t", "w/#", "--watch", "-C", "1"}).out.find("\x1b[Kx\n") !=
        std::string::npos);

  // -f reads what is no file, and -s nothing at all.
  CHECK(called(kPub, {"-t", "s/1", "-f", "/dev/null"}).ok());
  CHECK(called(kPub, {"-t", "s/1", "-s"}).ok());
  const ProcessResult missing = called(kPub, {"-o", "/no/such", "-t", "a", "-m", "x"});
  CHECK(missing.exit_code == 1);
  CHECK(missing.err.find("/no/such") != std::string::npos);
}

TEST_CASE("version and help go to stdout and end with 1") {
  for (const auto& [tool, program] : {std::pair{kPub, "mqtt-pub"}, std::pair{kSub, "mqtt-sub"}}) {
    const ProcessResult version =
        run({.argv = {tool, "--version"}, .program = built_program(program)});
    CHECK(version.exit_code == 1);
    CHECK(version.out.starts_with(tool + " version 2.1.2 running on mqtt-toolkit "));
    CHECK(version.err.empty());
    const ProcessResult help = run({.argv = {tool, "--help"}, .program = built_program(program)});
    CHECK(help.exit_code == 1);
    CHECK(help.out.find("Usage: " + tool) != std::string::npos);
    const ProcessResult none = run({.argv = {tool}, .program = built_program(program)});
    CHECK(none.exit_code == 1);
    CHECK(none.err.starts_with(tool == kPub ? "Error: Both topic and message must be supplied.\n"
                                            : "Error: You must specify a topic to subscribe to"));
  }
}
