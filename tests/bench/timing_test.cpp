// Latency counted from when a message was due; delays that are in one place and seen in no other;
// loss, repetition and disorder that somebody makes on purpose.
#include <signal.h>

#include <thread>
#include <utility>

#include "bench/bench.hpp"
#include "server/loop_thread.hpp"
#include "support/catch.hpp"
#include "support/mosquitto.hpp"
#include "support/relay.hpp"
#include "support/skipped.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

/// A relay before a broker: publishers go to the broker, subscribers through the relay.
struct Relayed {
  Relayed(std::uint16_t target, RelayOptions options)
      : relay([&](EventLoop& loop) {
          options.target_port = target;
          auto started = Relay::start(loop, options);
          if (!started) throw std::runtime_error(started.error().message);
          return std::move(*started);
        }),
        port(relay.call([](Relay& it) { return it.port(); })) {}
  template <typename Rule>
  void add(const Rule& rule) {
    relay.call([&rule](Relay& it) { it.add(rule); });
  }
  std::string sub_host() const { return "127.0.0.1:" + std::to_string(port); }
  Hosted<Relay> relay;
  std::uint16_t port;
};

constexpr double kMillisecond = 1000;

}  // namespace

TEST_CASE("a broker that stands still is seen by every message that was due meanwhile") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  Mosquitto broker;
  // 1,000/s for 4 s, one at a time, and 1 s of silence in it: the messages due at t seconds into
  // the silence wait 1 - t at least. So at least 10 % of all waited more than 0.6 s; without the
  // correction one message in 4,000 would have.
  Relayed relayed(broker.port(), {});
  Process process(bench_command(
      "publish", relayed.port,
      {"-q", "1", "--inflight", "1", "--rate", "1000/s", "--duration", "4s", "--drain", "20s"}));
  const auto sent = [&relayed] {
    return relayed.relay.call([](Relay& it) { return it.counts().octets_to_target; });
  };
  constexpr std::uint64_t kSomeHundredMessages = 40'000;
  REQUIRE(wait_until([&] { return sent() > kSomeHundredMessages; }, 30s));
  broker.pause();
  std::this_thread::sleep_for(1s);  // the silence itself
  broker.resume();
  const BenchRun run = bench_run(process.wait());
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.count("scheduled") == 4000);
  CHECK(run.count("acked") == run.count("sent"));
  CHECK(run.latency_us("puback", "p90") >= 590 * kMillisecond);
  CHECK(run.latency_us("puback", "max") >= 950 * kMillisecond);
  CHECK(run.uncorrected_us("puback", "max") >= 950 * kMillisecond);
  // All but one waited for their own answer only.
  CHECK(run.uncorrected_us("puback", "p90") <= 100 * kMillisecond);
}

TEST_CASE("a window is never overrun, and refilled an eighth at a time") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  const Mosquitto broker;
  constexpr std::size_t kWindow = 40;
  constexpr std::size_t kMessages = 2000;
  Relayed relayed(broker.port(), {});
  const BenchRun run = bench("publish", relayed.port,
                             {"-c", "1", "-q", "1", "--inflight", std::to_string(kWindow), "-n",
                              std::to_string(kMessages)});
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.count("acked") == kMessages);
  std::size_t sent = 0;
  std::size_t answered = 0;
  std::size_t answered_before_refill = 0;
  std::size_t batches = 0;
  bool sending = false;
  const auto records = relayed.relay.call([](Relay& it) { return it.records(); });
  for (const RelayRecord& record : records) {
    if (record.type == wire::PacketType::Puback) {
      ++answered;
      sending = false;
    } else if (record.type == wire::PacketType::Publish) {
      ++sent;
      if (!std::exchange(sending, true)) ++batches;
      REQUIRE(sent - answered <= kWindow);
      if (sent == kWindow + 1) answered_before_refill = answered;
    }
  }
  CHECK(sent == kMessages);
  CHECK(answered_before_refill >= kWindow / 8);
  CHECK(batches <= 2 * kMessages / (kWindow / 8));
}

TEST_CASE("50 ms on the subscribers' way are 50 ms end to end, and nowhere else") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  const Mosquitto broker;
  RelayOptions options;
  options.delay_to_client = 50ms;
  const Relayed relayed(broker.port(), options);
  const BenchRun run = bench("pubsub", broker.port(),
                             {"--sub-host", relayed.sub_host(), "-c", "2", "-q", "1", "--rate",
                              "200/s", "--duration", "1s", "--drain", "20s"});
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.count("received") == 200);
  CHECK(run.uncorrected_us("e2e", "min") >= 49.9 * kMillisecond);
  CHECK(run.latency_us("e2e", "min") >= 49.9 * kMillisecond);
  CHECK(run.uncorrected_us("puback", "p50") < 45 * kMillisecond);
  CHECK(run.latency_us("connect", "p50") < 45 * kMillisecond);
  CHECK(run.latency_us("suback", "min") >= 49.9 * kMillisecond);
}

TEST_CASE("loss, repetition and disorder are counted exactly") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  const Mosquitto broker;
  Relayed relayed(broker.port(), {});
  using How = RelayDisorder::How;
  relayed.add(RelaySwallow{RelayDirection::ToClient, wire::PacketType::Publish, 100, 7});
  relayed.add(RelayDisorder{.how = How::Twice, .after = 200, .count = 5});
  relayed.add(RelayDisorder{.how = How::Later, .after = 300, .count = 1});
  relayed.add(RelayDisorder{.how = How::Later, .after = 400, .count = 1});
  relayed.add(RelayDisorder{.how = How::Later, .after = 500, .count = 2});
  const BenchRun run = bench("pubsub", broker.port(),
                             {"--sub-host", relayed.sub_host(), "--topology", "fan-out", "-c", "1",
                              "-n", "1000", "--drain", "3s"});
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.count("sent") == 1000);
  CHECK(run.count("expected") == 1000);
  CHECK(run.count("received") == 993);
  CHECK(run.count("lost") == 7);
  CHECK(run.count("duplicated") == 5);
  CHECK(run.count("reordered") == 4);
}

TEST_CASE("a generator that did not get to run says so, and does not blame the broker") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  const Mosquitto broker;
  Relayed relayed(broker.port(), {});
  Process process(bench_command(
      "publish", relayed.port,
      {"-c", "10", "-q", "1", "--rate", "1000/s", "--duration", "3s", "--drain", "20s"}));
  const auto sent = [&relayed] {
    return relayed.relay.call([](Relay& it) { return it.counts().octets_to_target; });
  };
  constexpr std::uint64_t kSomeHundredMessages = 40'000;
  REQUIRE(wait_until([&] { return sent() > kSomeHundredMessages; }, 30s));
  process.send_signal(SIGSTOP);
  std::this_thread::sleep_for(500ms);  // while it stands still
  process.send_signal(SIGCONT);
  const BenchRun run = bench_run(process.wait());
  INFO(run.process.text());
  CHECK(run.process.exit_code == 75);
  CHECK(run.at("/verdict/limit") == "generator");
  CHECK(run.at("/verdict/valid") == false);
  CHECK(run.count("scheduled") == 3000);
  CHECK(run.count("acked") == run.count("sent"));
  CHECK(run.at("/generator/send_late_us/p99").get<double>() >= 400 * kMillisecond);
}
