#include "inspect/shared/flags.hpp"
#include "inspect/subcommand.hpp"
#include "inspect/watch/watch.hpp"

namespace mqtk::inspect {

namespace {

struct WatchFlags {
  ClientFlags client;
  WatchOptions options;
};

FlagTable watch_flag_table(WatchFlags& flags) {
  constexpr std::string_view kGroup = "What is shown";
  FlagTable table;
  table.push_back(filter_flag(flags.options.filters, kGroup, "watch this topic or filter"));
  table.push_back({.name = "path",
                   .value_name = "PATH",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "follow the number there: .a.b[2].c",
                   .default_text = "the only number",
                   .common = true,
                   .store = store(flags.options.path)});
  table.push_back({.letter = 'C',
                   .name = "count",
                   .value_name = "N",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "end after so many messages",
                   .common = true,
                   .store = store_number(flags.options.count, 1, 1'000'000'000'000)});
  table.push_back({.name = "for",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "end after so long",
                   .common = true,
                   .store = store(flags.options.duration)});
  table.push_back(json_flag(flags.options.json, kGroup,
                            "print each message as a line of JSON (schema mqtt-inspect.watch/1)"));
  append_connection_flags(table, flags.client);
  return table;
}

class WatchCommand final : public Subcommand {
 public:
  FlagTable flags() override { return watch_flag_table(flags_); }
  const ReportFlags& report_flags() const override { return flags_.client.report; }
  int run(const Launch& launch) override {
    auto client = resolve_connection(flags_.client, launch, true);
    if (!client) return launch.report.finish(client.error());
    auto filters =
        checked_filters(flags_.options.filters, client->url_topic ? std::vector{*client->url_topic}
                                                                  : std::vector<std::string>());
    if (!filters) return launch.report.finish(filters.error());
    flags_.options.filters = std::move(*filters);
    Runner runner(launch.report);
    WatchJob job(runner.loop(), runner, std::move(client->config), flags_.options);
    job.start();
    runner.run(job, 0ns);
  }

 private:
  WatchFlags flags_;
};

}  // namespace

SubcommandEntry watch_subcommand() {
  return {
      .word = "watch",
      .program = {.name = "mqtt-inspect watch",
                  .summary = "follow a topic: what changed, and how its number goes",
                  .synopsis = "[URL] FILTER... [OPTION]...",
                  .examples = "mqtt-inspect watch -h broker sensors/kitchen\n"
                              "mqtt-inspect watch -h broker 'sensors/+' --path .temperature\n"
                              "mqtt-inspect watch -h broker sensors/kitchen -C 10 --json"},
      .description =
          "Shows each message with the fields that changed since the one before, a sparkline of "
          "the last forty numbers, and a line when a topic has been silent for three times as "
          "long as its messages came apart. Retained messages are marked and are no sign of life.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<WatchCommand>(); }};
}

}  // namespace mqtk::inspect
