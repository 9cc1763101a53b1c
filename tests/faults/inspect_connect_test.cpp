// mqtt-inspect connect names the cause of every fault, and finds nothing wrong where nothing is.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "faults/inspect_faults.hpp"
#include "support/catch.hpp"
#include "support/certs.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/skipped.hpp"

namespace mqtk::test {

namespace {

using Json = nlohmann::json;

/// The command line of mqtt-inspect for the connection that an mqtt-pub's would make; empty when it
/// is about something else than connecting.
Command as_diagnosis(const Command& command) {
  if (!command.front().ends_with("mqtt-pub")) return {};
  Command out = {built_program("mqtt-inspect"), "connect", "--json", "--no-variants"};
  for (std::size_t i = 1; i < command.size(); ++i) {
    if (command[i] == "-t" || command[i] == "-m" || command[i] == "-q") {
      ++i;
    } else if (command[i] != "-d") {
      out.push_back(command[i]);
    }
  }
  return out;
}

bool about_connecting(const Fault& fault) {
  const std::string& cause = fault.cause;
  return cause != "mqtt.lost" && !cause.starts_with("pub.") && !cause.starts_with("sub.") &&
         fault.name.find("QoS 2") == std::string::npos;
}

std::string failed_phase(const Json& report) {
  for (const Json& phase : report["phases"]) {
    if (phase.contains("ok") && !phase["ok"]) return phase["name"];
  }
  return "";
}

void diagnose(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    if (!about_connecting(fault)) continue;
    INFO("fault: " << fault.name);
    Scene scene;
    std::string skip;
    const Command command = fault.command(scene, skip);
    if (command.empty()) {
      say_skipped(fault.name + ": " + skip);
      continue;
    }
    const Command words = as_diagnosis(command);
    if (words.empty()) continue;
    const ProcessResult result = run(words);
    INFO(result.text());
    const Json report = Json::parse(result.out, nullptr, false);
    REQUIRE(report.is_object());
    CHECK(report["schema"] == "mqtt-inspect.connect/1");
    CHECK(report["ok"] == false);
    CHECK(report["exit_code"] == fault.exit_code);
    CHECK(result.exit_code == fault.exit_code);
    CHECK(report.value("cause", "") == fault.cause);
    std::string sentence = fault.sentence;
    std::erase(sentence, '\n');
    CHECK(report.value("message", "").find(sentence) != std::string::npos);
    CHECK(failed_phase(report) != "");
  }
}

}  // namespace

TEST_CASE("a diagnosis names every fault of TLS and credentials") {
  diagnose(server_faults());
}

TEST_CASE("a diagnosis names every fault on the way to the broker") {
  diagnose(network_faults());
}

TEST_CASE("a diagnosis names every refusal of a broker") {
  diagnose(scripted_faults());
}

TEST_CASE("a diagnosis names the faults that take a whole one to see, and what would have worked") {
  for (const InspectFault& fault : inspect_faults()) {
    INFO("fault: " << fault.name);
    Scene scene;
    std::string skip;
    Command words = fault.words(scene, skip);
    if (words.empty()) {
      say_skipped(fault.name + ": " + skip);
      continue;
    }
    Command command;
    const auto separator = std::ranges::find(words, "--");
    if (separator != words.end()) {
      command.assign(words.begin(), separator);
      words.erase(words.begin(), separator + 1);
    }
    command.insert(command.end(), {built_program("mqtt-inspect"), "connect", "--json"});
    command.insert(command.end(), words.begin(), words.end());
    const ProcessResult result = run(command);
    INFO(result.text());
    const Json report = Json::parse(result.out, nullptr, false);
    REQUIRE(report.is_object());
    CHECK(failed_phase(report) == fault.phase);
    CHECK(report.value("cause", "") == fault.cause);
    CHECK(report.value("message", "").find(fault.sentence) != std::string::npos);
    CHECK(result.exit_code == fault.exit_code);
    CHECK(report.value("hint", "").find(fault.next) != std::string::npos);
    CHECK(report["variants"].size() <= 6);
    std::string works;
    for (const Json& variant : report["variants"]) {
      if (variant["ok"] && works.empty()) works = variant["change"];
    }
    CHECK(works == fault.variant);
  }
}

TEST_CASE("the human view of a failure has the phases, the cause, the evidence and a next step") {
  if (!Mosquitto::available()) return say_skipped("mosquitto is not installed");
  Scene scene;
  const auto broker = start_broker(scene, {});
  const ProcessResult result = run(
      {built_program("mqtt-inspect"), "-L", "mqtts://127.0.0.1:" + std::to_string(broker->port())});
  INFO(result.text());
  for (const char* line :
       {"ok      resolve ", "ok      tcp ", "FAILED  tls ",
        "\ncause   tls.not_tls: ", "\nseen    tls failed after ", "\ntried   no TLS: works\n",
        "\nnext    it works with no TLS: -L mqtt://127.0.0.1:"}) {
    INFO(line);
    CHECK(result.out.find(line) != std::string::npos);
  }
  CHECK(result.err.empty());
}

TEST_CASE("nothing else is tried after the credentials were refused, nor with a given client id") {
  if (!Mosquitto::available()) return say_skipped("mosquitto is not installed");
  MosquittoListener listener;
  listener.users = {{"alice", "secret"}};
  listener.anonymous = false;
  Scene scene;
  const auto broker = start_broker(scene, listener);
  const std::string port = std::to_string(broker->port());
  const Command program = {built_program("mqtt-inspect"), "--json", "-h", "127.0.0.1", "-p", port};
  Command denied = program;
  denied.insert(denied.end(), {"-u", "alice", "-P", "wrong"});
  const ProcessResult result = run(denied);
  INFO(result.text());
  Json report = Json::parse(result.out, nullptr, false);
  REQUIRE(report.is_object());
  CHECK(report["variants"].empty());
  CHECK(report["notes"].dump().find("nothing else was tried") != std::string::npos);
  CHECK(result.out.find("wrong") == std::string::npos);

  MosquittoListener tls;
  tls.cert_file = test_certs().server.certificate;
  tls.key_file = test_certs().server.key;
  const auto tls_broker = start_broker(scene, tls);
  const ProcessResult given = run({built_program("mqtt-inspect"), "--json", "-i", "device-7", "-h",
                                   "localhost", "-4", "-p", std::to_string(tls_broker->port())});
  INFO(given.text());
  report = Json::parse(given.out, nullptr, false);
  REQUIRE(report.is_object());
  CHECK(report["variants"].size() > 0);
  CHECK(report["notes"].dump().find("instead of 'device-7'") != std::string::npos);
}

}  // namespace mqtk::test
