#include "options/client_flags.hpp"
#include "options/command_line.hpp"
#include "options/property_options.hpp"

namespace mqtk {

namespace {

constexpr std::string_view kSession = "Session";
constexpr std::string_view kWill = "Will and birth message";
constexpr std::string_view kReconnecting = "Reconnecting";
constexpr std::string_view kDelivery = "Delivery";
constexpr std::string_view kDiagnostics = "Diagnostics";

}  // namespace

Store store_protocol_version(std::optional<wire::ProtocolVersion>& target) {
  using wire::ProtocolVersion;
  return [&target](std::string_view value) {
    std::optional<std::string> complaint;
    if (value == "5" || value == "5.0" || value == "mqttv5") {
      target = ProtocolVersion::V5;
    } else if (value == "3.1.1" || value == "311" || value == "mqttv311" || value == "4") {
      target = ProtocolVersion::V311;
    } else if (value == "3.1" || value == "31" || value == "mqttv31" || value == "3") {
      target = ProtocolVersion::V31;
    } else {
      complaint = "'" + std::string(value) + "' is no MQTT version (3.1, 3.1.1 or 5)";
    }
    return complaint;
  };
}

Store store_expiry(std::optional<std::uint32_t>& target, bool never_allowed) {
  return [&target, never_allowed](std::string_view value) {
    std::optional<std::string> complaint;
    Duration duration(0);
    if (never_allowed && (value == "never" || value == "-1")) {
      target = kNeverExpires;
    } else if (!store(duration)(value) && duration % 1s == 0ns && duration / 1s <= kNeverExpires) {
      target = static_cast<std::uint32_t>(duration / 1s);
    } else {
      complaint = "'" + std::string(value) + "' is no time of 0 to 4294967295 whole seconds" +
                  (never_allowed ? " and not 'never'" : "");
    }
    return complaint;
  };
}

void append_flags(FlagTable& table, SessionFlags& flags) {
  table.push_back(
      {.letter = 'i',
       .name = "id",
       .value_name = "ID",
       .kind = FlagKind::Value,
       .group = kSession,
       .doc = "client id; an empty one lets the broker choose",
       .details =
           "The client id. Without it one is made up of the program's name and random characters, "
           "21 in all. An empty one lets the broker choose.",
       .common = true,
       .store = store(flags.id)});
  table.push_back({.letter = 'I',
                   .name = "id-prefix",
                   .value_name = "PREFIX",
                   .kind = FlagKind::Value,
                   .group = kSession,
                   .doc = "client id made of this and the process id",
                   .store = store(flags.id_prefix)});
  table.push_back(
      {.letter = 'c',
       .name = "no-clean",
       .aliases = "disable-clean-session",
       .group = kSession,
       .doc = "keep the session: resume the stored one, let the broker store it (needs -i)",
       .details =
           "Resume the session that the broker stored for this client id, and have it stored again "
           "at the end: subscriptions, and messages of QoS 1 and 2 that come in between. Needs "
           "-i. With MQTT 5 the session is kept for ever unless -x says how long.",
       .store = store(flags.no_clean)});
  table.push_back(
      {.letter = 'x',
       .name = "session-expiry",
       .value_name = "SECONDS",
       .kind = FlagKind::Value,
       .group = kSession,
       .doc = "how long the broker keeps the session after the connection, or 'never' expires",
       .default_text = "0, with -c never",
       .mqtt5 = true,
       .store = store_expiry(flags.session_expiry_s)});
  table.push_back(
      {.letter = 'V',
       .name = "protocol-version",
       .value_name = "VERSION",
       .kind = FlagKind::Value,
       .group = kSession,
       .doc = "MQTT version: 3.1, 3.1.1 or 5",
       .details =
           "The version of MQTT: 3.1 (also 31, mqttv31), 3.1.1 (311, mqttv311) or 5 (mqttv5). "
           "Version 5 is implied by the options that only it has.",
       .default_text = "3.1.1",
       .choices = "3.1 3.1.1 5",
       .common = true,
       .store = store_protocol_version(flags.version)});
  table.push_back(
      {.letter = 'D',
       .name = "property",
       .value_name = "PACKET NAME VALUE",
       .kind = FlagKind::Words,
       .group = kSession,
       .doc = "MQTT 5 property, such as -D publish content-type text/plain",
       .details =
           "A property of MQTT 5. PACKET is connect, publish, subscribe, unsubscribe, disconnect "
           "or will; NAME as in the specification, with dashes. user-property takes two words, "
           "its name and its value. May be given several times.",
       .mqtt5 = true,
       .secret = Secret::Property,
       .words = property_word_count,
       .store = store_words(flags.properties)});
  table.push_back({.letter = 'M',
                   .name = "max-inflight",
                   .value_name = "N",
                   .kind = FlagKind::Value,
                   .group = kSession,
                   .doc = "how many messages of QoS 1 and 2 may wait for their acknowledgement",
                   .details =
                       "How many messages of QoS 1 and 2 may wait for their acknowledgement. With "
                       "MQTT 5 it also limits what the broker sends (receive maximum).",
                   .default_text = "100",
                   .store = store_number(flags.max_inflight, 1, 65535)});
  table.push_back(
      {.name = "resubscribe",
       .value_name = "WHEN",
       .kind = FlagKind::Value,
       .group = kSession,
       .doc = "subscribe again on reconnection: always, or auto: unless the session was kept",
       .default_text = "auto",
       .choices = "auto always",
       .store =
           store_choice(flags.resubscribe_always, "auto always", std::vector<bool>{false, true})});
  table.push_back(
      {.name = "disconnect",
       .value_name = "HOW",
       .kind = FlagKind::Value,
       .group = kSession,
       .doc = "how to end: normal, with-will, or abrupt: without a word",
       .details =
           "How the connection ends: normal sends DISCONNECT; with-will has the broker publish the "
           "will (MQTT 5; before, as abrupt); abrupt closes the connection without a word.",
       .default_text = "normal",
       .choices = "normal with-will abrupt",
       .store = store_choice(
           flags.disconnect, "normal with-will abrupt",
           {DisconnectMode::Normal, DisconnectMode::WithWill, DisconnectMode::Abrupt})});
}

void append_flags(FlagTable& table, WillFlags& flags) {
  table.push_back(
      {.name = "will-topic",
       .value_name = "TOPIC",
       .kind = FlagKind::Value,
       .group = kWill,
       .doc = "topic of the will, which the broker publishes when we vanish",
       .details =
           "Topic of the will, a message that the broker publishes when the connection ends "
           "without "
           "DISCONNECT. When there is a payload but no topic, it is the topic that is published "
           "to with $will appended.",
       .store = store(flags.topic)});
  table.push_back({.name = "will-payload",
                   .value_name = "TEXT",
                   .kind = FlagKind::Value,
                   .group = kWill,
                   .doc = "payload of the will",
                   .store = store(flags.payload)});
  table.push_back({.name = "will-file",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kWill,
                   .doc = "file with the payload of the will",
                   .completion = Completion::File,
                   .store = store(flags.file)});
  table.push_back({.name = "will-base64",
                   .value_name = "TEXT",
                   .kind = FlagKind::Value,
                   .group = kWill,
                   .doc = "payload of the will in base64, decoded before it is sent",
                   .store = store(flags.base64)});
  table.push_back({.name = "will-qos",
                   .value_name = "QOS",
                   .kind = FlagKind::Value,
                   .group = kWill,
                   .doc = "QoS of the will",
                   .default_text = "0",
                   .choices = "0 1 2",
                   .store = store_number(flags.qos, 0, 2)});
  table.push_back({.name = "will-retain",
                   .group = kWill,
                   .doc = "have the broker retain the will",
                   .store = store(flags.retain)});
  table.push_back({.name = "will-delay",
                   .value_name = "SECONDS",
                   .kind = FlagKind::Value,
                   .group = kWill,
                   .doc = "how long the broker waits before it publishes the will",
                   .default_text = "0",
                   .mqtt5 = true,
                   .store = store_expiry(flags.delay_s, false)});
  table.push_back({.name = "birth-topic",
                   .value_name = "TOPIC",
                   .kind = FlagKind::Value,
                   .group = kWill,
                   .doc = "topic of a message that is published after each connection",
                   .store = store(flags.birth_topic)});
  table.push_back({.name = "birth-payload",
                   .value_name = "TEXT",
                   .kind = FlagKind::Value,
                   .group = kWill,
                   .doc = "payload of the birth message",
                   .store = store(flags.birth_payload)});
  table.push_back({.name = "birth-qos",
                   .value_name = "QOS",
                   .kind = FlagKind::Value,
                   .group = kWill,
                   .doc = "QoS of the birth message",
                   .default_text = "0",
                   .choices = "0 1 2",
                   .store = store_number(flags.birth_qos, 0, 2)});
  table.push_back({.name = "birth-retain",
                   .group = kWill,
                   .doc = "have the broker retain the birth message",
                   .store = store(flags.birth_retain)});
}

void append_flags(FlagTable& table, ReconnectFlags& flags) {
  table.push_back(
      {.name = "retry",
       .value_name = "DURATION",
       .kind = FlagKind::OptionalValue,
       .group = kReconnecting,
       .doc = "keep trying when the first connection fails, for ever or so long",
       .details =
           "Keep trying when the first connection cannot be made: without a limit, or for the "
           "DURATION. Without this option there is one try over all addresses.",
       .store = store(flags.retry)});
  table.push_back({.name = "reconnect",
                   .group = kReconnecting,
                   .doc = "connect again when a connection is lost",
                   .store = store(flags.reconnect, true)});
  table.push_back({.name = "no-reconnect",
                   .group = kReconnecting,
                   .doc = "end with an error when a connection is lost",
                   .store = store(flags.reconnect, false)});
  table.push_back({.name = "reconnect-interval",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kReconnecting,
                   .doc = "wait before the next attempt; doubles each time, 0 for none",
                   .default_text = "1s",
                   .store = store(flags.interval)});
  table.push_back({.name = "max-reconnect-interval",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kReconnecting,
                   .doc = "the longest wait before the next attempt",
                   .default_text = "60s",
                   .store = store(flags.max_interval)});
}

void append_flags(FlagTable& table, DeliveryFlags& flags) {
  table.push_back({.name = "publish-timeout",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kDelivery,
                   .doc = "how long a message may stay unacknowledged while connected, 0 for ever",
                   .default_text = "30s",
                   .store = store(flags.publish_timeout)});
  table.push_back({.name = "queue-size",
                   .value_name = "N",
                   .kind = FlagKind::Value,
                   .group = kDelivery,
                   .doc = "how many messages of QoS 1 and 2 are accepted while not connected",
                   .default_text = "100",
                   .store = store_number(flags.queue_size, 0, 100'000'000)});
  table.push_back(
      {.name = "when-full",
       .value_name = "WHAT",
       .kind = FlagKind::Value,
       .group = kDelivery,
       .doc = "what happens when the queue is full: block, drop-oldest or error",
       .details =
           "What happens when the queue is full: block lets the input wait; drop-oldest throws the "
           "oldest message away; error ends the program.",
       .default_text = "block",
       .choices = "block drop-oldest error",
       .store = store_choice(flags.when_full, "block drop-oldest error",
                             {WhenFull::Block, WhenFull::DropOldest, WhenFull::Error})});
}

void append_flags(FlagTable& table, ReportFlags& flags) {
  table.push_back({.letter = 'd',
                   .name = "debug",
                   .group = kDiagnostics,
                   .doc = "show on stderr what happens",
                   .common = true,
                   .store = store(flags.debug)});
  table.push_back({.name = "trace",
                   .value_name = "hex",
                   .kind = FlagKind::OptionalValue,
                   .group = kDiagnostics,
                   .doc = "show every packet on stderr with all its fields, with =hex its octets",
                   .details =
                       "Show every packet on stderr with all its fields and properties; with "
                       "--trace=hex each field has its octets beside it. Passwords and "
                       "authentication data are masked.",
                   .choices = "hex",
                   .store = [&flags](std::string_view value) -> std::optional<std::string> {
                     if (!value.empty() && value != "hex") {
                       return "'" + std::string(value) + "' is not hex";
                     }
                     flags.trace = value.empty() ? TraceForm::Fields : TraceForm::Hex;
                     return std::nullopt;
                   }});
  table.push_back(
      {.name = "summary",
       .value_name = "FORM",
       .kind = FlagKind::Value,
       .group = kDiagnostics,
       .doc = "say on stderr at the end how the connection was made: json or text",
       .details = "Say on stderr at the end, as one line of JSON or as text, how the "
                  "connection was made: address, protocol, client id, session, TLS, will, "
                  "the limits of both sides, time-outs, timings and counts. Of headers only "
                  "the names are shown, of credentials nothing.",
       .choices = "json text",
       .store = store_choice(flags.summary, "json text", {SummaryForm::Json, SummaryForm::Text})});
  table.push_back({.name = "quiet",
                   .group = kDiagnostics,
                   .doc = "say nothing on stderr but what is wrong with the options",
                   .store = store(flags.quiet)});
  table.push_back({.name = "color",
                   .aliases = "colour",
                   .value_name = "WHEN",
                   .kind = FlagKind::Value,
                   .group = kDiagnostics,
                   .doc = "colour: auto, always or never",
                   .default_text = "auto",
                   .choices = "auto always never",
                   .store = store_choice(flags.color, "auto always never",
                                         {ColorMode::Auto, ColorMode::Always, ColorMode::Never})});
}

void append_flags(FlagTable& table, ClientFlags& flags) {
  append_flags(table, flags.connection);
  append_flags(table, flags.credentials);
  append_flags(table, flags.tls);
  append_flags(table, flags.websocket);
  append_flags(table, flags.session);
  append_flags(table, flags.will);
  append_flags(table, flags.reconnect);
  append_flags(table, flags.report);
  append_profile_flags(table);
}

}  // namespace mqtk
