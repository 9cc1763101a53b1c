// mqtt-inspect sys: listens to $SYS until it is quiet, or for as long as was asked.
#include "inspect/shared/client_job.hpp"
#include "inspect/shared/flags.hpp"
#include "inspect/shared/probe_phases.hpp"
#include "inspect/subcommand.hpp"
#include "inspect/sys/report.hpp"

namespace mqtk::inspect {

namespace {

/// What is retained comes at once; a tree that is not retained takes until its next update.
constexpr Duration kQuiet = 700ms;
/// The longest interval that brokers have by default is a minute, mosquitto's is 10 s.
constexpr Duration kWithoutRetained = 12s;
constexpr Token kSysToken = 1;
constexpr std::size_t kMaxTopics = 20'000;

struct SysFlags {
  ClientFlags client;
  bool json = false;
  bool all = false;
  std::optional<Duration> duration;
};

FlagTable sys_flag_table(SysFlags& flags) {
  constexpr std::string_view kGroup = "What is shown";
  FlagTable table;
  table.push_back({.name = "for",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "listen for so long and show how fast values change",
                   .details = "Listen for so long and show how fast values change. Without it the "
                              "table is shown once what is retained has come, and where nothing "
                              "is retained, after the first values or 12 seconds.",
                   .common = true,
                   .store = store(flags.duration)});
  table.push_back({.letter = 'a',
                   .name = "all",
                   .group = kGroup,
                   .doc = "also every topic as it came, below the values with fixed names",
                   .common = true,
                   .store = store(flags.all)});
  table.push_back(
      json_flag(flags.json, kGroup, "print the result as JSON (schema mqtt-inspect.sys/1)"));
  append_connection_flags(table, flags.client);
  return table;
}

class SysJob final : public ClientJob {
 public:
  SysJob(EventLoop& loop, Host& host, ClientConfig config, const SysFlags& flags)
      : ClientJob(loop, host, std::move(config)),
        flags_(flags),
        quiet_(loop, [this] { quiet(); }),
        limit_(loop, [this] { over(); }) {
    report_.target = target_text(config_);
  }

 private:
  void begin(const ConnectionInfo&) override {
    client_->subscribe({{.filter = "$SYS/#"}}, kSysToken);
    limit_.after(config_.timeouts.mqtt);
  }
  void on_subscribed(Token, std::span<const SubscribeOutcome> outcomes) override {
    if (auto denied = denial_of(outcomes.front())) return fail_with(std::move(*denied));
    subscribed_ = host_.now();
    limit_.after(flags_.duration.value_or(kWithoutRetained));
  }
  void on_message(const MessageView& message) override {
    if (report_.topics().size() >= kMaxTopics) return;
    report_.add(message.topic, message.payload, host_.now());
    if (!flags_.duration) quiet_.after(kQuiet);
  }
  void quiet() { over(); }
  void over() {
    if (subscribed_ == kNever) {
      return fail_with(
          {ErrorKind::Unreachable, Cause::MqttNoAnswer, "no answer to SUBSCRIBE in time", {}});
    }
    conclude(report_.empty() ? exit_code(ErrorKind::Failed) : 0);
  }
  void report(const Error* error) override {
    quiet_.cancel();
    limit_.cancel();
    if (error != nullptr) report_.error = *error;
    if (subscribed_ != kNever) report_.observed = host_.now() - subscribed_;
    if (flags_.json) return print(sys_json(report_));
    if (error == nullptr && report_.empty()) {
      return print(
          "this broker publishes nothing under $SYS, or nothing these credentials may read\n");
    }
    print(sys_text(report_, flags_.all));
  }

  SysFlags flags_;
  SysReport report_;
  TimePoint subscribed_ = kNever;
  Timer quiet_;
  Timer limit_;
};

class SysCommand final : public Subcommand {
 public:
  FlagTable flags() override { return sys_flag_table(flags_); }
  const ReportFlags& report_flags() const override { return flags_.client.report; }
  int run(const Launch& launch) override {
    auto client = resolve_connection(flags_.client, launch);
    if (!client) return launch.report.finish(client.error());
    Runner runner(launch.report);
    SysJob job(runner.loop(), runner, std::move(client->config), flags_);
    job.start();
    runner.run(job, 0ns);
  }

 private:
  SysFlags flags_;
};

}  // namespace

SubcommandEntry sys_subcommand() {
  return {
      .word = "sys",
      .program = {.name = "mqtt-inspect sys",
                  .summary = "show what the broker says of itself under $SYS",
                  .synopsis = "[URL] [OPTION]...",
                  .examples = "mqtt-inspect sys -h broker\n"
                              "mqtt-inspect sys -h broker --for 30s --all\n"
                              "mqtt-inspect sys -h broker --json"},
      .description =
          "Subscribes to $SYS/# and shows the values that most brokers have, with units and under "
          "names that are the same for mosquitto, EMQX, HiveMQ and VerneMQ; with --all also the "
          "whole tree. With --for, how fast values change: a rate runs from the first live value "
          "to "
          "the last. A broker that publishes nothing there is said to do so, with exit status 1.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<SysCommand>(); }};
}

}  // namespace mqtk::inspect
