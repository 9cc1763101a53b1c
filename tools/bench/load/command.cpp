#include "bench/load/command.hpp"

#include <signal.h>

#include <chrono>

#include "base/ending.hpp"
#include "base/random.hpp"
#include "bench/load/preflight.hpp"
#include "bench/load/run.hpp"
#include "bench/measure/sys_counts.hpp"
#include "bench/results/assertion.hpp"
#include "bench/results/iso_time.hpp"
#include "bench/results/output.hpp"
#include "bench/results/repeats.hpp"
#include "bench/results/verdict.hpp"
#include "bench/subcommands.hpp"

namespace mqtk::bench {

namespace {

class LoadCommand final : public Subcommand {
 public:
  explicit LoadCommand(Work work) : work_(work) {}
  FlagTable flags() override { return load_flag_table(work_, flags_); }
  const ReportFlags& report_flags() const override { return flags_.client.report; }
  int run(const Launch& launch) override;

 private:
  Result<RunResult> measure(const Scenario& scenario, Report& report);
  int finish(const RunResult& result, Report& report) const;

  const Work work_;
  LoadFlags flags_;
  std::vector<Assertion> assertions_;
  int signal_ = 0;
};

int LoadCommand::run(const Launch& launch) {
  Report& report = launch.report;
  ::signal(SIGPIPE, SIG_IGN);
  auto options =
      resolve_load(work_, flags_, launch.environment, launch.line, unix_now_ns(), random_seed());
  wipe(launch.line);
  if (!options) return report.finish(options.error());
  for (const std::string& text : flags_.assertions) {
    auto assertion = parse_assertion(text);
    if (!assertion) return report.finish(assertion.error());
    assertions_.push_back(std::move(*assertion));
  }
  for (const std::string& warning : options->warnings) report.warning(warning);
  for (const std::string& note : options->notes) report.debug(note);
  Scenario& scenario = options->scenario;
  const MachineLimits limits = read_limits(scenario);
  auto preflight = check_machine(scenario, limits);
  if (!preflight) return report.finish(preflight.error());
  if (flags_.plan) return print_and_exit_code(plan_text(scenario, *preflight, limits));
  for (const std::string& warning : preflight->warnings) report.warning(warning);
  raise_descriptor_limit();
  scenario.sources = preflight->sources;

  std::vector<RunResult> results;
  const std::uint32_t repeats = flags_.repeat.value_or(1);
  while (results.size() < repeats && signal_ == 0) {
    if (!results.empty()) {
      // Another run, so that nothing of the one before is taken for it.
      constexpr unsigned kHalf = 16;
      scenario.run += 1U << kHalf;
      scenario.start_at_ns.reset();
    }
    auto result = measure(scenario, report);
    if (!result) return report.finish(result.error());
    result->tool = name_and_version(suite().program);
    result->command.assign(launch.arguments.begin(), launch.arguments.end());
    results.push_back(std::move(*result));
  }
  RunResult result =
      results.size() > 1 ? pool_repeats(std::move(results)) : std::move(results.front());
  result.verdict = judge(result);
  for (const Assertion& assertion : assertions_) {
    result.assertions.push_back(check_assertion(assertion, result));
  }
  return finish(result, report);
}

Result<RunResult> LoadCommand::measure(const Scenario& scenario, Report& report) {
  constexpr Duration kSysPatience = 30s;
  std::optional<SysCounts> before;
  if (flags_.sys_check) {
    auto counts = read_sys_counts(scenario, kSysPatience);
    if (!counts) return fail(std::move(counts.error()));
    before = *counts;
  }
  LiveDisplay display(scenario, report);
  Run run(scenario, display);
  RunResult result = run.execute();
  display.clear();
  signal_ = run.signal();
  if (signal_ == 0 && run.failure() != nullptr) {
    Error why = *run.failure();
    if (scenario.clients_here() > 1) {
      why.message = "not one of " + std::to_string(scenario.clients_here()) +
                    " clients could connect: " + why.message;
    }
    return fail(std::move(why));
  }
  if (before && signal_ == 0) {
    if (const auto after = read_sys_counts(scenario, kSysPatience)) {
      result.sys_check = sys_check(*before, *after);
      result.sys_check->sent = run.written();
      result.sys_check->received = run.arrived();
    } else {
      result.notes.push_back("no cross-check with $SYS: " + after.error().message);
    }
  }
  result.verdict = judge(result);
  return result;
}

int LoadCommand::finish(const RunResult& result, Report& report) const {
  const OutputPlan plan{.json = flags_.json, .csv = flags_.csv, .hlog = flags_.hlog};
  if (const auto written = write_result(result, plan); !written) {
    return report.finish(written.error());
  }
  for (const AssertionOutcome& outcome : result.assertions) {
    if (!outcome.passed) report.error(outcome_text(outcome));
  }
  if (signal_ != 0) end_process(0, signal_);
  return exit_code(result);
}

template <Work work>
std::unique_ptr<Subcommand> make() {
  return std::make_unique<LoadCommand>(work);
}

}  // namespace

SubcommandEntry connect_subcommand() {
  return {.word = "connect",
          .aliases = "conn",
          .program = {.name = "mqtt-bench connect",
                      .summary = "open many connections, hold them, cut them and make them again",
                      .synopsis = "[URL] [OPTION]...",
                      .examples = "mqtt-bench connect -h broker -c 10000 --duration 1m\n"
                                  "mqtt-bench connect -h broker -c 1000 --duration 1m --storm 10s"},
          .description =
              "Opens connections, as many at a time as --connect-window says, and times TCP, TLS "
              "and CONNACK of each. With a duration they are held: they keep themselves alive, "
              "ping when --ping-interval asks for it, and with --storm all are cut and made again.",
          .make = make<Work::Connect>};
}

SubcommandEntry publish_subcommand() {
  return {.word = "publish",
          .aliases = "pub",
          .program = {.name = "mqtt-bench publish",
                      .summary = "publish at a rate, or as fast as the broker acknowledges",
                      .synopsis = "[URL] [OPTION]...",
                      .examples = "mqtt-bench publish -h broker -c 100 -q 1 --rate 10k/s\n"
                                  "mqtt-bench pub -h broker -c 10 -q 1 -n 100000 --inflight 1"},
          .description =
              "Publishes without subscribing: what is timed is the broker's acknowledgement, so "
              "QoS 0 tells little.",
          .make = make<Work::Publish>};
}

SubcommandEntry subscribe_subcommand() {
  return {
      .word = "subscribe",
      .aliases = "sub",
      .program = {.name = "mqtt-bench subscribe",
                  .summary = "receive what others publish, and account for it",
                  .synopsis = "[URL] [OPTION]...",
                  .examples = "mqtt-bench subscribe -h broker -t 'mqtt-bench/#' --duration 30s"},
      .description =
          "Receives. Messages of an mqtt-bench publish elsewhere are accounted for by their "
          "streams, and timed when it runs on the same machine.",
      .make = make<Work::Subscribe>};
}

SubcommandEntry pubsub_subcommand() {
  return {.word = "pubsub",
          .program = {.name = "mqtt-bench pubsub",
                      .summary = "publish and receive, and time and count every message end to end",
                      .synopsis = "[URL] [OPTION]...",
                      .examples =
                          "mqtt-bench pubsub -h broker -c 100 --rate 5k/s --assert 'e2e.p99<20ms'\n"
                          "mqtt-bench pubsub -h broker --topology fan-out -c 1000 --rate 100/s"},
          .description =
              "Both sides in one process, on one clock: latency end to end, and for each publisher "
              "what was lost, came twice or out of order.",
          .make = make<Work::Pubsub>};
}

}  // namespace mqtk::bench
