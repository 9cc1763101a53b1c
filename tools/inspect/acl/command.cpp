#include "inspect/acl/acl.hpp"
#include "inspect/shared/flags.hpp"
#include "inspect/subcommand.hpp"

namespace mqtk::inspect {

namespace {

struct AclFlags {
  ClientFlags client;
  std::vector<std::string> filters;
  bool safe = false;
  bool json = false;
};

FlagTable acl_flag_table(AclFlags& flags) {
  constexpr std::string_view kGroup = "What is tried";
  FlagTable table;
  table.push_back(filter_flag(flags.filters, kGroup, "try this topic or filter"));
  table.push_back(safe_flag(flags.safe, kGroup, "publish nothing: subscribe only"));
  table.push_back(
      json_flag(flags.json, kGroup, "print the result as JSON (schema mqtt-inspect.acl/1)"));
  append_connection_flags(table, flags.client, SessionOptions::None);
  return table;
}

class AclCommand final : public Subcommand {
 public:
  FlagTable flags() override { return acl_flag_table(flags_); }
  const ReportFlags& report_flags() const override { return flags_.client.report; }
  int run(const Launch& launch) override {
    auto client = resolve_connection(flags_.client, launch);
    if (!client) return launch.report.finish(client.error());
    auto filters = checked_filters(flags_.filters, {});
    if (!filters) return launch.report.finish(filters.error());
    CapsOptions options = lab_options(std::move(client->config), launch.report);
    options.safe = flags_.safe;
    Runner runner(launch.report);
    AclJob job(runner.loop(), runner, std::move(options), std::move(*filters), flags_.json);
    job.start();
    runner.run(job, 0ns);
  }

 private:
  AclFlags flags_;
};

}  // namespace

SubcommandEntry acl_subcommand() {
  return {
      .word = "acl",
      .program = {.name = "mqtt-inspect acl",
                  .summary = "find out what these credentials may publish, subscribe and receive",
                  .synopsis = "[URL] FILTER... [OPTION]...",
                  .examples = "mqtt-inspect acl -h broker -u alice 'sensors/#' 'commands/+'\n"
                              "mqtt-inspect acl mqtts://broker 'sensors/#' --safe\n"
                              "mqtt-inspect acl -h broker 'sensors/#' --json"},
      .description =
          "For each filter: is a subscription granted, is a message accepted, and does it arrive? "
          "Several brokers grant a subscription that they do not serve, or acknowledge a message "
          "that they drop; only a message that arrives shows that both are allowed. It is "
          "published to a topic that the filter matches, with a level of its own in the place of "
          "a wildcard; a filter without one is published to as it stands, where others may see "
          "it. MQTT 5 is used where the broker knows it, since it gives reasons. The exit status "
          "is 77 when something is denied.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<AclCommand>(); }};
}

}  // namespace mqtk::inspect
