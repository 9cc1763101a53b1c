#include "pub/pub_flags.hpp"

namespace mqtk::pub {

namespace {

constexpr std::string_view kProperties = "Message properties (MQTT 5)";
constexpr std::string_view kRun = "Run";

void append_property_flags(FlagTable& table, PubFlags& flags) {
  table.push_back({.name = "expiry",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kProperties,
                   .doc = "how long the broker shall keep the message for those who are away",
                   .mqtt5 = true,
                   .store = store_expiry(flags.expiry_s, false)});
  table.push_back({.name = "content-type",
                   .value_name = "TYPE",
                   .kind = FlagKind::Value,
                   .group = kProperties,
                   .doc = "what the payload is, such as application/json",
                   .mqtt5 = true,
                   .store = store(flags.content_type)});
  table.push_back({.name = "response-topic",
                   .value_name = "TOPIC",
                   .kind = FlagKind::Value,
                   .group = kProperties,
                   .doc = "where an answer is expected",
                   .mqtt5 = true,
                   .store = store(flags.response_topic)});
  table.push_back({.name = "user-property",
                   .value_name = "NAME=VALUE",
                   .kind = FlagKind::List,
                   .group = kProperties,
                   .doc = "a pair of the sender's own; may be given several times",
                   .mqtt5 = true,
                   .store = store(flags.user_properties)});
  table.push_back(
      {.name = "require-subscriber",
       .group = kProperties,
       .doc = "fail when a message has no subscriber; needs -q 1 or 2",
       .details = "A message that the broker accepts and nobody is subscribed to counts as not "
                  "delivered: exit status 1. Needs QoS 1 or 2 and a broker that says so with the "
                  "reason code 0x10 of MQTT 5.",
       .mqtt5 = true,
       .store = store(flags.require_subscriber)});
}

void append_run_flags(FlagTable& table, PubFlags& flags) {
  table.push_back({.letter = 'W',
                   .name = "timeout",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kRun,
                   .doc = "end with 124 when all is not done by then, connecting included",
                   .default_text = "none",
                   .common = true,
                   .store = store(flags.deadline)});
  table.push_back({.letter = 'v',
                   .name = "verbose",
                   .group = kRun,
                   .doc = "say on stderr at the end how much was published",
                   .store = store(flags.verbose)});
  table.push_back({.name = "no-progress",
                   .group = kRun,
                   .doc = "no line of progress on a terminal",
                   .details = "On a terminal, and when the size of the input is known, a line on "
                              "stderr shows how far a run of more than a second has come, its rate "
                              "and the time left. This leaves it out, as --quiet does.",
                   .store = store(flags.no_progress)});
}

}  // namespace

const Program& pub_program() {
  static constexpr Program kProgram{
      .name = "mqtt-pub",
      .summary = "publish messages to an MQTT broker",
      .synopsis =
          "-t TOPIC -m TEXT [OPTION]...\n"
          "-t TOPIC -f FILE [OPTION]...\n"
          "-t TOPIC {-s | -l | -n} [OPTION]...\n"
          "--from-json[=FILE] [OPTION]...\n"
          "--request -e TOPIC -t TOPIC -m TEXT [OPTION]...\n"
          "--outbox FILE [OPTION]...",
      .examples =
          "mqtt-pub -h broker -t house/lamp -m on\n"
          "mqtt-pub -L mqtts://user@broker/house/lamp --prompt -q 1 -m on\n"
          "tail -f app.log | mqtt-pub -t logs/app -l -q 1\n"
          "mqtt-pub --request -e answers/me -t questions -m now -W 5s\n"
          "sensor | mqtt-pub --outbox /var/spool/sensor -t plant/boiler -l -q 1",
  };
  return kProgram;
}

FlagTable pub_flag_table(PubFlags& flags) {
  FlagTable table;
  table.reserve(kFlagsAbout);
  append_message_flags(table, flags);
  append_stream_flags(table, flags);
  append_property_flags(table, flags);
  append_request_flags(table, flags.request);
  append_outbox_flags(table, flags);
  append_run_flags(table, flags);
  append_flags(table, flags.client);
  append_flags(table, flags.client.delivery);
  append_flags(table, flags.client.engine);
  append_options_file_flag(table);
  append_help_flags(table);
  return table;
}

}  // namespace mqtk::pub
