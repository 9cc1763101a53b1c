// Output that cannot be written: 74, from the real programs onto a device that is always full.
#include "broker/world.hpp"
#include "support/catch.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

ProcessResult onto_full(ProcessOptions options) {
  options.stdout_file = "/dev/full";
  return run(std::move(options));
}

}  // namespace

TEST_CASE("help and status onto a full device") {
  CHECK(onto_full(pub_options({"--help"})).exit_code == 74);
  CHECK(onto_full(sub_options({"--version"})).exit_code == 74);
}

TEST_CASE("messages and answers onto a full device") {
  if (!have_broker()) return;
  const Mosquitto broker;
  CHECK(publish(at(broker) + Words{"-t", "kept", "-m", "x", "-r", "-q", "1"}).ok());
  const ProcessResult sub = onto_full(sub_options(at(broker) + Words{"-t", "kept", "-W", "40s"}));
  INFO(sub.text());
  CHECK(sub.exit_code == 74);
  CHECK(sub.err.find("mqtt-sub: error: ") != std::string::npos);

  // A request that answers itself: its topic is the response topic.
  const ProcessResult pub =
      onto_full(pub_options(at(broker) + Words{"--request", "-V", "3.1.1", "-e", "echo", "-t",
                                               "echo", "-m", "x", "-W", "40s"}));
  INFO(pub.text());
  CHECK(pub.exit_code == 74);
  CHECK(pub.err.find("mqtt-pub: error: ") != std::string::npos);
}
