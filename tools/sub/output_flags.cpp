#include "sub/sub_flags.hpp"

namespace mqtk::sub {

namespace {

constexpr std::string_view kOutput = "Output";
constexpr std::string_view kPayload = "Looking into payloads";
constexpr std::string_view kActions = "What else is done with messages";

void append_payload_flags(FlagTable& table, SubFlags& flags) {
  table.push_back(
      {.name = "wire-encoding",
       .value_name = "ENCODING",
       .kind = FlagKind::Value,
       .group = kPayload,
       .doc = "what payloads travel as: raw, hex or base64; they are decoded first of all",
       .details =
           "What payloads travel as. They are decoded before anything else is done with them, so "
           "that --where, --decode, --exec and --record have the octets. White space is passed "
           "over. A message whose payload is not in that encoding is told on stderr and not shown. "
           "It is what mqtt-pub --wire-encoding sends.",
       .default_text = "raw",
       .choices = kEncodingNames,
       .store = store_encoding(flags.wire_encoding)});
  table.push_back(
      {.name = "decode",
       .value_name = "DECODER",
       .kind = FlagKind::Value,
       .group = kPayload,
       .doc = "show payloads decoded: auto, json, cbor, msgpack, sparkplug, hex or raw",
       .details =
           "Show payloads decoded, with the decoder that was used in brackets before each. auto "
           "goes by the topic (Sparkplug B: spBv1.0/...), by the content type of MQTT 5, and by "
           "what the payload is: JSON, other text, a list or map of CBOR or MessagePack, else "
           "hex. On a terminal JSON is indented and coloured; its digits, order of keys and "
           "escapes stay as they came. A payload that the decoder does not fit is shown raw, "
           "with the reason. With --json, records get the keys decoder and decoded.",
       .choices = kDecoderNames,
       .common = true,
       .store = store_choice(flags.decoder, kDecoderNames,
                             {Decoder::Auto, Decoder::Json, Decoder::Cbor, Decoder::Msgpack,
                              Decoder::Sparkplug, Decoder::Hex, Decoder::Raw})});
  table.push_back(
      {.name = "select",
       .value_name = "PATH",
       .kind = FlagKind::List,
       .group = kPayload,
       .doc = "print only this part of the payload: .a.b[0] or /a/b/0",
       .details =
           "Print only what stands at PATH in the decoded payload (see --decode; auto when that "
           "is not given): .a.b[0], .[\"odd key\"], /a/b/0, or . for the whole. Strings are "
           "printed without quotes, everything else as it is written. Given several times, the "
           "values stand in one line with tabs between them. Messages that have none of them "
           "are not shown.",
       .common = true,
       .store = store(flags.select)});
  table.push_back({.name = "limit",
                   .value_name = "SIZE",
                   .kind = FlagKind::Value,
                   .group = kPayload,
                   .doc = "show at most so much of a payload, and say so; 0 for all of it",
                   .default_text = "64KiB on a terminal, else all",
                   .store = store_size(flags.limit)});
}

constexpr std::string_view kFormatDetails =
    "Print each message as FORMAT says. %t topic, %p payload, %x and %X payload in hex, %f and %d "
    "payload as a float or double of this machine, %l its length, %q QoS, %r retain flag, %m "
    "packet identifier, %I time, %U seconds since 1970, %j and %J JSON with the payload as a "
    "string "
    "or embedded; of MQTT 5 %A topic alias, %C content type, %D correlation data, %E expiry "
    "interval, %F payload format, %P user properties, %R response topic, %S subscription "
    "identifier; %% a percent sign. Between % and the letter may stand - (to the left), 0 (zeros), "
    "a width, .PRECISION and a separator for %x: %.2:x. @ and a letter is the time as strftime has "
    "it, @N nanoseconds; \\n \\t \\0 \\e and others are characters.";

Store store_removal(std::optional<std::string>& target) {
  return [&target](std::string_view value) -> std::optional<std::string> {
    if (!value.empty() && value != "yes") return "'" + std::string(value) + "' is not yes";
    target = value;
    return std::nullopt;
  };
}

}  // namespace

void append_output_flags(FlagTable& table, SubFlags& flags) {
  table.push_back({.letter = 'v',
                   .name = "verbose",
                   .group = kOutput,
                   .doc = "print the topic before each payload",
                   .common = true,
                   .store = store(flags.show_topic)});
  table.push_back({.name = "topic-sep",
                   .value_name = "TEXT",
                   .kind = FlagKind::Value,
                   .group = kOutput,
                   .doc = "with -v: what stands between topic and payload; \\t is a tab",
                   .default_text = "a space",
                   .store = store(flags.topic_separator)});
  table.push_back({.letter = 'F',
                   .name = "format",
                   .value_name = "FORMAT",
                   .kind = FlagKind::Value,
                   .group = kOutput,
                   .doc = "print each message as FORMAT says: %t topic, %p payload, %j JSON, ...",
                   .details = kFormatDetails,
                   .store = store(flags.format)});
  table.push_back({.name = "pretty",
                   .group = kOutput,
                   .doc = "with %j and %J of -F: JSON over several lines",
                   .store = store(flags.pretty)});
  table.push_back({.letter = 'N',
                   .name = "no-newline",
                   .group = kOutput,
                   .doc = "print no newline after each message",
                   .store = store(flags.no_newline)});
  table.push_back({.letter = '0',
                   .name = "null",
                   .group = kOutput,
                   .doc = "end each message with a NUL instead of a newline",
                   .store = store(flags.null_ends)});
  table.push_back({.name = "json",
                   .group = kOutput,
                   .doc = "print each message as one line of JSON, with time, flags, properties",
                   .details =
                       "Print each message as one line of JSON: time, topic, payload, size, QoS, "
                       "retain flag and properties. A payload that is not UTF-8 is in "
                       "payload_base64 instead of payload. With MQTT 5 the retain flag is as the "
                       "publisher has set it.",
                   .store = store(flags.json)});
  table.push_back({.letter = 'w',
                   .name = "watch",
                   .group = kOutput,
                   .doc = "a line of the screen for each topic",
                   .hidden = true,
                   .store = store(flags.watch)});
  table.push_back({.name = "message-rate",
                   .group = kOutput,
                   .doc = "print messages per second instead of messages",
                   .hidden = true,
                   .store = store(flags.message_rate)});
  append_payload_flags(table, flags);
}

void append_action_flags(FlagTable& table, SubFlags& flags) {
  table.push_back(
      {.name = "record",
       .value_name = "FILE",
       .kind = FlagKind::Value,
       .group = kActions,
       .doc = "append messages to FILE as JSON records (see --json)",
       .details =
           "Append messages to FILE as JSON records, as --json prints them; mqtt-pub --from-json "
           "plays them back. Then nothing is printed unless an option of the output asks for it "
           "(-v, --json, -F, --decode, ...). SIGHUP closes FILE and opens it again under its "
           "name, as programs that rotate logs want it; under nohup as well.",
       .completion = Completion::File,
       .store = store(flags.record)});
  table.push_back({.name = "record-size",
                   .value_name = "SIZE",
                   .kind = FlagKind::Value,
                   .group = kActions,
                   .doc = "begin a new file at that size; the old ones are FILE.1, FILE.2, ...",
                   .store = store_size(flags.record_size, 1)});
  table.push_back({.name = "record-keep",
                   .value_name = "N",
                   .kind = FlagKind::Value,
                   .group = kActions,
                   .doc = "how many old files --record-size leaves",
                   .default_text = "9",
                   .store = store_number(flags.record_keep, 1, 999)});
  table.push_back(
      {.name = "exec",
       .value_name = "PROGRAM",
       .kind = FlagKind::Value,
       .group = kActions,
       .doc = "run PROGRAM for each message; its arguments follow after --",
       .details =
           "Run PROGRAM, without a shell, for each message instead of printing it; its arguments "
           "follow at the end of the command line after --. The payload is its standard input, "
           "and its environment has MQTT_TOPIC, MQTT_QOS, MQTT_RETAIN (0 or 1), MQTT_SIZE, "
           "MQTT_TIME, for QoS 1 and 2 MQTT_MID, and where the message has them MQTT_DUP, "
           "MQTT_CONTENT_TYPE, MQTT_RESPONSE_TOPIC and MQTT_CORRELATION_DATA (base64). While "
           "--jobs of them run, no more messages are taken from the broker. Programs that fail "
           "are told and counted; the exit status is then 1.",
       .completion = Completion::File,
       .store = store(flags.exec)});
  table.push_back({.name = "jobs",
                   .value_name = "N",
                   .kind = FlagKind::Value,
                   .group = kActions,
                   .doc = "how many programs of --exec may run at once",
                   .default_text = "1",
                   .store = store_number(flags.jobs, 1, 1024)});
  table.push_back({.name = "exec-fail",
                   .value_name = "WHAT",
                   .kind = FlagKind::Value,
                   .group = kActions,
                   .doc = "what a failed program of --exec means: continue or stop",
                   .default_text = "continue",
                   .choices = "continue stop",
                   .store = store_choice(flags.exec_stop, "continue stop", {false, true})});
  table.push_back(
      {.name = "remove-retained",
       .value_name = "yes",
       .kind = FlagKind::OptionalValue,
       .group = kActions,
       .doc = "say which retained messages would be removed; with =yes remove them",
       .details =
           "Show the retained messages and say how many would be removed; with "
           "--remove-retained=yes remove each by publishing an empty retained message of QoS 1 to "
           "its topic, and wait until the broker has acknowledged. Ends as --retained-only does. "
           "-T and --where choose which ones.",
       .choices = "yes",
       .store = store_removal(flags.remove_retained)});
}

void append_exec_argument(FlagTable& table, SubFlags& flags) {
  table.push_back({.name = "exec-argument",
                   .value_name = "ARGUMENT",
                   .kind = FlagKind::List,
                   .group = kActions,
                   .doc = "an argument for the program of --exec",
                   .hidden = true,
                   .operand = [](std::string_view) { return true; },
                   .store = store(flags.exec_arguments)});
}

}  // namespace mqtk::sub
