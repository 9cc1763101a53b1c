// What mqtt-sub shows, and when it ends.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unique_fd.hpp"
#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

void put(const Mosquitto& broker, const std::string& topic, const std::string& payload,
         const Words& further = {}) {
  const ProcessResult sent =
      publish(at(broker) + Words{"-q", "1", "-t", topic, "-m", payload} + further);
  INFO(sent.text());
  REQUIRE(sent.ok());
}

}  // namespace

TEST_CASE("options that choose and shape what is shown") {
  if (!have_broker()) return;
  const Mosquitto broker;
  put(broker, "s/kept", "old", {"-r"});
  struct Case {
    const char* name;
    Words words;
    const char* out;
  };
  const std::vector<Case> cases = {
      {"plain", {"-C", "3"}, "old\none\ntwo\n"},
      {"-v", {"-v", "-C", "3"}, "s/kept old\ns/a one\ns/b two\n"},
      {"--topic-sep", {"-v", "--topic-sep", "\\t", "-C", "3"}, "s/kept\told\ns/a\tone\ns/b\ttwo\n"},
      {"-N", {"-N", "-C", "3"}, "oldonetwo"},
      {"-R", {"-R", "-C", "2"}, "one\ntwo\n"},
      {"-T", {"-T", "s/a", "-C", "2"}, "old\ntwo\n"},
      {"-T with a wildcard", {"-R", "-T", "+/a", "-C", "1"}, "two\n"},
      {"-C", {"-C", "2"}, "old\none\n"},
  };
  for (const Case& c : cases) {
    Subscriber subscriber(at(broker) + Words{"-t", "s/#", "-q", "1"} + c.words);
    REQUIRE(subscriber.ready());
    put(broker, "s/a", "one");
    put(broker, "s/b", "two");
    const ProcessResult got = subscriber.wait();
    INFO(c.name << ": " << got.text());
    CHECK(got.ok());
    CHECK(got.out == c.out);
  }
}

TEST_CASE("every way for mqtt-sub to end by itself") {
  if (!have_broker()) return;
  const Mosquitto broker;
  put(broker, "e/1", "one", {"-r"});
  put(broker, "e/2", "two", {"-r"});
  struct Case {
    const char* name;
    Words words;
    int exit_code;
    const char* out;
  };
  const std::vector<Case> cases = {
      {"-W", {"-t", "nothing", "-W", "300ms"}, 124, ""},
      {"-C unmet at -W", {"-t", "e/1", "-C", "2", "-W", "300ms"}, 124, "one\n"},
      {"-C met before -W", {"-t", "e/1", "-C", "1", "-W", "20s"}, 0, "one\n"},
      {"--for", {"-t", "e/1", "--for", "300ms"}, 0, "one\n"},
      {"--idle", {"-t", "e/+", "-v", "--idle", "300ms"}, 0, "e/1 one\ne/2 two\n"},
      {"--retained-only", {"-t", "e/+", "-v", "--retained-only"}, 0, "e/1 one\ne/2 two\n"},
      {"--retained-only of nothing", {"-t", "x/+", "--retained-only"}, 0, ""},
      {"-E", {"-t", "x/+", "-E"}, 0, ""},
  };
  for (const Case& c : cases) {
    const ProcessResult got = subscribe(at(broker) + c.words);
    INFO(c.name << ": " << got.text());
    CHECK(got.exit_code == c.exit_code);
    CHECK(got.out == c.out);
  }
}

TEST_CASE("a retained message stays until an empty one clears it") {
  if (!have_broker()) return;
  const Mosquitto broker;
  put(broker, "keep", "this", {"-r"});
  CHECK(subscribe(at(broker) + Words{"-t", "keep", "--retained-only"}).out == "this\n");
  CHECK(publish(at(broker) + Words{"-t", "keep", "-r", "-n", "-q", "1"}).ok());
  CHECK(subscribe(at(broker) + Words{"-t", "keep", "--retained-only"}).out.empty());
}

TEST_CASE("a closed pipe ends mqtt-sub silently") {
  if (!have_broker()) return;
  const Mosquitto broker;
  put(broker, "p/1", "one", {"-r"});
  put(broker, "p/2", "two", {"-r"});
  const TempDir folder;
  ProcessOptions options = sub_options(at(broker) + Words{"-t", "p/+"});
  options.argv =
      Words{"sh", "-c", R"({ "$@"; echo "ended $?" >"$0"; } | head -n 1)", folder.file("status")} +
      options.argv;
  Process pipeline(options);
  // It may notice at once, or with the next message.
  CHECK(pipeline.wait_stdout_line(0).has_value());
  CHECK(wait_until(
      [&] {
        publish(at(broker) + Words{"-t", "p/3", "-m", "three"});
        return read_file(folder.file("status")) == "ended 0\n";
      },
      20s));
  const ProcessResult result = pipeline.wait();
  INFO(result.text());
  CHECK(result.ok());
  CHECK(count_lines(result.out) == 1);
  CHECK(result.err.empty());
}

TEST_CASE("a stopped reader of the output costs neither the connection nor messages") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.extra = {"max_queued_messages 0"};
  const Mosquitto broker(config);
  const TempDir folder;
  const std::string fifo = folder.file("fifo");
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  const UniqueFd reader(::open(fifo.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  REQUIRE(reader);

  constexpr std::size_t kMessages = 20;
  Subscriber subscriber(
      at(broker) + Words{"-t", "slow", "-q", "1", "-k", "2", "-N", "-C", std::to_string(kMessages)},
      fifo);
  REQUIRE(subscriber.ready());
  const std::string payload = pattern(1 << 20);
  const std::string path = folder.write("payload", payload);
  const ProcessResult sent = publish(at(broker) + Words{"-t", "slow", "-q", "1", "-f", path,
                                                        "--repeat", std::to_string(kMessages)});
  INFO(sent.text());
  REQUIRE(sent.ok());
  // Three pings two seconds apart: more than one and a half keep-alives without reading.
  CHECK(wait_until(
      [&] { return occurrences(subscriber.process().err_so_far(), "sending PINGREQ") >= 3; }, 30s));

  std::string got;
  std::string piece(1 << 16, '\0');
  const TimePoint end = monotonic_now() + 30s;
  while (got.size() < kMessages * payload.size() && monotonic_now() < end) {
    pollfd wanted{reader.get(), POLLIN, 0};
    ::poll(&wanted, 1, 100);
    const ssize_t n = ::read(reader.get(), piece.data(), piece.size());
    if (n > 0) got.append(piece, 0, static_cast<std::size_t>(n));
  }
  const ProcessResult result = subscriber.wait();
  INFO(result.err.substr(0, 4000));
  CHECK(result.ok());
  CHECK(occurrences(result.err, "received CONNACK") == 1);
  CHECK(broker.log().find("exceeded timeout") == std::string::npos);
  REQUIRE(got.size() == kMessages * payload.size());
  for (std::size_t i = 0; i < kMessages; ++i) {
    const bool identical = got.compare(i * payload.size(), payload.size(), payload) == 0;
    CHECK(identical);
  }
}
