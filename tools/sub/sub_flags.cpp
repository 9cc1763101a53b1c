#include "sub/sub_flags.hpp"

#include <limits>

#include "base/numbers.hpp"

namespace mqtk::sub {

namespace {

using wire::RetainHandling;

constexpr std::string_view kSubscription = "Subscription";
constexpr std::string_view kSelection = "Which messages are shown";
constexpr std::string_view kEnd = "When to end";

Store store_percent(std::optional<double>& target) {
  return [&target](std::string_view value) -> std::optional<std::string> {
    const auto number = parse_double(value);
    if (!number || *number < 0.1 || *number > 100) {
      return "'" + std::string(value) + "' is not within 0.1 to 100";
    }
    target = number;
    return std::nullopt;
  };
}

void append_subscription_flags(FlagTable& table, SubFlags& flags) {
  table.push_back({.letter = 't',
                   .name = "topic",
                   .value_name = "FILTER",
                   .kind = FlagKind::List,
                   .group = kSubscription,
                   .doc = "topic filter to subscribe to; may be given several times",
                   .details =
                       "Topic filter to subscribe to; may be given several times. + stands for "
                       "one level, # for all that follow.",
                   .common = true,
                   .store = store(flags.topics)});
  table.push_back(
      {.letter = 'q',
       .name = "qos",
       .value_name = "QOS",
       .kind = FlagKind::List,
       .group = kSubscription,
       .doc = "quality of service: once for all, or as often as -t, in the same order",
       .default_text = "0",
       .choices = "0 1 2",
       .common = true,
       .store = store_number_into(
           [&flags](std::uint64_t n) { flags.qos.push_back(static_cast<wire::Qos>(n)); }, 0, 2)});
  table.push_back({.letter = 'U',
                   .name = "unsubscribe",
                   .value_name = "FILTER",
                   .kind = FlagKind::List,
                   .group = kSubscription,
                   .doc = "remove a subscription of a stored session; without -t that is all",
                   .store = store(flags.unsubscribe)});
  table.push_back({.name = "no-subscribe",
                   .group = kSubscription,
                   .doc = "subscribe to nothing: use what the stored session has",
                   .store = store(flags.no_subscribe)});
  table.push_back({.name = "no-local",
                   .group = kSubscription,
                   .doc = "not those that this client has published itself",
                   .mqtt5 = true,
                   .store = store(flags.no_local)});
  table.push_back({.name = "retain-as-published",
                   .group = kSubscription,
                   .doc = "leave the retain flag as the publisher has set it",
                   .mqtt5 = true,
                   .store = store(flags.retain_as_published)});
  table.push_back({.name = "retain-handling",
                   .value_name = "WHEN",
                   .kind = FlagKind::Value,
                   .group = kSubscription,
                   .doc = "when the broker shall send retained messages on subscribing",
                   .default_text = "always",
                   .choices = "always new never",
                   .mqtt5 = true,
                   .store = store_choice(flags.retain_handling, "always new never",
                                         {RetainHandling::Send, RetainHandling::SendIfNew,
                                          RetainHandling::DoNotSend})});
}

void append_selection_flags(FlagTable& table, SubFlags& flags) {
  table.push_back({.letter = 'R',
                   .name = "no-retained",
                   .group = kSelection,
                   .doc = "hide retained messages",
                   .common = true,
                   .store = store(flags.hide_retained)});
  table.push_back({.name = "retained-only",
                   .group = kSelection,
                   .doc = "show retained messages only, and end when no more come (see --idle)",
                   .common = true,
                   .store = store(flags.retained_only)});
  table.push_back({.letter = 'T',
                   .name = "filter-out",
                   .value_name = "FILTER",
                   .kind = FlagKind::List,
                   .group = kSelection,
                   .doc = "hide messages whose topic matches; may be given several times",
                   .store = store(flags.filter_out)});
  table.push_back(
      {.name = "where",
       .value_name = "CONDITION",
       .kind = FlagKind::List,
       .group = kSelection,
       .doc = "only messages for which this holds: '.temp > 20', 'topic =~ ^a/', retain",
       .details =
           "Only messages for which CONDITION holds; given several times, all must hold. It is "
           "SUBJECT OPERATOR VALUE: SUBJECT is topic, payload, qos, retain, size, or a place in "
           "the payload (.a.b[0] or /a/b/0, with the decoder of --decode); OPERATOR is == != < <= "
           "> >=, or =~ and !~ for an extended regular expression. retain and a place may stand "
           "alone, also after '!'. What is not there meets no comparison.",
       .store = store(flags.where)});
  table.push_back({.name = "random-filter",
                   .value_name = "PERCENT",
                   .kind = FlagKind::Value,
                   .group = kSelection,
                   .doc = "show that part of the messages, chosen at random",
                   .hidden = true,
                   .store = store_percent(flags.random_percent)});
}

void append_end_flags(FlagTable& table, SubFlags& flags) {
  table.push_back(
      {.letter = 'C',
       .name = "count",
       .value_name = "N",
       .kind = FlagKind::Value,
       .group = kEnd,
       .doc = "end after N messages were shown",
       .common = true,
       .store = store_number(flags.count, 1, std::numeric_limits<std::uint64_t>::max())});
  table.push_back({.letter = 'W',
                   .name = "timeout",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kEnd,
                   .doc = "end with 124 when not done by then, connecting included",
                   .default_text = "none",
                   .common = true,
                   .store = store(flags.deadline)});
  table.push_back({.name = "for",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kEnd,
                   .doc = "listen that long once subscribed, then end with 0",
                   .common = true,
                   .store = store(flags.window)});
  table.push_back({.name = "idle",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kEnd,
                   .doc = "end with 0 when no message came for that long",
                   .default_text = "none; 500ms with --retained-only",
                   .store = store(flags.idle)});
  table.push_back({.name = "until",
                   .value_name = "REGEX",
                   .kind = FlagKind::Value,
                   .group = kEnd,
                   .doc = "end after the first message whose payload matches, which is shown",
                   .details =
                       "End with 0 after the first message shown whose payload matches REGEX, an "
                       "extended regular expression. When the time of -W, --for or --idle is over "
                       "before, the exit status is 124.",
                   .store = store(flags.until)});
  table.push_back(
      {.name = "until-json",
       .value_name = "CONDITION",
       .kind = FlagKind::Value,
       .group = kEnd,
       .doc = "end after the first message for which this holds, such as '.state == done'",
       .details = "As --until, with a CONDITION as --where has it.",
       .store = store(flags.until_json)});
  table.push_back({.letter = 'E',
                   .name = "exit-when-subscribed",
                   .group = kEnd,
                   .doc = "end as soon as all subscriptions are answered: sets up a stored session",
                   .store = store(flags.exit_when_subscribed)});
}

}  // namespace

const Program& sub_program() {
  static constexpr Program kProgram{
      .name = "mqtt-sub",
      .summary = "subscribe to topics of an MQTT broker and print what arrives",
      .synopsis = "-t FILTER... [OPTION]...",
      .examples =
          "mqtt-sub -h broker -t 'house/#' -v\n"
          "mqtt-sub -L mqtts://user@broker -t alarms -q 1 -c -i desk --prompt\n"
          "mqtt-sub -h broker -t 'config/#' -v --retained-only\n"
          "mqtt-sub -h broker -t 'sensor/+' --where '.temp > 20' --select .temp",
  };
  return kProgram;
}

FlagTable sub_flag_table(SubFlags& flags) {
  FlagTable table;
  table.reserve(kFlagsAbout);
  append_subscription_flags(table, flags);
  append_selection_flags(table, flags);
  append_output_flags(table, flags);
  append_action_flags(table, flags);
  append_end_flags(table, flags);
  append_flags(table, flags.client);
  append_flags(table, flags.client.engine);
  append_exec_argument(table, flags);
  append_options_file_flag(table);
  append_help_flags(table);
  return table;
}

}  // namespace mqtk::sub
