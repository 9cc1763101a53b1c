// A message goes out and comes back over every transport, quality of service and version.
#include "broker/world.hpp"
#include "support/catch.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

void round_trip(const Words& link, const Words& further) {
  const Words words = link + further;
  Subscriber subscriber(words + Words{"-t", "trip/#", "-v", "-C", "1"});
  INFO(subscriber.process().err_so_far());
  REQUIRE(subscriber.ready());
  const ProcessResult sent = publish(words + Words{"-t", "trip/a b", "-m", "there and back"});
  INFO(sent.text());
  CHECK(sent.ok());
  CHECK(sent.err.empty());
  const ProcessResult got = subscriber.wait();
  INFO(got.text());
  CHECK(got.ok());
  CHECK(got.out == "trip/a b there and back\n");
}

}  // namespace

TEST_CASE("every transport carries every quality of service") {
  if (!have_broker()) return;
  const World world;
  for (const Link& link : world.links()) {
    for (const char* qos : {"0", "1", "2"}) {
      INFO(link.name << ", QoS " << qos);
      round_trip(link.words, {"-q", qos});
    }
  }
}

TEST_CASE("every version of MQTT works over plain, TLS and WebSocket connections") {
  if (!have_broker()) return;
  const World world;
  for (const Link& link : world.links()) {
    if (link.name != "TCP" && link.name != "TLS by host name" && link.name != "WebSocket") continue;
    for (const char* version : {"3.1", "3.1.1", "5"}) {
      INFO(link.name << ", MQTT " << version);
      round_trip(link.words, {"-q", "2", "-V", version});
    }
  }
}
