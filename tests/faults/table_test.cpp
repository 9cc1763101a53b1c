#include <set>

#include "faults/fault_table.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/skipped.hpp"

namespace mqtk::test {

namespace {

/// With its end.
std::string error_line(const std::string& text) {
  const auto at = text.find(": error: ");
  return at == std::string::npos ? std::string() : text.substr(at, text.find('\n', at) + 1 - at);
}

void play(const std::vector<Fault>& faults) {
  std::set<std::string> sentences;
  for (const Fault& fault : faults) {
    INFO("fault: " << fault.name);
    // MQTT 5 and 3.1.1 may say the same thing in the same words.
    const std::string version = fault.name.substr(0, 3) == "5: " ? "5" : "3";
    CHECK(sentences.insert(version + fault.sentence + fault.cause).second != fault.alike);
    Scene scene;
    std::string skip;
    ProcessOptions options;
    options.argv = fault.command(scene, skip);
    if (options.argv.empty()) {
      say_skipped(fault.name + ": " + skip);
      continue;
    }
    const ProcessResult result = run(options);
    INFO(result.text());
    CHECK(result.exit_code == fault.exit_code);
    CHECK(error_line(result.err).find(fault.sentence) != std::string::npos);
    const std::string cause = fault.cause.empty() ? "" : "cause: " + fault.cause + "\n";
    CHECK(result.err.find(cause) != std::string::npos);
    CHECK(result.err.find(fault.further) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("every fault of TLS and credentials is told apart") {
  play(server_faults());
}

TEST_CASE("every fault on the way to the broker is told apart") {
  play(network_faults());
}

TEST_CASE("every fault that a broker can answer with is told apart") {
  play(scripted_faults());
}

}  // namespace mqtk::test
