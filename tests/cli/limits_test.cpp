// What the system refuses: descriptors, memory, room in files. Each ends with a message and an exit
// code, never by a signal.
#include <sys/stat.h>

#include <set>

#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/temp_dir.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

const std::set<int> kCodes = {1, 64, 65, 66, 68, 69, 74, 75, 76, 77, 78, 79, 124};

const std::vector<std::vector<std::string>> kCommands = {
    {"mqtt-pub", "-p", "1", "-t", "a", "-m", "b"},
    {"mqtt-sub", "-p", "1", "-t", "a"},
    {"mqtt-bench", "pubsub", "-p", "1", "--duration", "1"},
    {"mqtt-inspect", "connect", "-p", "1"},
};

/// Runs a command under what `ulimit` sets.
ProcessResult run_limited(const std::string& limit, const std::vector<std::string>& command,
                          const std::string& input = "/dev/null") {
  ProcessOptions options;
  options.argv = {"sh", "-c", "ulimit -c 0; ulimit " + limit + R"(; exec "$0" "$@")",
                  built_program(command[0])};
  options.argv.insert(options.argv.end(), command.begin() + 1, command.end());
  options.stdin_file = input;
  options.deadline = 60s;
  return run(std::move(options));
}

}  // namespace

TEST_CASE("too few descriptors are told") {
  for (const auto& command : kCommands) {
    for (int descriptors = 4; descriptors <= 20; ++descriptors) {
      const auto result = run_limited("-n " + std::to_string(descriptors), command);
      INFO(command[0] << " with " << descriptors << " descriptors: " << result.text());
      // It is the system's loader that needs one more where the programs are linked with libraries.
      if (result.exit_code == 127 && result.err.find("shared libraries") != std::string::npos) {
        CHECK(descriptors < 6);
        continue;
      }
      CHECK(result.signal == 0);
      CHECK(kCodes.contains(result.exit_code));
      CHECK_FALSE((result.out + result.err).empty());
    }
  }
}

TEST_CASE("memory that there is not is told") {
  if (programs_are_sanitized()) return;  // they take terabytes of addresses
  const TempDir folder;
  const std::string large = folder.file("large");
  write_file(large, std::string(150'000'000, 'x'));
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"-f", large}, {"-s"}, {"-l"}, {"--from-json"}}) {
    std::vector<std::string> command = {"mqtt-pub", "-p", "1", "-t", "a"};
    if (words[0] == "--from-json") command = {"mqtt-pub", "-p", "1"};
    command.insert(command.end(), words.begin(), words.end());
    const auto result = run_limited("-v 90000", command, large);
    INFO(words[0] << ": " << result.text());
    CHECK(result.signal == 0);
    CHECK(kCodes.contains(result.exit_code));
    CHECK_FALSE(result.err.empty());
  }
}

TEST_CASE("a full standard output is told") {
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"mqtt-pub", "--help"},
                                             {"mqtt-sub", "--version"},
                                             {"mqtt-bench", "--help"},
                                             {"mqtt-inspect", "--help=all"},
                                             {"mqtt-pub", "--show-config", "-t", "a", "-m", "b"},
                                             {"mqtt-inspect", "connect", "-p", "1"}}) {
    ProcessOptions options{.argv = command, .stdout_file = "/dev/full"};
    options.argv[0] = built_program(command[0]);
    const auto result = run(std::move(options));
    INFO(command[0] << " " << command[1] << ": " << result.text());
    CHECK(result.exit_code == 74);
    CHECK(result.err.find("cannot write standard output: ") != std::string::npos);
  }
  // A monitor must not read "ok" from what nobody was told.
  const auto check = run(
      {.argv = {built_program("mqtt-inspect"), "check", "-p", "1"}, .stdout_file = "/dev/full"});
  CHECK(check.exit_code == 3);
  CHECK_FALSE(check.err.empty());
}

TEST_CASE("a configuration file of 50,000 dotted parts is refused") {
  const TempDir folder;
  std::string dotted = "[a";
  for (int i = 0; i < 50'000; ++i) dotted += ".a";
  const std::string file = folder.write("config.toml", dotted + "]\n");
  const auto result =
      run({built_program("mqtt-pub"), "--config", file, "-p", "1", "-t", "a", "-m", "b"});
  INFO(result.text());
  CHECK(result.exit_code == 78);
  CHECK(result.err.find(":1: this is nested too deep") != std::string::npos);
}

TEST_CASE("a secret command does not see our secrets") {
  const TempDir folder;
  ProcessOptions options;
  options.argv = {built_program("mqtt-pub"),      "-p", "1", "-u", "u", "--password-command",
                  "env > " + folder.file("seen"), "-t", "a", "-m", "b"};
  options.env = {"MQTT_TOOLKIT_PASSWORD", "MQTT_TOOLKIT_PASSPHRASE_OF_ANOTHER=hidden-1",
                 "MQTT_TOOLKIT_URL=mqtt://name:hidden-2@localhost:1", "KEPT=kept-3"};
  const auto result = run(std::move(options));
  INFO(result.text());
  const std::string seen = read_file(folder.file("seen"));
  CHECK(seen.find("hidden") == std::string::npos);
  CHECK(seen.find("KEPT=kept-3") != std::string::npos);
}
