// What people get wrong when they type, and what they are told: the exit code, and the words that
// help.
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

struct Mistake {
  std::vector<std::string> typed;
  int exit_code;
  std::string told;
};

// Nothing listens on port 1: there, 69 says that the mistake was no error in itself.
const std::vector<Mistake> kMistakes = {
    {{"mqtt-pub", "--tpoic", "a"}, 64, "did you mean --topic?"},
    {{"mqtt-sub", "--cafil", "x"}, 64, "did you mean --cafile?"},
    {{"mqtt-bench", "pubsub", "--clinets", "3"}, 64, "did you mean --clients?"},
    {{"mqtt-inspect", "conect"}, 64, "did you mean connect?"},
    {{"mqtt-bench", "pubb"}, 64, "did you mean pubsub?"},
    {{"mqtt-pub", "-h", "localhost:1883", "-t", "a", "-m", "b"}, 64, "write -h localhost -p 1883"},
    {{"mqtt-pub", "-h", "mqtt://localhost", "-t", "a", "-m", "b"}, 64, "give it with -L"},
    {{"mqtt-sub", "-h", "mqtts://localhost", "-t", "a"}, 64, "give it with -L"},
    {{"mqtt-pub", "-L", "http://localhost", "-t", "a", "-m", "b"}, 64, "known are mqtt, tcp"},
    {{"mqtt-pub", "-m", "b"}, 64, "-t TOPIC, or as the path of the URL"},
    {{"mqtt-pub", "-t", "a"}, 64, "no message given"},
    {{"mqtt-sub"}, 64, "-t FILTER; '#' is all topics"},
    {{"mqtt-sub", "a/b"}, 64, "write -t 'a/b'"},
    {{"mqtt-pub", "a", "b"}, 64, "unexpected argument 'a'"},
    {{"mqtt-pub", "-t", "a/#", "-m", "b"}, 64, "a message has one topic"},
    {{"mqtt-pub", "-t", "a/+/c", "-m", "b"}, 64, "a message has one topic"},
    {{"mqtt-sub", "-t", "a/#b"}, 64, "only between slashes"},
    {{"mqtt-sub", "-p", "1", "-t", "a/*"}, 69, "'+' stands for one level"},
    {{"mqtt-sub", "-p", "1", "-t", "a/>"}, 69, "'#' stands for all levels that follow"},
    {{"mqtt-sub", "-p", "1", "-t", "a.b.>"}, 69, "a slash stands between levels"},
    {{"mqtt-sub", "-p", "1", "-t", "/#"}, 69, "if $SYS/# was meant"},
    {{"mqtt-sub", "-p", "1", "-t", "/broker/uptime"}, 69, "the shell replaces $SYS"},
    {{"mqtt-pub", "-p", "1", "-t", "a", "-m", "b", "-P", "x"}, 64, "add -u USER, or -V 5"},
    {{"mqtt-pub", "-p", "1", "-t", "a", "-m", "b", "--insecure"}, 69, "has no effect without TLS"},
    {{"mqtt-bench", "pub", "-I", "10"}, 64, "write --interval"},
    {{"mqtt-bench", "pub", "-d", "5"}, 64, "write --duration, or --debug"},
    {{"mqtt-bench", "sub", "-S"}, 64, "write -L mqtts://HOST"},
    {{"mqtt-bench", "pub", "-F", "5"}, 64, "write --inflight"},
    {{"mqtt-bench", "conn", "-R", "5"}, 64, "write --connect-rate"},
    {{"mqtt-bench", "pub", "--limit", "5"}, 64, "write --count"},
    {{"mqtt-bench", "pub", "--startnumber", "5"}, 64, "write --first-index"},
    {{"mqtt-bench", "pub", "--interval_of_msg", "5"}, 64, "write --interval"},
    {{"mqtt-bench", "pub", "--prefix", "x"}, 64, "write --id-prefix"},
    {{"mqtt-bench", "pub", "--keyfile", "x"}, 64, "write --key"},
};

}  // namespace

TEST_CASE("common mistakes are told with what helps") {
  for (const Mistake& mistake : kMistakes) {
    ProcessOptions options{.argv = mistake.typed, .deadline = 120s};
    options.argv[0] = built_program(mistake.typed[0]);
    options.env = {"MQTT_TOOLKIT_URL", "XDG_CONFIG_HOME=/nonexistent"};
    const ProcessResult result = run(std::move(options));
    std::string line;
    for (const std::string& word : mistake.typed) line += word + " ";
    INFO(line << "\n" << result.text());
    CHECK(result.exit_code == mistake.exit_code);
    CHECK(result.err.find(mistake.told) != std::string::npos);
    CHECK(result.out.empty());
  }
}
