#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <iterator>

#include "inspect/retained/retained.hpp"
#include "inspect/shared/flags.hpp"
#include "inspect/subcommand.hpp"
#include "wire/topic.hpp"

namespace mqtk::inspect {

namespace {

constexpr std::string_view kActions = "list clean backup restore";

struct RetainedFlags {
  ClientFlags client;
  std::optional<RetainedAction> action;
  std::vector<std::string> filters;
  std::optional<std::string> match, payload, file;
  std::optional<Duration> quiet;
  bool yes = false;
  bool json = false;
};

bool is_action(std::string_view word) {
  return word == "list" || word == "clean" || word == "backup" || word == "restore";
}

FlagTable retained_flag_table(RetainedFlags& flags) {
  constexpr std::string_view kGroup = "Retained messages";
  FlagTable table;
  table.push_back({.name = "action",
                   .value_name = "ACTION",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "what to do; the first such word is taken as it",
                   .default_text = "list",
                   .choices = kActions,
                   .common = true,
                   .operand = is_action,
                   .store = store_choice(flags.action, kActions,
                                         {RetainedAction::List, RetainedAction::Clean,
                                          RetainedAction::Backup, RetainedAction::Restore})});
  table.push_back(filter_flag(flags.filters, kGroup, "those under this topic or filter"));
  table.push_back({.name = "match",
                   .value_name = "REGEX",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "only those whose topic this expression matches somewhere",
                   .common = true,
                   .store = store(flags.match)});
  table.push_back({.name = "payload",
                   .value_name = "REGEX",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "only those whose payload this expression matches somewhere",
                   .common = true,
                   .store = store(flags.payload)});
  table.push_back({.name = "yes",
                   .group = kGroup,
                   .doc = "clear or restore them, instead of saying what would be done",
                   .common = true,
                   .store = store(flags.yes)});
  table.push_back({.letter = 'f',
                   .name = "file",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "message records: written by backup and clean, read by restore",
                   .details = "Message records, as the other programs know them: backup writes "
                              "them there (else to the standard output), clean writes what it is "
                              "about to clear, restore reads them; - is the standard input.",
                   .completion = Completion::File,
                   .common = true,
                   .store = store(flags.file)});
  table.push_back({.name = "quiet-time",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "all have come when none came for so long",
                   .default_text = "500ms",
                   .store = store(flags.quiet)});
  table.push_back(
      json_flag(flags.json, kGroup, "print the result as JSON (schema mqtt-inspect.retained/1)"));
  append_connection_flags(table, flags.client);
  return table;
}

Result<std::optional<Pattern>> pattern(const std::optional<std::string>& text) {
  if (!text) return std::optional<Pattern>();
  auto compiled = Pattern::compile(*text);
  if (!compiled) return fail(std::move(compiled.error()));
  return std::optional(std::move(*compiled));
}

Result<std::vector<ParsedRecord>> read_records(const std::string& path, bool properties) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  if (!in) return fail(ErrorKind::NoInput, "cannot read " + path);
  std::vector<ParsedRecord> out;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    auto record = parse_record(line);
    if (record && !properties && !record->properties.empty()) {
      record = fail(ErrorKind::BadInput, "the record has properties, which only MQTT 5 carries",
                    "add -V 5");
    }
    if (!record) {
      Error error = std::move(record.error());
      error.message = path + ", line " + std::to_string(number) + ": " + error.message;
      return fail(std::move(error));
    }
    out.push_back(std::move(*record));
  }
  if (in.bad()) return fail(ErrorKind::NoInput, "cannot read " + path);
  return out;
}

Result<RetainedOptions> resolve(RetainedFlags& flags, const ResolvedClient& client) {
  RetainedOptions out;
  out.action = flags.action.value_or(RetainedAction::List);
  out.yes = flags.yes;
  out.json = flags.json;
  out.quiet = flags.quiet.value_or(out.quiet);
  // To clear or to restore without a filter is asked for with '#'.
  std::vector<std::string> otherwise;
  if (client.url_topic) {
    otherwise = {*client.url_topic};
  } else if (out.action != RetainedAction::Clean) {
    otherwise = {"#"};
  }
  auto filters = checked_filters(flags.filters, std::move(otherwise));
  if (!filters) return fail(std::move(filters.error()));
  out.filters = std::move(*filters);
  auto topics = pattern(flags.match);
  if (!topics) return fail(std::move(topics.error()));
  auto payloads = pattern(flags.payload);
  if (!payloads) return fail(std::move(payloads.error()));
  out.topic_pattern = std::move(*topics);
  out.payload_pattern = std::move(*payloads);
  if (out.action == RetainedAction::Restore) {
    if (!flags.file) {
      return fail(ErrorKind::Usage, "restore needs records", "name them with --file FILE");
    }
    auto records = read_records(*flags.file, client.config.version == wire::ProtocolVersion::V5);
    if (!records) return fail(std::move(records.error()));
    out.records = std::move(*records);
    std::erase_if(out.records, [&out](const ParsedRecord& record) {
      return std::ranges::none_of(out.filters, [&record](const std::string& filter) {
        return wire::TopicFilter(filter).matches(record.topic);
      });
    });
  } else if (flags.file && *flags.file != "-") {
    out.backup = *flags.file;
  }
  return out;
}

class RetainedCommand final : public Subcommand {
 public:
  FlagTable flags() override { return retained_flag_table(flags_); }
  const ReportFlags& report_flags() const override { return flags_.client.report; }
  int run(const Launch& launch) override {
    auto client = resolve_connection(flags_.client, launch);
    if (!client) return launch.report.finish(client.error());
    auto options = resolve(flags_, *client);
    if (!options) return launch.report.finish(options.error());
    Runner runner(launch.report);
    RetainedJob job(runner.loop(), runner, std::move(client->config), std::move(*options));
    job.start();
    runner.run(job, 0ns);
  }

 private:
  RetainedFlags flags_;
};

}  // namespace

SubcommandEntry retained_subcommand() {
  return {
      .word = "retained",
      .program = {.name = "mqtt-inspect retained",
                  .summary = "list, clear, back up and restore retained messages",
                  .synopsis = "[list|clean|backup|restore] [URL] [FILTER]... [OPTION]...",
                  .examples =
                      "mqtt-inspect retained list -h broker 'sensors/#'\n"
                      "mqtt-inspect retained clean -h broker 'old/#' --file old.jsonl --yes\n"
                      "mqtt-inspect retained restore -h broker --file old.jsonl --yes"},
      .description =
          "Works on all retained messages that the filters match, although live messages may "
          "arrive meanwhile: what a broker drops for a full queue is asked for again. Without "
          "--yes, clean and restore only say what they would do; with it, the result is verified "
          "by subscribing again, and the exit status is 1 when something is not as it should be. "
          "With -V 5 a backup holds the properties too. The filter # does not match topics that "
          "begin with $.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<RetainedCommand>(); }};
}

}  // namespace mqtk::inspect
