// Payloads arrive as they were sent, octet for octet, over every transport.
#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

void check_payloads(const Words& out, const Words& back, const std::vector<std::size_t>& sizes) {
  const TempDir folder;
  Subscriber subscriber(
      back + Words{"-t", "bin", "-N", "-q", "1", "-C", std::to_string(sizes.size())},
      folder.file("got"));
  REQUIRE(subscriber.ready());
  std::string expected;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::string payload = pattern(sizes[i]);
    expected += payload;
    const Words words = out + Words{"-t", "bin", "-q", "1"};
    const ProcessResult sent = i % 2 == 0
                                   ? publish(words + Words{"-f", folder.write("payload", payload)})
                                   : publish_text(words + Words{"-s"}, payload);
    INFO("size " << sizes[i] << ": " << sent.text());
    REQUIRE(sent.ok());
  }
  const ProcessResult got = subscriber.wait();
  INFO(got.text());
  CHECK(got.ok());
  const bool identical = read_file(folder.file("got")) == expected;
  CHECK(identical);
}

}  // namespace

TEST_CASE("payloads of all sizes arrive identical over every transport") {
  if (!have_broker()) return;
  const World world;
  const std::vector<std::size_t> large = {65535, 65536, 65537, 1 << 20};
  const std::vector<std::size_t> all = {0,     1,     127,   128,   16383,  16384,
                                        16385, 65535, 65536, 65537, 1 << 20};
  for (const Link& link : world.links()) {
    INFO(link.name);
    // WebSocket listeners of mosquitto 2.0 send 4 KiB per tenth of a second.
    if (link.name.starts_with("WebSocket") || link.name.starts_with("nginx")) {
      check_payloads(link.words, link.words, {0, 1, 127, 128, 16383, 16384, 16385});
      check_payloads(link.words, at(world.broker), large);
    } else {
      check_payloads(link.words, link.words, all);
    }
  }
}

TEST_CASE("a payload beyond 64 KiB comes back over WebSocket") {
  if (!have_broker()) return;
  const World world;
  for (const Link& link : world.links()) {
    if (link.name == "WebSocket") check_payloads(link.words, link.words, {65535, 65536, 65537});
  }
}

TEST_CASE("a small binary payload with NUL and line ends is written as it is") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const TempDir folder;
  const std::string payload("\0\n\r\n\xFF\0", 6);
  for (const char* qos : {"0", "1", "2"}) {
    Subscriber subscriber(at(broker) + Words{"-t", "bin", "-N", "-C", "1", "-q", qos},
                          folder.file("got"));
    REQUIRE(subscriber.ready());
    CHECK(publish_text(at(broker) + Words{"-t", "bin", "-q", qos, "-s"}, payload).ok());
    CHECK(subscriber.wait().ok());
    CHECK(read_file(folder.file("got")) == payload);
  }
}
