// `mqtt-bench calibrate`: what this machine's generator can do at most, against a sink in a thread
// of its own.
#include <algorithm>
#include <cstdio>

#include "base/random.hpp"
#include "base/units.hpp"
#include "bench/payload.hpp"
#include "bench/preflight.hpp"
#include "bench/run.hpp"
#include "options/subcommand.hpp"
#include "server/loop_thread.hpp"
#include "server/sink.hpp"

namespace mqtk::bench {

namespace {

struct CalibrateFlags {
  std::optional<std::string> size;
  std::optional<Duration> duration;
  std::optional<std::uint32_t> threads;
  ReportFlags report;
};

struct Trial {
  const char* what;
  Work work;
  wire::Qos qos;
  std::uint32_t clients;
  std::uint16_t inflight;
  double rate;  ///< 0: as fast as possible
};

constexpr Trial kTrials[] = {
    {"publish QoS 0, 1 client", Work::Publish, wire::Qos::AtMostOnce, 1, 1, 0},
    {"publish QoS 1, 100 clients, window 1", Work::Publish, wire::Qos::AtLeastOnce, 100, 1, 0},
    {"publish QoS 1, 100 clients, window 100", Work::Publish, wire::Qos::AtLeastOnce, 100, 100, 0},
    {"publish QoS 2, 100 clients, window 20", Work::Publish, wire::Qos::ExactlyOnce, 100, 20, 0},
    {"publish QoS 1, 100 clients, 1000/s", Work::Publish, wire::Qos::AtLeastOnce, 100, 100, 1'000},
    {"publish QoS 1, 100 clients, 20000/s", Work::Publish, wire::Qos::AtLeastOnce, 100, 100,
     20'000},
};

class CalibrateCommand final : public Subcommand {
 public:
  FlagTable flags() override;
  const ReportFlags& report_flags() const override { return flags_.report; }
  int run(const Launch& launch) override;

 private:
  int connections(Report& report, std::uint16_t port);

  CalibrateFlags flags_;
};

FlagTable CalibrateCommand::flags() {
  constexpr std::string_view kLoad = "Load";
  FlagTable table;
  table.push_back({.name = "size",
                   .value_name = "SIZE",
                   .kind = FlagKind::Value,
                   .group = kLoad,
                   .doc = "octets of a payload",
                   .default_text = "64",
                   .common = true,
                   .store = store(flags_.size)});
  table.push_back({.name = "duration",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kLoad,
                   .doc = "how long each trial takes",
                   .default_text = "2s",
                   .common = true,
                   .store = store(flags_.duration)});
  table.push_back({.name = "threads",
                   .value_name = "N",
                   .kind = FlagKind::Value,
                   .group = kLoad,
                   .doc = "worker threads",
                   .default_text = "1",
                   .store = store_number(flags_.threads, 1, 1024)});
  append_flags(table, flags_.report);
  for (Flag& flag : table) flag.letter = 0;
  return table;
}

Scenario scenario_at(std::uint16_t port) {
  Scenario scenario;
  Endpoint endpoint;
  endpoint.host = "127.0.0.1";
  endpoint.port = port;
  scenario.endpoints = {endpoint};
  scenario.client.endpoints = scenario.endpoints;
  scenario.topic = "mqtt-bench/%i";
  scenario.seed = random_seed();
  scenario.run = static_cast<std::uint32_t>(Random(scenario.seed).next());
  return scenario;
}

std::string row(const std::string& what, const std::string& rate, const std::string& cpu,
                const std::string& late) {
  char line[160];
  std::snprintf(line, sizeof line, "%-42s %14s %14s %16s\n", what.c_str(), rate.c_str(),
                cpu.c_str(), late.c_str());
  return line;
}

std::string number(double value, int digits) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

// How soon many connections stand, and what one costs.
int CalibrateCommand::connections(Report& report, std::uint16_t port) {
  Scenario scenario = scenario_at(port);
  scenario.work = Work::Connect;
  scenario.idle = 1000;
  scenario.threads = flags_.threads.value_or(1);
  RunObserver nobody;
  Run run(scenario, nobody);
  const RunResult result = run.execute();
  if (run.signal() != 0) return run.signal();
  if (run.failure() != nullptr) {
    report.error(*run.failure());
    return 0;
  }
  const double per_s =
      result.connections.ramp_s > 0
          ? static_cast<double>(result.connections.opened) / result.connections.ramp_s
          : 0;
  print_and_exit_code(row("1000 connections", number(per_s, 0) + "/s", "", ""));
  return 0;
}

int CalibrateCommand::run(const Launch& launch) {
  Report& report = launch.report;
  raise_descriptor_limit();
  std::vector<SizeChoice> sizes{SizeChoice{}};
  if (flags_.size) {
    auto parsed = parse_sizes(*flags_.size);
    if (!parsed) return report.finish(parsed.error());
    sizes = std::move(*parsed);
  }
  std::optional<Error> failure;
  Hosted<Sink> sink([&failure](EventLoop& loop) {
    auto started = Sink::start(loop, {});
    if (!started) failure = started.error();
    return started ? std::move(*started) : nullptr;
  });
  if (failure) return report.finish(*failure);
  const std::uint16_t port = sink.call([](Sink& it) { return it.port(); });
  print_and_exit_code(row("", "messages", "CPU a message", "late p99"));
  for (const Trial& trial : kTrials) {
    Scenario scenario = scenario_at(port);
    scenario.work = trial.work;
    scenario.publishers = trial.clients;
    scenario.qos = trial.qos;
    scenario.inflight = trial.inflight;
    scenario.payload.sizes = sizes;
    scenario.payload.stamped = std::ranges::all_of(
        sizes, [](const SizeChoice& each) { return each.low >= PayloadHeader::kSize; });
    scenario.threads = flags_.threads.value_or(1);
    scenario.warmup = 200ms;
    scenario.duration = flags_.duration.value_or(2s);
    if (trial.rate > 0) scenario.pacer.emplace(trial.rate);
    RunObserver nobody;
    Run run(scenario, nobody);
    const RunResult result = run.execute();
    if (run.signal() != 0) return 128 + run.signal();
    if (run.failure() != nullptr) return report.finish(*run.failure());
    const auto sent = static_cast<double>(result.messages().sent);
    const double cpu_us = sent > 0 ? result.generator.cpu_s * 1e6 / sent : 0;
    const std::string late =
        trial.rate > 0
            ? number(static_cast<double>(result.generator.send_late.percentile(99)) / 1000, 0) +
                  " us"
            : "";
    print_and_exit_code(row(trial.what, number(sent / result.duration_s, 0) + "/s",
                            number(cpu_us, 3) + " us", late));
  }
  if (const int signal = connections(report, port); signal != 0) return 128 + signal;
  print_and_exit_code(
      "A broker that is measured on this machine shares it: stay below these figures.\n");
  return 0;
}

}  // namespace

SubcommandEntry calibrate_subcommand() {
  return {
      .word = "calibrate",
      .program = {.name = "mqtt-bench calibrate",
                  .summary = "measure what this machine can generate at most",
                  .synopsis = "[OPTION]...",
                  .examples = "mqtt-bench calibrate\nmqtt-bench calibrate --size 1KiB"},
      .description =
          "Runs a few loads against a broker of its own that only accepts (see sink), and "
          "prints what came of them: the ceiling of this generator on this machine, to be "
          "known before a broker is judged by it.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<CalibrateCommand>(); }};
}

}  // namespace mqtk::bench
