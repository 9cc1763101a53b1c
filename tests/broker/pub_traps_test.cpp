// What other publishers are known to get wrong: each as a case in which ours does it right.
#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace mqtk;
using namespace mqtk::test;

TEST_CASE("a denied publish and one that is too large are errors that say so") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.listeners[0].acl = "topic read #\n";
  config.extra = {"max_packet_size 2000"};
  const Mosquitto broker(config);
  const ProcessResult denied =
      publish(at(broker) + Words{"-V", "5", "-q", "1", "-t", "closed", "-m", "x"});
  INFO(denied.text());
  CHECK(denied.exit_code == 77);
  CHECK(denied.err.find("not authorized") != std::string::npos);
  const ProcessResult large = publish_text(
      at(broker) + Words{"-V", "5", "-q", "1", "-t", "closed", "-s"}, std::string(3000, 'x'));
  INFO(large.text());
  CHECK(large.exit_code == 1);
  CHECK(large.err.find("error: ") != std::string::npos);
}

TEST_CASE("empty input is an empty message, wherever it comes from") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const TempDir folder;
  const std::string empty = folder.write("empty", "");
  Subscriber subscriber(at(broker) + Words{"-t", "e", "-q", "1", "-C", "4"});
  REQUIRE(subscriber.ready());
  const Words to = at(broker) + Words{"-t", "e", "-q", "1"};
  CHECK(publish_text(to + Words{"-s"}, "").ok());
  CHECK(publish(to + Words{"-f", empty}).ok());
  CHECK(publish(to + Words{"-m", ""}).ok());
  CHECK(publish_text(to + Words{"-l"}, "").ok());
  CHECK(publish_text(to + Words{"-l"}, "last").ok());
  CHECK(subscriber.wait().out == "\n\n\nlast\n");
}

TEST_CASE("a line that begins with NUL is a line") {
  if (!have_broker()) return;
  const Mosquitto broker;
  Subscriber subscriber(at(broker) + Words{"-t", "n", "-q", "1", "-C", "2"});
  REQUIRE(subscriber.ready());
  CHECK(publish_text(at(broker) + Words{"-t", "n", "-l", "-q", "1"}, std::string("\0a\n\0\n", 5))
            .ok());
  CHECK(subscriber.wait().out == std::string("\0a\n\0\n", 5));
}

TEST_CASE("numbers are read whole or not at all") {
  for (const Words& wrong :
       {Words{"-q", "abc"}, Words{"-q", "1x"}, Words{"--repeat", "5x"}, Words{"--repeat", "0"},
        Words{"--rate", "0/s"}, Words{"--rate", "fast"}, Words{"--repeat-delay", "-1"}}) {
    const ProcessResult result = publish(Words{"-t", "a", "-m", "b"} + wrong);
    INFO(wrong[0] << " " << wrong[1] << ": " << result.text());
    CHECK(result.exit_code == 64);
    CHECK(result.err.find(wrong[0] + ":") != std::string::npos);
  }
}
