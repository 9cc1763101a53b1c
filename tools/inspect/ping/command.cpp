#include "inspect/ping/ping.hpp"
#include "inspect/shared/flags.hpp"
#include "inspect/subcommand.hpp"
#include "wire/topic.hpp"

namespace mqtk::inspect {

namespace {

constexpr std::string_view kPingGroup = "Round trips";

struct PingFlags {
  ClientFlags client;
  bool json = false;
  bool safe = false;
  std::optional<std::uint64_t> count;
  std::optional<Duration> interval, patience;
  std::optional<wire::Qos> qos;
  std::optional<std::uint64_t> size;
  std::optional<std::string> topic_prefix;
};

FlagTable ping_flag_table(PingFlags& flags) {
  FlagTable table;
  table.push_back({.name = "count",
                   .value_name = "N",
                   .kind = FlagKind::Value,
                   .group = kPingGroup,
                   .doc = "so many round trips of each kind; 0: until interrupted",
                   .default_text = "5",
                   .common = true,
                   .store = store_number(flags.count, 0, 1'000'000'000)});
  table.push_back({.name = "interval",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kPingGroup,
                   .doc = "from the beginning of one to that of the next",
                   .default_text = "1s",
                   .common = true,
                   .store = store(flags.interval)});
  table.push_back({.name = "patience",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kPingGroup,
                   .doc = "after so long without an answer one counts as lost",
                   .default_text = "5s",
                   .common = true,
                   .store = store(flags.patience)});
  table.push_back(safe_flag(flags.safe, kPingGroup, "publish nothing: PINGREQ only"));
  table.push_back(qos_flag(store_number(flags.qos, 0, 2), kPingGroup,
                           "quality of service of the messages", "0"));
  table.push_back(payload_size_flag(flags.size, kPingGroup, "octets of their payload"));
  table.push_back(topic_prefix_flag(flags.topic_prefix, kPingGroup));
  table.push_back(
      json_flag(flags.json, kPingGroup, "print the result as JSON (schema mqtt-inspect.ping/1)"));
  append_connection_flags(table, flags.client);
  return table;
}

class PingCommand final : public Subcommand {
 public:
  FlagTable flags() override { return ping_flag_table(flags_); }
  const ReportFlags& report_flags() const override { return flags_.client.report; }
  int run(const Launch& launch) override;

 private:
  PingFlags flags_;
};

int PingCommand::run(const Launch& launch) {
  auto client = resolve_connection(flags_.client, launch);
  if (!client) return launch.report.finish(client.error());
  PingOptions options;
  options.count = flags_.count.value_or(options.count);
  options.interval = flags_.interval.value_or(options.interval);
  options.patience = flags_.patience.value_or(options.patience);
  options.publish = !flags_.safe;
  options.qos = flags_.qos.value_or(options.qos);
  options.size = flags_.size.value_or(options.size);
  options.topic =
      flags_.topic_prefix.value_or(std::string(kTopicPrefix)) + generate_client_id("", 16);
  options.json = flags_.json;
  if (const auto fault = wire::check_topic_name(options.topic)) {
    return launch.report.finish(
        {ErrorKind::Usage, Cause::None, "--topic-prefix: " + std::string(fault->what), ""});
  }
  Runner runner(launch.report);
  PingJob job(runner.loop(), runner, std::move(client->config), std::move(options));
  job.start();
  runner.run(job, 0ns);
}

}  // namespace

SubcommandEntry ping_subcommand() {
  return {
      .word = "ping",
      .program = {.name = "mqtt-inspect ping",
                  .summary = "measure round trips: PINGREQ, and a message to ourselves",
                  .synopsis = "[URL] [OPTION]...",
                  .examples = "mqtt-inspect ping -h broker\n"
                              "mqtt-inspect ping mqtts://broker --count 100 --interval 100ms\n"
                              "mqtt-inspect ping -h broker --safe --json"},
      .description =
          "Sends a PINGREQ, then a message to a random topic that it subscribes to itself, again "
          "and again, and shows how long each took. At the end: how many were answered, the loss, "
          "minimum, median, percentiles and maximum. The exit status is 1 when an answer is "
          "missing.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<PingCommand>(); }};
}

}  // namespace mqtk::inspect
