#include "pub/pub_flags.hpp"

#include <limits>

namespace mqtk::pub {

namespace {

constexpr std::string_view kMessage = "Message";
constexpr std::string_view kProperties = "Message properties (MQTT 5)";
constexpr std::string_view kRun = "Run";

void append_message_flags(FlagTable& table, PubFlags& flags) {
  table.push_back({.letter = 't',
                   .name = "topic",
                   .value_name = "TOPIC",
                   .kind = FlagKind::Value,
                   .group = kMessage,
                   .doc = "topic to publish to",
                   .common = true,
                   .store = store(flags.topic)});
  table.push_back({.letter = 'm',
                   .name = "message",
                   .value_name = "TEXT",
                   .kind = FlagKind::Value,
                   .group = kMessage,
                   .doc = "publish TEXT",
                   .common = true,
                   .store = store(flags.message)});
  table.push_back({.letter = 'f',
                   .name = "file",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kMessage,
                   .doc = "publish the content of FILE as one message; - is standard input",
                   .details = "Publish the content of FILE as one message. FILE may be a pipe or a "
                              "process substitution; - is standard input.",
                   .completion = Completion::File,
                   .common = true,
                   .store = store(flags.file)});
  table.push_back({.letter = 's',
                   .name = "stdin-file",
                   .group = kMessage,
                   .doc = "publish all of standard input as one message",
                   .common = true,
                   .store = store(flags.whole_input)});
  table.push_back({.letter = 'l',
                   .name = "stdin-line",
                   .aliases = "lines",
                   .group = kMessage,
                   .doc = "publish every line of standard input as a message",
                   .details =
                       "Publish every line of standard input as a message, as soon as its newline "
                       "has come. An empty line is an empty message. Lost connections are made "
                       "again; at QoS 1 and 2 no line is lost.",
                   .common = true,
                   .store = store(flags.lines)});
  table.push_back({.letter = 'n',
                   .name = "null-message",
                   .group = kMessage,
                   .doc = "publish an empty message; with -r it clears the retained one",
                   .common = true,
                   .store = store(flags.empty)});
  table.push_back(
      {.name = "from-json",
       .value_name = "FILE",
       .kind = FlagKind::OptionalValue,
       .group = kMessage,
       .doc = "publish message records, as mqtt-sub --json prints them, from FILE or stdin",
       .details = "Publish message records, one a line, as mqtt-sub --json prints them: topic, "
                  "payload or payload_base64, qos, retain and properties (with -V 5) are taken "
                  "from each. A payload that is no string is sent as the text it is written "
                  "as. Without FILE, or with -, they come from standard input. A line that is "
                  "no record ends the run with 65. Lost connections are made again.",
       .completion = Completion::File,
       .store = store(flags.records)});
  table.push_back(
      {.name = "keep-going",
       .group = kMessage,
       .doc = "with --from-json: pass over lines that are no records, and say so at the end",
       .store = store(flags.keep_going)});
  table.push_back({.letter = 'q',
                   .name = "qos",
                   .value_name = "QOS",
                   .kind = FlagKind::Value,
                   .group = kMessage,
                   .doc = "quality of service",
                   .default_text = "0",
                   .choices = "0 1 2",
                   .common = true,
                   .store = store_number(flags.qos, 0, 2)});
  table.push_back({.letter = 'r',
                   .name = "retain",
                   .group = kMessage,
                   .doc = "ask the broker to keep the message for later subscribers",
                   .common = true,
                   .store = store(flags.retain)});
  table.push_back({.name = "topic-sep",
                   .value_name = "TEXT",
                   .kind = FlagKind::Value,
                   .group = kMessage,
                   .doc = "with -l: lines are topic, TEXT, payload, as mqtt-sub -v prints them",
                   .details = "With -l: each line is a topic, TEXT and a payload, as mqtt-sub -v "
                              "--topic-sep TEXT prints them. \\t is a tab.",
                   .store = store(flags.topic_separator)});
  table.push_back(
      {.name = "repeat",
       .value_name = "N",
       .kind = FlagKind::Value,
       .group = kMessage,
       .doc = "publish the message N times",
       .default_text = "1",
       .store = store_number(flags.repeat, 1, std::numeric_limits<std::uint64_t>::max())});
  table.push_back({.name = "repeat-delay",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kMessage,
                   .doc = "with --repeat: pause after the delivery of each message",
                   .default_text = "0",
                   .store = store(flags.repeat_delay)});
}

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
}

}  // namespace

const Program& pub_program() {
  static constexpr Program kProgram{
      .name = "mqtt-pub",
      .summary = "publish messages to an MQTT broker",
      .synopsis =
          "-t TOPIC -m TEXT [OPTION]...\n"
          "-t TOPIC -f FILE [OPTION]...\n"
          "-t TOPIC {-s | -l | -n} [OPTION]...",
      .examples =
          "mqtt-pub -h broker -t house/lamp -m on\n"
          "mqtt-pub -L mqtts://user@broker/house/lamp --prompt -q 1 -m on\n"
          "tail -f app.log | mqtt-pub -t logs/app -l -q 1",
  };
  return kProgram;
}

FlagTable pub_flag_table(PubFlags& flags) {
  FlagTable table;
  append_message_flags(table, flags);
  append_property_flags(table, flags);
  append_run_flags(table, flags);
  append_flags(table, flags.client);
  append_flags(table, flags.client.delivery);
  append_help_flags(table);
  return table;
}

}  // namespace mqtk::pub
