#include "inspect/shared/flags.hpp"
#include "inspect/subcommand.hpp"
#include "inspect/topics/topics.hpp"

namespace mqtk::inspect {

namespace {

struct TopicsFlags {
  ClientFlags client;
  TopicsOptions options;
  std::optional<std::uint64_t> memory, payload;
};

FlagTable topics_flag_table(TopicsFlags& flags) {
  constexpr std::string_view kGroup = "Topics";
  TopicsOptions& options = flags.options;
  FlagTable table;
  table.push_back(filter_flag(options.filters, kGroup, "listen to this topic or filter"));
  table.push_back({.name = "for",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "listen for so long; 0: until interrupted",
                   .default_text = "10s",
                   .common = true,
                   .store = store(options.duration)});
  table.push_back({.name = "sort",
                   .value_name = "ORDER",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "what comes first",
                   .default_text = "count",
                   .choices = kTopicOrders,
                   .common = true,
                   .store = store_choice(options.order, kTopicOrders,
                                         {TopicOrder::Count, TopicOrder::Rate, TopicOrder::Bytes,
                                          TopicOrder::Size, TopicOrder::Age, TopicOrder::Name})});
  table.push_back({.name = "top",
                   .value_name = "N",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "show so many topics; 0: all",
                   .default_text = "50",
                   .common = true,
                   .store = store_number(options.shown, 0, 100'000'000)});
  table.push_back({.name = "tree",
                   .value_name = "DEPTH",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "also the tree, with sums, down to this level",
                   .common = true,
                   .store = store_number(options.depth, 0, 1000)});
  table.push_back(
      qos_flag(store_number(options.qos, 0, 2), kGroup, "quality of service asked for", "0"));
  table.push_back(max_topics_flag(options.limits.topics, kGroup));
  table.push_back({.name = "max-memory",
                   .value_name = "SIZE",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "memory for topics and payloads, about",
                   .default_text = "128MiB",
                   .store = store_size(flags.memory, 65536, std::uint64_t{1} << 40U)});
  table.push_back({.name = "max-payload",
                   .value_name = "SIZE",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "octets kept of the last payload of each topic",
                   .default_text = "256",
                   .store = store_size(flags.payload, 0, 256 * 1024 * 1024)});
  table.push_back(
      json_flag(options.json, kGroup, "print the result as JSON (schema mqtt-inspect.topics/1)"));
  append_connection_flags(table, flags.client);
  return table;
}

class TopicsCommand final : public Subcommand {
 public:
  FlagTable flags() override { return topics_flag_table(flags_); }
  const ReportFlags& report_flags() const override { return flags_.client.report; }
  int run(const Launch& launch) override {
    auto client = resolve_connection(flags_.client, launch, true);
    if (!client) return launch.report.finish(client.error());
    TopicsOptions& options = flags_.options;
    auto filters = filters_or_all(options.filters, *client);
    if (!filters) return launch.report.finish(filters.error());
    options.filters = std::move(*filters);
    options.limits.memory = flags_.memory.value_or(options.limits.memory);
    options.limits.payload = flags_.payload.value_or(options.limits.payload);
    Runner runner(launch.report);
    TopicsJob job(runner.loop(), runner, std::move(client->config), options);
    job.start();
    runner.run(job, 0ns);
  }

 private:
  TopicsFlags flags_;
};

}  // namespace

SubcommandEntry topics_subcommand() {
  return {
      .word = "topics",
      .program = {.name = "mqtt-inspect topics",
                  .summary = "what is on which topic: counts, rates, sizes, last payloads",
                  .synopsis = "[URL] [FILTER]... [OPTION]...",
                  .examples = "mqtt-inspect topics -h broker\n"
                              "mqtt-inspect topics -h broker 'sensors/#' --for 60s --sort rate\n"
                              "mqtt-inspect topics -h broker --tree 2 --top 0 --json"},
      .description =
          "Listens for a while and shows for each topic how many messages came and how fast, their "
          "sizes, the quality of service, whether one was retained (r), whether the topic has "
          "fallen silent (s), how far messages came apart and how long ago the last came, and its "
          "payload, decoded. Memory is bounded: messages of topics that are not tracked are "
          "counted and said. Topics that begin with $ need a filter of their own.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<TopicsCommand>(); }};
}

}  // namespace mqtk::inspect
