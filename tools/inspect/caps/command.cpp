// mqtt-inspect caps: one broker, or two side by side.
#include "inspect/caps/run.hpp"
#include "inspect/shared/flags.hpp"
#include "inspect/subcommand.hpp"
#include "wire/topic.hpp"

namespace mqtk::inspect {

namespace {

constexpr std::string_view kProbing = "Probing";

struct CapsFlags {
  ClientFlags client;
  bool json = false;
  bool safe = false;
  bool slow = false;
  std::optional<std::string> compare;
  std::optional<std::string> topic_prefix;
  std::optional<std::uint64_t> max_probe_size;
};

FlagTable caps_flag_table(CapsFlags& flags) {
  FlagTable table;
  table.push_back(
      json_flag(flags.json, kProbing, "print the report as JSON (schema mqtt-inspect.caps/1)"));
  table.push_back(
      safe_flag(flags.safe, kProbing, "publish nothing: what needs a message is not tested"));
  table.push_back({.name = "slow",
                   .group = kProbing,
                   .doc = "test also what takes seconds or is hard on a broker",
                   .details = "Test also what takes seconds or is hard on a broker: whether the "
                              "keep-alive is enforced, and topics of up to 65535 octets.",
                   .common = true,
                   .store = store(flags.slow)});
  table.push_back({.name = "compare",
                   .value_name = "URL",
                   .kind = FlagKind::Value,
                   .group = kProbing,
                   .doc = "probe this broker too, and show both side by side",
                   .common = true,
                   .secret = Secret::Url,
                   .store = store(flags.compare)});
  table.push_back(topic_prefix_flag(flags.topic_prefix, kProbing));
  table.push_back({.name = "max-probe-size",
                   .value_name = "SIZE",
                   .kind = FlagKind::Value,
                   .group = kProbing,
                   .doc = "the largest packet that is tried",
                   .default_text = "1MiB",
                   .store = store_size(flags.max_probe_size, 1024, 64 * 1024 * 1024)});
  append_connection_flags(table, flags.client, SessionOptions::None);
  return table;
}

/// One run, or two at once; prints when all are done.
class CapsJob final : public Job {
 public:
  CapsJob(EventLoop& loop, Host& host, std::vector<CapsOptions> brokers, bool json)
      : host_(host), json_(json) {
    for (CapsOptions& options : brokers) {
      runs_.push_back(std::make_unique<CapsRun>(loop, std::move(options), [this] { done(); }));
    }
  }
  void start() {
    for (const auto& run : runs_) run->start();
  }
  void on_interrupt() override {
    interrupted_ = true;
    for (const auto& run : runs_) run->stop();
  }
  void on_deadline(Duration) override { on_interrupt(); }

 private:
  void done() {
    if (++done_ < runs_.size()) return;
    if (interrupted_) return host_.finish(0);
    const CapsReport& first = runs_.front()->report();
    const CapsReport& last = runs_.back()->report();
    std::string text;
    if (runs_.size() == 1) {
      text = json_ ? caps_json(first) : caps_text(first);
    } else {
      text = json_ ? comparison_json(first, last) : comparison_text(first, last);
    }
    const int printed = print_and_exit_code(text);
    const int found = first.exit_code() != 0 ? first.exit_code() : last.exit_code();
    host_.finish(printed != 0 ? printed : found);
  }

  Host& host_;
  bool json_;
  std::vector<std::unique_ptr<CapsRun>> runs_;
  std::size_t done_ = 0;
  bool interrupted_ = false;
};

class CapsCommand final : public Subcommand {
 public:
  FlagTable flags() override { return caps_flag_table(flags_); }
  const ReportFlags& report_flags() const override { return flags_.client.report; }
  int run(const Launch& launch) override;

 private:
  CapsOptions options(ClientConfig config, Report& report) const;
  CapsFlags flags_;
};

CapsOptions CapsCommand::options(ClientConfig config, Report& report) const {
  CapsOptions out;
  out.config = std::move(config);
  out.debug = report.debugging() ? &report : nullptr;
  out.topic_prefix = flags_.topic_prefix.value_or(out.topic_prefix);
  out.safe = flags_.safe;
  out.slow = flags_.slow;
  out.max_probe_size = flags_.max_probe_size.value_or(out.max_probe_size);
  return out;
}

int CapsCommand::run(const Launch& launch) {
  const std::string prefix = flags_.topic_prefix.value_or(std::string(kTopicPrefix));
  if (const auto fault = wire::check_topic_name(prefix)) {
    return launch.report.finish(
        {ErrorKind::Usage, Cause::None, "--topic-prefix: " + std::string(fault->what), ""});
  }
  std::vector<CapsOptions> brokers;
  ClientFlags other = flags_.client;
  auto client = resolve_connection(flags_.client, launch);
  if (!client) return launch.report.finish(client.error());
  brokers.push_back(options(std::move(client->config), launch.report));
  if (flags_.compare) {
    other.connection.host.reset();
    other.connection.port.reset();
    other.connection.unix_path.reset();
    other.connection.url_file.reset();
    other.connection.url_command.reset();
    other.connection.urls = {*flags_.compare};
    auto second = resolve_connection(other, launch);
    if (!second) return launch.report.finish(second.error());
    brokers.push_back(options(std::move(second->config), launch.report));
  }
  Runner runner(launch.report);
  CapsJob job(runner.loop(), runner, std::move(brokers), flags_.json);
  job.start();
  runner.run(job, 0ns);
}

}  // namespace

SubcommandEntry caps_subcommand() {
  return {
      .word = "caps",
      .program = {.name = "mqtt-inspect caps",
                  .summary = "find out what a broker can do, declared and observed",
                  .synopsis = "[URL] [OPTION]...",
                  .examples = "mqtt-inspect caps -h broker\n"
                              "mqtt-inspect caps mqtt://old-broker --compare mqtt://new-broker\n"
                              "mqtt-inspect caps -h broker --safe --json"},
      .description =
          "Shows what a broker declares (MQTT 5) beside what was observed, since a granted "
          "subscription proves nothing: every claim is tested with a message that has to come "
          "back. The probes run at once, in less than 15 seconds; what they leave on the broker "
          "is removed again, and that is verified. What these credentials may not do here is "
          "told apart from what the broker cannot do. A broker without MQTT 5 is no error.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<CapsCommand>(); }};
}

}  // namespace mqtk::inspect
