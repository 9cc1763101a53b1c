// mqtt-pub -l that is fed faster than its broker takes, because the broker has come to a stop: it
// stops reading instead of growing, can be ended, and loses nothing when the broker goes on.
#include <signal.h>

#include <filesystem>
#include <functional>

#include "faults/feeder.hpp"
#include "faults/stream.hpp"
#include "faults/tap.hpp"
#include "server/sink.hpp"
#include "support/catch.hpp"
#include "support/programs.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

constexpr std::size_t kLineOctets = 64;
constexpr std::uint64_t kOffered = 64 * 1024 * 1024;
constexpr long kMemoryLimitKib = 32 * 1024;

/// mqtt-pub with a writer that never pauses.
class FedPublisher {
 public:
  FedPublisher(std::uint16_t port, int qos, std::size_t line_octets = kLineOctets)
      : feeder_(line_octets, kOffered), process_(options(port, qos, feeder_)) {}

  Feeder& feeder() { return feeder_; }
  Process& process() { return process_; }

  /// Until everything is offered, or nothing is taken any more: the pipe is full and every thread
  /// of the program waits.
  bool wait_standstill() {
    std::uint64_t before = 0;
    int times = 0;
    return wait_until(
        [this, &before, &times] {
          const std::uint64_t now = feeder_.written();
          const bool still = now > 0 && now == before && at_rest(process_.pid());
          before = now;
          times = still ? times + 1 : 0;
          return feeder_.done() || times == 5;
        },
        120s);
  }
  void check_memory() {
    const long memory = peak_rss_kib(process_.pid());
    WARN(feeder_.written() << " octets taken, at most " << memory << " KiB resident");
    CHECK(memory > 0);
    if (!programs_are_sanitized()) CHECK(memory < kMemoryLimitKib);
  }

 private:
  static ProcessOptions options(std::uint16_t port, int qos, const Feeder& feeder) {
    // The stall may last as long as a loaded machine makes it.
    ProcessOptions made = publisher_options(
        port, {"-q", std::to_string(qos), "--ping-timeout", "200s", "--publish-timeout", "200s"});
    made.stdin_file = feeder.path();
    return made;
  }

  Feeder feeder_;
  Process process_;
};

std::unique_ptr<Sink> make_sink(EventLoop& loop, const SinkOptions& options) {
  auto sink = Sink::start(loop, options);
  if (!sink) throw std::runtime_error(sink.error().message);
  return std::move(*sink);
}

/// A broker that counts, and how to stop and thaw it.
struct Stalling {
  std::uint16_t port = 0;
  std::function<void()> stall;
  std::function<void()> go_on;
  std::function<std::uint64_t()> received;
};

void check_stall(const Stalling& broker, int qos) {
  FedPublisher publisher(broker.port, qos);
  REQUIRE(wait_until([&broker] { return broker.received() > 0; }));
  broker.stall();
  REQUIRE(publisher.wait_standstill());
  publisher.check_memory();
  broker.go_on();
  REQUIRE(publisher.feeder().finish());
  const std::uint64_t lines = publisher.feeder().written() / kLineOctets;
  const ProcessResult result = publisher.process().wait();
  INFO(result.text());
  CHECK(result.ok());
  CHECK(wait_until([&] { return broker.received() >= lines; }, 30s));
  CHECK(broker.received() == lines);
}

}  // namespace

TEST_CASE("mqtt-pub -l into a server that stops reading: bounded memory, dies by the signal") {
  struct Case {
    int qos;
    std::size_t line_octets;
    int signal;
  };
  constexpr std::size_t kLargeLine = 1024 * 1024;
  for (const Case& c : std::vector<Case>{{0, kLineOctets, SIGTERM},
                                         {0, kLargeLine, SIGINT},
                                         {1, kLineOctets, SIGINT},
                                         {1, kLargeLine, SIGTERM},
                                         {2, kLineOctets, SIGTERM}}) {
    INFO("QoS " << c.qos << ", lines of " << c.line_octets << ", signal " << c.signal);
    SinkOptions options;
    options.stall = true;
    Hosted<Sink> sink([&options](EventLoop& loop) { return make_sink(loop, options); });
    FedPublisher publisher(sink.call([](Sink& object) { return object.port(); }), c.qos,
                           c.line_octets);
    REQUIRE(publisher.wait_standstill());
    publisher.check_memory();
    CHECK(publisher.process().running());
    publisher.process().send_signal(c.signal);
    const bool ended = publisher.process().wait_end(30s);
    CHECK(ended);
    CHECK(publisher.process().stop().signal == c.signal);
  }
}

TEST_CASE("mqtt-pub -l through a stalled network that recovers: everything accepted arrives") {
  for (const int qos : {0, 1, 2}) {
    INFO("QoS " << qos);
    Hosted<Sink> sink([](EventLoop& loop) { return make_sink(loop, {}); });
    Tap tap(sink.call([](Sink& object) { return object.port(); }));
    const auto stall = [&tap](bool on) {
      tap.relay().call([on](Relay& relay) { relay.stall(RelayDirection::ToTarget, on); });
    };
    check_stall({tap.port(), [&] { stall(true); }, [&] { stall(false); },
                 [&sink] {
                   return sink.call([](Sink& object) { return object.counts().all_publishes(); });
                 }},
                qos);
  }
}

TEST_CASE("mqtt-pub -l to a frozen broker that thaws: everything accepted arrives") {
  if (!have_mosquitto()) return;
  for (const int qos : {0, 1}) {
    INFO("QoS " << qos);
    MosquittoConfig config;
    config.extra = {"max_queued_messages 0"};
    Mosquitto broker(config);
    const TempDir folder;
    ProcessOptions options = subscriber_options(broker.port(), {"-q", "1", "-i", "counter"});
    options.stdout_file = folder.file("got");
    Process subscriber(options);
    REQUIRE(broker.wait_log_contains("counter 1 "));
    check_stall({broker.port(), [&broker] { broker.pause(); }, [&broker] { broker.resume(); },
                 [&options] {
                   std::error_code none;
                   const auto size = std::filesystem::file_size(options.stdout_file, none);
                   return none ? 0 : size / kLineOctets;
                 }},
                qos);
  }
}
