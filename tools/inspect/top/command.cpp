#include "inspect/shared/flags.hpp"
#include "inspect/subcommand.hpp"
#include "inspect/top/top.hpp"

namespace mqtk::inspect {

namespace {

struct TopFlags {
  ClientFlags client;
  TopOptions options;
};

FlagTable top_flag_table(TopFlags& flags) {
  constexpr std::string_view kGroup = "Topics";
  FlagTable table;
  table.push_back(filter_flag(flags.options.filters, kGroup, "listen to this topic or filter"));
  table.push_back({.name = "allow-write",
                   .group = kGroup,
                   .doc = "let the key d clear retained messages",
                   .common = true,
                   .store = store(flags.options.allow_write)});
  table.push_back(max_topics_flag(flags.options.limits.topics, kGroup));
  append_connection_flags(table, flags.client);
  return table;
}

class TopCommand final : public Subcommand {
 public:
  FlagTable flags() override { return top_flag_table(flags_); }
  const ReportFlags& report_flags() const override { return flags_.client.report; }
  int run(const Launch& launch) override {
    auto client = resolve_connection(flags_.client, launch, true);
    if (!client) return launch.report.finish(client.error());
    auto filters = filters_or_all(flags_.options.filters, *client);
    if (!filters) return launch.report.finish(filters.error());
    flags_.options.filters = std::move(*filters);
    auto screen = open_terminal();
    if (!screen) return launch.report.finish(screen.error());
    Runner runner(launch.report);
    TopJob job(runner.loop(), runner, std::move(client->config), flags_.options,
               std::move(*screen));
    job.start();
    runner.run(job, 0ns);
  }

 private:
  TopFlags flags_;
};

}  // namespace

SubcommandEntry top_subcommand() {
  return {
      .word = "top",
      .program = {.name = "mqtt-inspect top",
                  .summary = "the topics of a broker, live, on a full screen",
                  .synopsis = "[URL] [FILTER]... [OPTION]...",
                  .examples = "mqtt-inspect top -h broker\n"
                              "mqtt-inspect top -h broker 'sensors/#' --allow-write"},
      .description =
          "Shows the tree of topics with counts, rates, bytes, age and last payload, and below it "
          "the history of the selected topic with what changed and a sparkline of its number. "
          "Keys: arrows move and open levels, / filters, p pauses, s changes the order, t shows a "
          "flat table, q ends. The key d clears the retained message of the selected topic, only "
          "with --allow-write. The subcommands topics and watch show the same without a terminal.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<TopCommand>(); }};
}

}  // namespace mqtk::inspect
