// The options that say what is published.
#include <limits>

#include "base/units.hpp"
#include "pub/pub_flags.hpp"

namespace mqtk::pub {

namespace {

constexpr std::string_view kMessage = "Message";
constexpr std::string_view kStream = "Streams of messages";

/// original, max, or a factor such as 10x.
Store store_pace(std::optional<double>& target) {
  return [&target](std::string_view text) -> std::optional<std::string> {
    if (text == "original" || text == "max") {
      target = text == "max" ? 0 : 1;
      return std::nullopt;
    }
    if (text.ends_with('x')) text.remove_suffix(1);
    const auto factor = parse_rate(text);
    if (!factor || *factor <= 0) return "is neither original nor max nor a factor such as 10x";
    target = *factor;
    return std::nullopt;
  };
}

/// Nothing, or a number from 1.
Store store_rounds(std::optional<std::optional<std::uint64_t>>& target) {
  return [&target](std::string_view text) -> std::optional<std::string> {
    target.emplace();
    if (text.empty()) return std::nullopt;
    *target = parse_number(text, 1, std::numeric_limits<std::uint64_t>::max());
    if (!*target) return "is not a number from 1";
    return std::nullopt;
  };
}

Store store_positive_rate(std::optional<double>& target) {
  return [&target, inner = store_rate(target)](std::string_view text) {
    auto wrong = inner(text);
    constexpr double kSlowest = 1e-6;
    if (!wrong && *target < kSlowest) wrong = "is no rate: give messages a second, such as 100/s";
    return wrong;
  };
}

std::size_t two_words(std::span<const std::string_view>) {
  return 2;
}

}  // namespace

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
                   .kind = FlagKind::List,
                   .group = kMessage,
                   .doc = "publish the content of FILE as one message; may be given several times",
                   .details = "Publish the content of FILE as one message; given several times, "
                              "one message a file, in order. FILE may be a pipe or a process "
                              "substitution; - is standard input.",
                   .completion = Completion::File,
                   .common = true,
                   .store = store(flags.files)});
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
  table.push_back(
      {.name = "repeat",
       .aliases = "count",
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
  table.push_back(
      {.name = "remove-retained",
       .group = kMessage,
       .doc = "clear the retained message of the topic; with -l, of every topic in a line",
       .details = "Clear the retained message of the topic, as -r -n does. With -l every "
                  "line of standard input is such a topic.",
       .store = store(flags.remove_retained)});
  table.push_back({.name = "template",
                   .group = kMessage,
                   .doc = "fill in {n}, {uuid}, {time} and others in -t and -m",
                   .details =
                       "Placeholders in -t and -m are filled in anew for every message: {n} "
                       "its number from 1, {uuid}, {random} (8 hexadecimal digits; both are the "
                       "same wherever they stand in one message), {time} "
                       "(UTC, with microseconds), {ts} (seconds since 1970), {ms} (the same "
                       "in milliseconds), {host}, {id} (the client id), {file} (the name of "
                       "the -f file without folders) and those of --var. {{ and }} are "
                       "braces. Standard input, files and records are sent as they are.",
                   .store = store(flags.templates)});
  table.push_back({.name = "var",
                   .value_name = "NAME=VALUE",
                   .kind = FlagKind::List,
                   .group = kMessage,
                   .doc = "with --template: what {NAME} stands for; may be given several times",
                   .store = store(flags.variables)});
  table.push_back({.name = "input-encoding",
                   .value_name = "ENCODING",
                   .kind = FlagKind::Value,
                   .group = kMessage,
                   .doc = "what -m, -f, -s and -l bring is text in this encoding of the payload",
                   .details = "What -m, -f, -s and the lines of -l bring is the payload in this "
                              "encoding: it is decoded before it is sent. White space is passed "
                              "over.",
                   .default_text = "raw",
                   .choices = kEncodingNames,
                   .store = store_encoding(flags.input_encoding)});
  table.push_back(
      {.name = "wire-encoding",
       .value_name = "ENCODING",
       .kind = FlagKind::Value,
       .group = kMessage,
       .doc = "encode payloads for the way to the subscriber, which has to decode them",
       .details =
           "Send payloads as text in this encoding, for brokers and programs on the way that take "
           "nothing else. mqtt-sub with the same option shows them as they were.",
       .default_text = "raw",
       .choices = kEncodingNames,
       .store = store_encoding(flags.wire_encoding)});
}

void append_stream_flags(FlagTable& table, PubFlags& flags) {
  table.push_back(
      {.name = "from-json",
       .value_name = "FILE",
       .kind = FlagKind::OptionalValue,
       .group = kStream,
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
       .group = kStream,
       .doc = "with --from-json: pass over lines that are no records, and say so at the end",
       .store = store(flags.keep_going)});
  table.push_back({.name = "pace",
                   .value_name = "PACE",
                   .kind = FlagKind::Value,
                   .group = kStream,
                   .doc = "with --from-json: original timing, a multiple such as 10x, or max",
                   .details = "With --from-json: when each record is published. original keeps the "
                              "gaps between the times at which they were received, 10x is ten "
                              "times as fast, 0.5x half as fast, max does not wait.",
                   .default_text = "max",
                   .store = store_pace(flags.pace)});
  table.push_back({.name = "loop",
                   .value_name = "N",
                   .kind = FlagKind::OptionalValue,
                   .group = kStream,
                   .doc = "with --from-json FILE: N times, or for ever",
                   .store = store_rounds(flags.loop)});
  table.push_back({.name = "rewrite",
                   .value_name = "FROM TO",
                   .kind = FlagKind::Words,
                   .group = kStream,
                   .doc = "publish messages whose topic matches FROM to TO instead",
                   .details = "With --from-json, or -l with --topic-sep: a message whose topic "
                              "matches the filter FROM goes to TO, in which each + stands for what "
                              "the + of FROM at the same count matched, and # for what # matched. "
                              "Given several times, the first that matches decides.",
                   .words = two_words,
                   .store = store_words(flags.rewrites)});
  table.push_back({.name = "topic-sep",
                   .value_name = "TEXT",
                   .kind = FlagKind::Value,
                   .group = kStream,
                   .doc = "with -l: lines are topic, TEXT, payload, as mqtt-sub -v prints them",
                   .details = "With -l: each line is a topic, TEXT and a payload, as mqtt-sub -v "
                              "--topic-sep TEXT prints them. \\t is a tab.",
                   .store = store(flags.topic_separator)});
  table.push_back({.letter = '0',
                   .name = "null",
                   .group = kStream,
                   .doc = "with -l: messages end with NUL, not with a newline",
                   .details = "With -l: what ends a message is a NUL, not a newline, so that a "
                              "message may hold lines: what mqtt-sub -0 and find -print0 write.",
                   .store = store(flags.nul_lines)});
  table.push_back({.name = "rate",
                   .value_name = "RATE",
                   .kind = FlagKind::Value,
                   .group = kStream,
                   .doc = "at most so many messages a second, evenly: 100/s, 5k/s, 10/m",
                   .default_text = "none",
                   .store = store_positive_rate(flags.rate)});
}

}  // namespace mqtk::pub
