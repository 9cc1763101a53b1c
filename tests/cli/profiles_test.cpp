// Profiles with the real programs: found where they belong, used by each, offered by the shells.
#include <sys/stat.h>

#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/programs.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

/// A configuration home with profiles for the broker.
class Home {
 public:
  explicit Home(const Mosquitto& broker) {
    ::mkdir(folder_.file("mqtt-toolkit").c_str(), 0700);
    const std::string target = "host = '127.0.0.1'\nport = " + std::to_string(broker.port()) + "\n";
    folder_.write("mqtt-toolkit/config.toml", "[default]\n" + target +
                                                  "[plant]\nextends = 'default'\nid = 'planted'\n"
                                                  "[plant.pub]\ntopic = 'from/profile'\n"
                                                  "[nowhere]\nport = 1\n");
  }
  ProcessResult run(Words words, const std::string& input = {}) const {
    ProcessOptions options{.stdin_text = input};
    words[0] = words[0].starts_with("mqtt-") ? built_program(words[0]) : find_program(words[0]);
    options.argv = std::move(words);
    options.env = {"XDG_CONFIG_HOME=" + folder_.path(),
                   "PATH=" + folder_of(built_program("mqtt-sub")) + ":/usr/bin:/bin",
                   "HOME=" + folder_.path()};
    return mqtk::test::run(std::move(options));
  }

 private:
  TempDir folder_;
};

}  // namespace

TEST_CASE("every program connects to where a profile says") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.log_packets = true;
  const Mosquitto broker(config);
  const Home home(broker);
  for (const Words& words : std::vector<Words>{{"mqtt-pub", "-t", "a", "-m", "x"},
                                               {"mqtt-pub", "@plant", "-m", "x"},
                                               {"mqtt-sub", "--profile", "plant", "-t", "a", "-E"},
                                               {"mqtt-sub", "-t", "a", "-E", "@plant"},
                                               {"mqtt-inspect", "connect", "@plant"},
                                               {"mqtt-inspect", "@plant"}}) {
    const ProcessResult result = home.run(words);
    INFO(words[0] << " " << words[1] << "\n" << result.text());
    CHECK(result.ok());
  }
  CHECK(broker.wait_log_contains("from/profile"));
  CHECK(broker.wait_log_contains("planted"));
  CHECK(home.run({"mqtt-pub", "@nowhere", "-h", "127.0.0.1", "-t", "a", "-m", "x"}).exit_code ==
        69);
  const ProcessResult unknown = home.run({"mqtt-sub", "@plnat", "-t", "a"});
  CHECK(unknown.exit_code == 78);
  CHECK(unknown.err.find("did you mean @plant?") != std::string::npos);
}

TEST_CASE("the options --show-config and --list-profiles answer on stdout, with 0") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const Home home(broker);
  const ProcessResult list = home.run({"mqtt-sub", "--list-profiles"});
  CHECK(list.ok());
  CHECK(count_lines(list.out) == 3);
  const ProcessResult shown = home.run({"mqtt-pub", "@plant", "--show-config", "-q", "1"});
  CHECK(shown.ok());
  CHECK(shown.out.find("host = \"127.0.0.1\" ") != std::string::npos);
  CHECK(shown.out.find("mqtt-toolkit/config.toml:2\n") != std::string::npos);
  CHECK(shown.out.find("topic = \"from/profile\" ") != std::string::npos);
  CHECK(shown.out.find("# command line\n") != std::string::npos);
}

TEST_CASE("shells offer the names of profiles") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const Home home(broker);
  // Bash takes the @ for a word of its own.
  for (const std::string words : {"(mqtt-sub @ pl) COMP_CWORD=2", "(mqtt-sub @pl) COMP_CWORD=1",
                                  "(mqtt-sub --profile pl) COMP_CWORD=2"}) {
    const ProcessResult bash =
        home.run({"bash", "-c",
                  "eval \"$(mqtt-sub --generate=bash)\"; COMP_WORDS=" + words +
                      "; _mqtt_sub; printf '%s\\n' \"${COMPREPLY[@]}\""});
    INFO(words << bash.text());
    CHECK((bash.out == "plant\n" ||
           (words == "(mqtt-sub @pl) COMP_CWORD=1" && bash.out == "@plant\n")));
  }
  if (find_program("fish").empty()) return;
  for (const std::string typed : {"mqtt-sub @pl", "mqtt-sub --profile pl"}) {
    const ProcessResult fish =
        home.run({"fish", "--no-config", "-c",
                  "mqtt-sub --generate=fish | source; complete -C '" + typed + "'"});
    INFO(typed << fish.text());
    CHECK(fish.out.find("plant") != std::string::npos);
    CHECK(fish.out.find("nowhere") == std::string::npos);
  }
}
