#include "unit/bench/sample.hpp"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "bench/results/repeats.hpp"
#include "bench/results/verdict.hpp"

namespace mqtk::bench::test {

namespace {

/// Numbers that are the same with every standard library.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2'654'435'761U + 88'172'645'463'325'252U) {}

  /// 0 to 1.
  double roll() {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    return static_cast<double>(state_ >> 11U) / 9'007'199'254'740'992.0;
  }
  /// Most values near `typical`, a few far above it.
  Duration latency(Duration typical) {
    const double x = roll();
    const double factor = 0.8 + 0.4 * x + 0.02 / (1.0005 - x);
    return Duration(static_cast<std::int64_t>(static_cast<double>(typical.count()) * factor));
  }

 private:
  std::uint64_t state_;
};

constexpr int kSeconds = 10;
constexpr int kPerSecond = 1000;
constexpr int kStall = 6;  ///< the second in which the broker stands still

void add_second(RunResult& result, int second, Dice& dice, double slower) {
  Sample sample{.time_s = 2.0 + second, .interval_s = 1, .phase = "measure"};
  sample.connections = 20;
  sample.target_per_s = kPerSecond;
  sample.cpu_percent = 3.5;
  sample.send_late_max_us = 85.5;
  Histogram& e2e = sample.latencies[Latency::EndToEnd];
  Histogram& puback = sample.latencies[Latency::Puback];
  for (int i = 0; i < kPerSecond; ++i) {
    const auto scaled = [&](Duration typical) {
      return Duration(
          static_cast<std::int64_t>(static_cast<double>(dice.latency(typical).count()) * slower));
    };
    // What is due while the broker stands still waits for the rest of that second.
    const Duration wait = second == kStall ? Duration(1s) * (kPerSecond - i) / kPerSecond : 0ns;
    const Duration delivery = scaled(310us), answer = scaled(240us);
    e2e.record(delivery + wait);
    puback.record(answer + wait);
    result.latencies[Latency::EndToEnd].uncorrected.record(delivery + (i == 0 ? wait : 0ns));
    result.latencies[Latency::Puback].uncorrected.record(answer + (i == 0 ? wait : 0ns));
    result.generator.send_late.record(dice.latency(20us));
    result.generator.loop_lag.record(dice.latency(15us));
  }
  const bool stalled = second == kStall;
  sample.sent = stalled ? 10 : second == kStall + 1 ? 2 * kPerSecond - 10 : kPerSecond;
  sample.acked = sample.received = sample.sent;
  sample.sent_bytes = sample.sent * 82;
  sample.received_bytes = sample.received * 86;
  sample.in_flight = stalled ? 10 : 1;
  result.latencies[Latency::EndToEnd].corrected.add(e2e);
  result.latencies[Latency::Puback].corrected.add(puback);
  result.series.push_back(std::move(sample));
}

}  // namespace

RunResult sample_result(std::uint64_t seed, double slower) {
  RunResult result;
  Dice dice(seed);
  result.tool = "mqtt-bench 0.4.0";
  result.command = {"mqtt-bench", "pubsub", "-L", "mqtt://127.0.0.1:1883", "--rate", "1000/s"};
  result.seed = seed;
  result.started_ns = 1'795'218'147'000'000'000 + static_cast<std::int64_t>(seed) * 60'000'000'000;
  result.finished_ns = result.started_ns + 12'100'000'000;
  result.duration_s = kSeconds;
  result.host = {{"kernel", "Linux 6.1.0"}, {"cores", std::int64_t{2}}};
  result.brokers = {{{"url", "mqtt://127.0.0.1:1883"}, {"version", "mosquitto version 2.0.11"}}};
  result.scenario = {{"name", "pubsub"},
                     {"topology", "pair"},
                     {"publishers", std::int64_t{10}},
                     {"subscribers", std::int64_t{10}},
                     {"qos", std::int64_t{1}},
                     {"sub_qos", std::int64_t{1}},
                     {"size", "64"},
                     {"rate", 1000.0},
                     {"inflight", std::int64_t{1}},
                     {"duration_s", 10.0},
                     {"warmup_s", 1.0},
                     {"protocol", "3.1.1"},
                     {"transport", "tcp"},
                     {"engine", "native"},
                     {"threads", std::int64_t{1}}};
  result.phases = {{"ramp", 0, 0.02}, {"warmup", 0.02, 1}, {"measure", 1, 10}, {"drain", 11, 0.05}};
  result.connections = {.requested = 20, .opened = 20, .ramp_s = 0.016};
  result.by_qos[1] = {.scheduled = 10'000,
                      .sent = 10'000,
                      .acked = 9'998,
                      .failed = 1,
                      .in_flight = 1,
                      .expected = 9'999,
                      .received = 9'996,
                      .lost = 3,
                      .duplicated = 2,
                      .reordered = 1};
  result.throughput = {.target_per_s = 1000, .sent_bytes = 820'000, .received_bytes = 860'000};
  for (int i = 0; i < 20; ++i) {
    result.latencies[Latency::Connect].corrected.record(dice.latency(60us));
    result.latencies[Latency::Connack].corrected.record(dice.latency(180us));
    if (i < 10) result.latencies[Latency::Suback].corrected.record(dice.latency(90us));
  }
  for (int second = 0; second < kSeconds; ++second) add_second(result, second, dice, slower);
  result.generator.cpu_s = 0.35 * slower;
  result.generator.busiest_percent = 3.4;
  result.generator.waiting_s = 0.021;
  result.generator.memory_bytes = 9'000'000;
  result.generator.memory_before_bytes = 8'940'000;
  result.generator.held_up = 990;
  result.errors = {{"mqtt.lost", 1, 7.25, "the connection was lost", 69}};
  result.verdict = judge(result);
  return result;
}

RunResult sample_repeats(std::uint64_t seed, double slower, std::size_t runs) {
  std::vector<RunResult> all;
  for (std::size_t i = 0; i < runs; ++i) {
    // Runs differ by a few percent, as runs do.
    Dice dice(seed * 100 + i);
    all.push_back(sample_result(seed * 100 + i, slower * (0.95 + 0.1 * dice.roll())));
  }
  return pool_repeats(std::move(all));
}

std::string golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(MQTK_GOLDEN_DIR) + "/" + name;
  if (std::getenv("MQTK_WRITE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace mqtk::bench::test
