#include "pub/pub_options.hpp"

#include "options/usage_error.hpp"
#include "wire/codec.hpp"
#include "wire/topic.hpp"

namespace mqtk::pub {

namespace {

/// Before MQTT 5 a broker cannot say how many it takes at a time; mosquitto hangs up beyond 20.
constexpr std::uint16_t kBrokersUsualWindow = 20;

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
      return usage_error("--response-topic: " + std::string(fault->what));
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

/// Exactly once across reconnections takes a session that outlives them.
void prepare_session(const PubFlags& flags, PubOptions& options) {
  ClientConfig& config = options.client.config;
  const bool records = options.input == Input::Records;
  const bool stream = records || options.input == Input::Lines;
  const bool exactly_once = flags.qos == wire::Qos::ExactlyOnce || records;
  config.session_for_run =
      stream && exactly_once && config.clean_start && !config.client_id.empty();
  const bool told =
      config.version == wire::ProtocolVersion::V5 || flags.client.session.max_inflight.has_value();
  if (exactly_once && !told) config.max_inflight = kBrokersUsualWindow;
}

/// An outbox goes on with the session of the run before; it is deleted when nothing is left open.
Result<void> prepare_outbox(const PubFlags& flags, PubOptions& options) {
  if (!flags.outbox) return {};
  if (flags.outbox->empty()) return usage_error("--outbox: names no file");
  OutboxOptions& outbox = options.outbox.emplace();
  outbox.path = *flags.outbox;
  outbox.limit = flags.outbox_limit.value_or(outbox.limit);
  outbox.only_accept = flags.outbox_only;
  outbox.status = flags.outbox_status;
  ClientConfig& config = options.client.config;
  config.session_for_run = config.clean_start;
  config.clean_start = false;
  const bool v5 = config.version == wire::ProtocolVersion::V5;
  if (v5 && !wire::PropertiesView(config.connect_properties)
                 .find(wire::PropertyId::SessionExpiryInterval)) {
    config.connect_properties.add(wire::PropertyId::SessionExpiryInterval, kNeverExpires);
  }
  if (!v5 && !flags.client.session.max_inflight) config.max_inflight = kBrokersUsualWindow;
  const bool stream = options.input == Input::Lines || options.input == Input::Records;
  if (stream && !flags.client.reconnect.retry) config.reconnect.retry_first = true;
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
  const bool stream = flags.lines || flags.records.has_value();
  std::vector<std::string> mqtt5_options = line.mqtt5_options;
  if (flags.request.request && !flags.client.session.version) mqtt5_options.push_back("--request");
  auto client = resolve_client(flags.client, environment,
                               {.id_prefix = "mqttpub-",
                                .reconnect = stream || flags.outbox.has_value(),
                                .engines = true,
                                .publish_topic = flags.topic ? std::string_view(*flags.topic) : "",
                                .mqtt5_options = mqtt5_options});
  if (!client) return fail(client.error());
  options.client = std::move(*client);
  if (auto chosen = choose_input(flags, line, options); !chosen) return fail(chosen.error());
  if (auto collected = collect_properties(flags, options); !collected) {
    return fail(collected.error());
  }
  options.qos = flags.qos;
  options.retain = flags.retain || flags.remove_retained;
  options.deadline = flags.deadline.value_or(0ns);
  options.rate = flags.rate.value_or(0);
  const ReportFlags& report = flags.client.report;
  options.publisher = {.client_id = options.client.config.client_id,
                       .disconnect = options.client.disconnect,
                       .verbose = flags.verbose,
                       .progress = !flags.no_progress && !report.quiet && !report.debug,
                       .require_subscriber = flags.require_subscriber};
  if (flags.require_subscriber) {
    if (options.client.config.version != wire::ProtocolVersion::V5) {
      return usage_error("--require-subscriber: only MQTT 5 tells", "add -V 5");
    }
    if (flags.qos == wire::Qos::AtMostOnce && options.input != Input::Records) {
      return usage_error("--require-subscriber: needs an acknowledgement", "add -q 1");
    }
  }
  if (auto chosen = choose_request(flags, line, options); !chosen) return fail(chosen.error());
  prepare_session(flags, options);
  if (auto prepared = prepare_outbox(flags, options); !prepared) return fail(prepared.error());
  if (options.text.size() > options.payload_limit()) {
    return fail(ErrorKind::BadInput, "the message is larger than an MQTT message can be");
  }
  return options;
}

}  // namespace mqtk::pub
