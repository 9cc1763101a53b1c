// The largest payload that MQTT can carry, and what it costs in memory.
#include <fstream>

#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/programs.hpp"
#include "support/temp_dir.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

// The largest remaining length, less the topic's length and the topic of one octet.
constexpr std::size_t kSize = 268'435'455 - 3;
constexpr long kAllowedKib = (static_cast<long>(kSize) >> 10) + 32 * 1024;

bool same_content(const std::string& left, const std::string& right) {
  std::ifstream a(left, std::ios::binary);
  std::ifstream b(right, std::ios::binary);
  std::string piece_a(1 << 20, '\0');
  std::string piece_b(1 << 20, '\0');
  std::size_t total = 0;
  while (true) {
    a.read(piece_a.data(), static_cast<std::streamsize>(piece_a.size()));
    b.read(piece_b.data(), static_cast<std::streamsize>(piece_b.size()));
    if (a.gcount() != b.gcount() || piece_a != piece_b) return false;
    if (a.gcount() == 0) return total == kSize;
    total += static_cast<std::size_t>(a.gcount());
  }
}

void check_largest(const Words& link) {
  const TempDir folder;
  const std::string path = folder.file("payload");
  {
    std::ofstream file(path, std::ios::binary);
    const std::string block = pattern(1'000'003);
    for (std::size_t left = kSize; left > 0;) {
      const std::size_t n = std::min(left, block.size());
      file.write(block.data(), static_cast<std::streamsize>(n));
      left -= n;
    }
  }
  Subscriber subscriber(link + Words{"-t", "b", "-N", "-C", "1"}, folder.file("got"));
  REQUIRE(subscriber.ready());
  const ProcessResult sent = publish(link + Words{"-t", "b", "-f", path});
  INFO(sent.text());
  CHECK(sent.ok());
  const ProcessResult got = subscriber.wait();
  INFO(got.text());
  CHECK(got.ok());
  CHECK(same_content(path, folder.file("got")));
  if (!programs_are_sanitized()) {
    CHECK(sent.peak_rss_kib <= kAllowedKib);
    CHECK(got.peak_rss_kib <= kAllowedKib);
  }
}

}  // namespace

TEST_CASE("the largest payload over TCP") {
  if (!have_broker()) return;
  const Mosquitto broker;
  check_largest(at(broker));
}

TEST_CASE("the largest payload over TLS") {
  if (!have_broker()) return;
  const Certs& certs = test_certs();
  const Mosquitto broker(world_config(certs));
  check_largest(at(broker, "tls") + Words{"--cafile", certs.ca});
}
