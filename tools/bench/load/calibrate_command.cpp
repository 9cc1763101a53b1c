// `mqtt-bench calibrate`: what this machine's generator can do at most, against a sink in a thread
// of its own.
#include <algorithm>
#include <cstdio>

#include "base/ending.hpp"
#include "base/random.hpp"
#include "base/units.hpp"
#include "bench/load/payload.hpp"
#include "bench/load/preflight.hpp"
#include "bench/load/run.hpp"
#include "bench/results/verdict.hpp"
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
  wire::Qos qos;
  std::uint32_t clients;
  std::uint16_t inflight;
};

constexpr Trial kTrials[] = {
    {"publish QoS 0, 1 client", wire::Qos::AtMostOnce, 1, 1},
    {"publish QoS 1, 100 clients, window 1", wire::Qos::AtLeastOnce, 100, 1},
    {"publish QoS 1, 100 clients, window 100", wire::Qos::AtLeastOnce, 100, 100},
    {"publish QoS 2, 100 clients, window 20", wire::Qos::ExactlyOnce, 100, 20},
};
constexpr Trial kPaced{"publish QoS 1, 100 clients", wire::Qos::AtLeastOnce, 100, 100};
constexpr double kPacedRates[] = {1'000, 20'000};

/// Says on SIGUSR1 how far the trial at hand has come.
class TrialObserver final : public RunObserver {
 public:
  explicit TrialObserver(Report& report) : report_(report) {}
  void on_progress_wanted(const std::string& text) override { report_.note(text); }

 private:
  Report& report_;
};

class CalibrateCommand final : public Subcommand {
 public:
  FlagTable flags() override;
  const ReportFlags& report_flags() const override { return flags_.report; }
  int run(const Launch& launch) override;

 private:
  /// Everything, row by row.
  Result<void> rows();
  Result<RunResult> publish(const Trial& trial, double rate);
  Result<void> steady_rate(const Trial& trial, double ceiling);
  Result<void> connections();
  Result<RunResult> execute(const Scenario& scenario);

  CalibrateFlags flags_;
  std::vector<SizeChoice> sizes_{SizeChoice{}};
  std::uint16_t port_ = 0;
  int signal_ = 0;
  Report* report_ = nullptr;
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

std::string row_of(const std::string& what, const RunResult& result) {
  const auto sent = static_cast<double>(result.messages().sent);
  const double cpu_us = sent > 0 ? result.generator.cpu_s * 1e6 / sent : 0;
  const double late_us = static_cast<double>(result.generator.send_late.percentile(99)) / 1000;
  return row(what, number(result.sent_per_s(), 0) + "/s", number(cpu_us, 3) + " us",
             result.throughput.target_per_s > 0 ? number(late_us, 0) + " us" : "");
}

/// Every message left, and in time.
bool was_kept(const RunResult& result) {
  constexpr double kMissing = 0.001;
  const Verdict verdict = judge(result);
  return verdict.valid && verdict.limit == Limit::Target &&
         result.sent_per_s() >= (1 - kMissing) * result.throughput.target_per_s;
}

// What a signal has ended is no figure.
Result<RunResult> CalibrateCommand::execute(const Scenario& scenario) {
  TrialObserver observer(*report_);
  Run run(scenario, observer);
  RunResult result = run.execute();
  signal_ = run.signal();
  if (signal_ != 0) return fail(ErrorKind::Failed, "ended by a signal");
  if (run.failure() != nullptr) return fail(Error(*run.failure()));
  return result;
}

Result<RunResult> CalibrateCommand::publish(const Trial& trial, double rate) {
  Scenario scenario = scenario_at(port_);
  scenario.work = Work::Publish;
  scenario.publishers = trial.clients;
  scenario.qos = trial.qos;
  scenario.inflight = trial.inflight;
  scenario.payload.sizes = sizes_;
  scenario.payload.stamped = std::ranges::all_of(
      sizes_, [](const SizeChoice& each) { return each.low >= PayloadHeader::kSize; });
  scenario.threads = flags_.threads.value_or(1);
  scenario.warmup = 200ms;
  scenario.duration = flags_.duration.value_or(2s);
  if (rate > 0) scenario.pacer.emplace(rate);
  return execute(scenario);
}

// A closed loop writes whole batches when it is answered; a rate has to be kept message by message.
// So its ceiling is another one, and lower: the first of falling rates that holds. Each may fail
// once, because of what else this machine did.
Result<void> CalibrateCommand::steady_rate(const Trial& trial, double ceiling) {
  constexpr int kSteps = 10;
  constexpr int kTries = 2;
  for (int tenths = kSteps - 1; tenths > 0; --tenths) {
    for (int tried = 0; tried < kTries; ++tried) {
      const auto result = publish(trial, ceiling * tenths / kSteps);
      if (!result) return fail(Error(result.error()));
      if (!was_kept(*result)) continue;
      print_and_exit_code(row_of("  at a steady rate", *result));
      return {};
    }
  }
  print_and_exit_code(row("  at a steady rate", "none held", "", ""));
  return {};
}

// How soon many connections stand.
Result<void> CalibrateCommand::connections() {
  Scenario scenario = scenario_at(port_);
  scenario.work = Work::Connect;
  scenario.idle = 1000;
  scenario.threads = flags_.threads.value_or(1);
  const auto result = execute(scenario);
  if (!result) return fail(Error(result.error()));
  const ConnectionCounts& counts = result->connections;
  const double per_s = counts.ramp_s > 0 ? static_cast<double>(counts.opened) / counts.ramp_s : 0;
  print_and_exit_code(row("1000 connections", number(per_s, 0) + "/s", "", ""));
  return {};
}

Result<void> CalibrateCommand::rows() {
  print_and_exit_code(row("", "messages", "CPU a message", "late p99"));
  for (const Trial& trial : kTrials) {
    const auto result = publish(trial, 0);
    if (!result) return fail(Error(result.error()));
    print_and_exit_code(row_of(trial.what, *result));
    if (auto held = steady_rate(trial, result->sent_per_s()); !held) return held;
  }
  for (const double rate : kPacedRates) {
    const auto result = publish(kPaced, rate);
    if (!result) return fail(Error(result.error()));
    print_and_exit_code(row_of(std::string(kPaced.what) + ", " + number(rate, 0) + "/s", *result));
  }
  if (auto stood = connections(); !stood) return stood;
  print_and_exit_code(
      "A broker that is measured on this machine shares it: stay below these figures.\n");
  return {};
}

int CalibrateCommand::run(const Launch& launch) {
  Report& report = launch.report;
  report_ = &report;
  raise_descriptor_limit();
  if (flags_.size) {
    auto parsed = parse_sizes(*flags_.size);
    if (!parsed) return report.finish(parsed.error());
    sizes_ = std::move(*parsed);
  }
  std::optional<Error> failure;
  Hosted<Sink> sink([&failure](EventLoop& loop) {
    auto started = Sink::start(loop, {});
    if (!started) failure = started.error();
    return started ? std::move(*started) : nullptr;
  });
  if (failure) return report.finish(*failure);
  port_ = sink.call([](Sink& it) { return it.port(); });
  const auto done = rows();
  if (signal_ != 0) end_process(0, signal_);
  return done ? 0 : report.finish(done.error());
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
          "known before a broker is judged by it. Each load runs as fast as answers come (or, at "
          "QoS 0, as the socket takes it), then at rates in steps of a tenth below that, until "
          "one is kept: that is the ceiling for --rate.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<CalibrateCommand>(); }};
}

}  // namespace mqtk::bench
