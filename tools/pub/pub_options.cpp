#include "pub/pub_options.hpp"

#include <array>

#include "output/message_format.hpp"
#include "output/terminal_text.hpp"
#include "wire/codec.hpp"
#include "wire/topic.hpp"

namespace mqtk::pub {

namespace {

Unexpected<Error> usage(std::string message, std::string hint = {}) {
  return fail(ErrorKind::Usage, std::move(message), std::move(hint));
}

/// Exactly one of -m -f -s -l -n.
Result<void> choose_input(const PubFlags& flags, PubOptions& options) {
  struct Choice {
    bool given;
    std::string_view spelling;
  };
  const std::array choices{Choice{flags.message.has_value(), "-m"},
                           Choice{flags.file.has_value(), "-f"},
                           Choice{flags.whole_input, "-s"},
                           Choice{flags.lines, "-l"},
                           Choice{flags.empty, "-n"},
                           Choice{flags.records.has_value(), "--from-json"}};
  std::string_view first;
  for (const Choice& choice : choices) {
    if (!choice.given) continue;
    if (!first.empty()) {
      return usage(
          std::string(first) + " and " + std::string(choice.spelling) + " exclude one another",
          "say once where the message comes from");
    }
    first = choice.spelling;
  }
  if (first.empty()) {
    return usage("no message given",
                 "-m TEXT, -f FILE, -s (all of standard input), -l (its lines), -n (empty) or "
                 "--from-json");
  }
  if (flags.message) options.text = *flags.message;
  if (flags.file || flags.whole_input) {
    options.input = Input::File;
    options.file = flags.file.value_or("-");
  }
  if (flags.lines) options.input = Input::Lines;
  if (flags.records) {
    options.input = Input::Records;
    options.file = flags.records->empty() ? "-" : *flags.records;
  } else if (flags.keep_going) {
    return usage("--keep-going: only with --from-json");
  }
  options.keep_going = flags.keep_going;
  return {};
}

/// With records, what they say cannot be said on the command line.
Result<void> check_records(const CommandLine& line, const PubOptions& options) {
  if (options.input != Input::Records) return {};
  for (const std::string_view name :
       {"topic", "qos", "retain", "topic-sep", "repeat", "repeat-delay", "expiry", "content-type",
        "response-topic", "user-property"}) {
    if (line.has(name)) {
      return usage("--" + std::string(name) + " and --from-json exclude one another",
                   "each record says its own; jq changes them");
    }
  }
  if (!options.client.properties.publish.empty()) {
    return usage("--property publish and --from-json exclude one another");
  }
  return {};
}

Result<void> choose_topic(const PubFlags& flags, PubOptions& options) {
  if (flags.records) return {};
  if (flags.topic_separator) {
    if (!flags.lines) return usage("--topic-sep: only with -l");
    if (flags.topic) return usage("-t and --topic-sep exclude one another");
    options.topic_separator = unescape_separator(*flags.topic_separator);
    if (options.topic_separator.empty()) return usage("--topic-sep: is empty");
    return {};
  }
  if (flags.topic) {
    options.topic = *flags.topic;
  } else if (options.client.url_topic) {
    options.topic = *options.client.url_topic;
  } else {
    return usage("no topic given", "-t TOPIC, or as the path of the URL");
  }
  if (const auto fault = wire::check_topic_name(options.topic)) {
    return usage("topic '" + terminal_text(options.topic) + "': " + std::string(fault->what));
  }
  return {};
}

Result<void> collect_properties(const PubFlags& flags, PubOptions& options) {
  using wire::PropertyId;
  wire::Properties& set = options.properties;
  set = options.client.properties.publish;
  if (flags.expiry_s) {
    auto added = add_property(set, PropertyId::MessageExpiryInterval, *flags.expiry_s, "--expiry");
    if (!added) return added;
  }
  if (flags.content_type) {
    auto added = add_property(set, PropertyId::ContentType, *flags.content_type, "--content-type");
    if (!added) return added;
  }
  if (flags.response_topic) {
    if (const auto fault = wire::check_topic_name(*flags.response_topic)) {
      return usage("--response-topic: " + std::string(fault->what));
    }
    auto added =
        add_property(set, PropertyId::ResponseTopic, *flags.response_topic, "--response-topic");
    if (!added) return added;
  }
  for (const std::string& pair : flags.user_properties) {
    auto added = add_user_property(set, pair);
    if (!added) return added;
  }
  return {};
}

Result<void> choose_repetition(const PubFlags& flags, PubOptions& options) {
  if ((flags.repeat || flags.repeat_delay) && flags.lines) {
    return usage("--repeat: not with -l");
  }
  options.repeat = flags.repeat.value_or(1);
  options.repeat_delay = flags.repeat_delay.value_or(0ns);
  return {};
}

}  // namespace

std::uint64_t PubOptions::payload_limit() const {
  const wire::Publish packet{
      .topic = topic,
      .qos = qos,
      .packet_id = static_cast<std::uint16_t>(qos == wire::Qos::AtMostOnce ? 0 : 1),
      .properties = properties};
  // Without a payload the length takes one octet; at the limit it takes four.
  return wire::kMaxPacketSize - (wire::publish_size(packet, client.config.version) + 3);
}

Result<PubOptions> resolve(const PubFlags& flags, const Environment& environment,
                           const CommandLine& line) {
  PubOptions options;
  if (auto chosen = choose_input(flags, options); !chosen) return fail(chosen.error());
  auto client = resolve_client(flags.client, environment,
                               {.id_prefix = "mqttpub-",
                                .reconnect = flags.lines || flags.records.has_value(),
                                .publish_topic = flags.topic ? std::string_view(*flags.topic) : "",
                                .mqtt5_options = line.mqtt5_options});
  if (!client) return fail(client.error());
  options.client = std::move(*client);
  if (auto checked = check_records(line, options); !checked) return fail(checked.error());
  for (auto* step : {choose_topic, collect_properties, choose_repetition}) {
    if (auto done = step(flags, options); !done) return fail(done.error());
  }
  options.qos = flags.qos;
  // Exactly once across reconnections takes a session that outlives them.
  ClientConfig& config = options.client.config;
  const bool records = options.input == Input::Records;
  const bool exactly_once = flags.qos == wire::Qos::ExactlyOnce || records;
  config.session_for_run =
      (flags.lines || records) && exactly_once && config.clean_start && !config.client_id.empty();
  // Before MQTT 5 a broker cannot say how many it takes at a time; mosquitto hangs up beyond 20.
  constexpr std::uint16_t kBrokersUsualWindow = 20;
  const bool told =
      config.version == wire::ProtocolVersion::V5 || flags.client.session.max_inflight.has_value();
  if (exactly_once && !told) config.max_inflight = kBrokersUsualWindow;
  options.retain = flags.retain;
  options.deadline = flags.deadline.value_or(0ns);
  options.verbose = flags.verbose;
  options.trace = flags.client.report.debug;
  if (options.text.size() > options.payload_limit()) {
    return fail(ErrorKind::BadInput, "the message is larger than an MQTT message can be");
  }
  return options;
}

}  // namespace mqtk::pub
