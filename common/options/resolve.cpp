#include "options/resolve.hpp"

#include <unistd.h>

#include <algorithm>
#include <random>

#include "base/random.hpp"
#include "options/resolve_parts.hpp"
#include "options/secrets.hpp"
#include "options/usage_error.hpp"
#include "wire/utf8.hpp"

namespace mqtk {

namespace {

using wire::PropertyId;
using wire::ProtocolVersion;

/// The first option typed that only MQTT 5 has; empty: none.
std::string mqtt5_option(const ClientFlags& flags, const ResolveInput& input) {
  if (!input.mqtt5_options.empty()) return input.mqtt5_options.front();
  if (!flags.session.properties.empty()) return "--property";
  if (flags.session.session_expiry_s) return "--session-expiry";
  if (flags.will.delay_s) return "--will-delay";
  return {};
}

Result<void> resolve_version(const ClientFlags& flags, const ResolveInput& input,
                             ResolvedClient& out) {
  const std::string option = mqtt5_option(flags, input);
  if (flags.session.version) {
    out.config.version = *flags.session.version;
    if (out.config.version != ProtocolVersion::V5 && !option.empty()) {
      return usage_error(option + " exists in MQTT 5 only, but -V " +
                             std::string(wire::name(out.config.version)) + " was given",
                         "write -V 5, or leave -V out");
    }
  } else if (!option.empty()) {
    out.config.version = ProtocolVersion::V5;
    out.notes.push_back("MQTT 5, because of " + option);
  }
  return {};
}

Result<void> resolve_client_id(const SessionFlags& flags, const ResolveInput& input,
                               ResolvedClient& out) {
  ClientConfig& config = out.config;
  if (flags.id && flags.id_prefix) return usage_error("--id and --id-prefix exclude each other");
  if (flags.id) {
    config.client_id = *flags.id;
  } else if (flags.id_prefix) {
    config.client_id = *flags.id_prefix + std::to_string(::getpid());
  } else {
    config.client_id = generate_client_id(input.id_prefix);
    config.client_id_generated = true;
  }
  if (!wire::is_mqtt_string(config.client_id) || config.client_id.size() > wire::kMaxFieldSize) {
    return usage_error("the client id is no UTF-8 text without NUL of at most 65535 octets");
  }
  if (config.version == ProtocolVersion::V31) {
    if (config.client_id.empty())
      return usage_error("--id: MQTT 3.1 does not allow an empty client id");
    if (config.client_id.size() > 23) {
      out.warnings.emplace_back("MQTT 3.1 allows a client id of 23 characters; this one has " +
                                std::to_string(config.client_id.size()));
    }
  }
  if (flags.no_clean && (config.client_id_generated || config.client_id.empty())) {
    return usage_error("--no-clean needs a client id, by which the broker finds the session",
                       "add -i ID");
  }
  return {};
}

// Moves a number that ClientConfig has a field for out of `set`.
std::optional<std::uint32_t> take_number(wire::Properties& set, PropertyId id) {
  const auto number = set.view().number(id);
  if (!number) return std::nullopt;
  wire::Properties kept;
  for (const wire::Property& property : set.view()) {
    const PropertyId other = property.info->id;
    if (other == id) continue;
    if (property.info->type == wire::PropertyType::Utf8Pair) {
      kept.add_user_property(property.key, property.value);
    } else if (property.info->type <= wire::PropertyType::VarInt) {
      kept.add(other, property.number);
    } else {
      kept.add(other, property.value);
    }
  }
  set = std::move(kept);
  return number;
}

Result<void> resolve_session(const SessionFlags& flags, ResolvedClient& out) {
  ClientConfig& config = out.config;
  config.clean_start = !flags.no_clean;
  config.max_inflight = flags.max_inflight.value_or(config.max_inflight);
  config.resubscribe_always = flags.resubscribe_always.value_or(false);
  out.disconnect = flags.disconnect.value_or(DisconnectMode::Normal);

  wire::Properties& properties = config.connect_properties;
  properties = out.properties.connect;
  config.disconnect_properties = out.properties.disconnect;
  if (flags.session_expiry_s) {
    auto added = add_property(properties, PropertyId::SessionExpiryInterval,
                              *flags.session_expiry_s, "--session-expiry");
    if (!added) return added;
  }
  const auto expiry = properties.view().number(PropertyId::SessionExpiryInterval);
  if (config.version == ProtocolVersion::V5 && flags.no_clean && !expiry) {
    properties.add(PropertyId::SessionExpiryInterval, kNeverExpires);
  }
  if (config.version == ProtocolVersion::V5 && flags.max_inflight &&
      !properties.view().find(PropertyId::ReceiveMaximum)) {
    properties.add(PropertyId::ReceiveMaximum, *flags.max_inflight);
  }
  if (expiry.value_or(0) > 0 && config.client_id_generated) {
    out.warnings.emplace_back(
        "the session is kept, but nobody can resume it: its client id is random (-i names one)");
  }
  if (const auto size = take_number(properties, PropertyId::MaximumPacketSize)) {
    config.max_packet_size = std::min(*size, wire::kMaxPacketSize);
  }
  if (const auto aliases = take_number(properties, PropertyId::TopicAliasMaximum)) {
    config.topic_alias_maximum = static_cast<std::uint16_t>(*aliases);
  }
  return {};
}

std::string password_prompt(const Targets& targets, const std::optional<std::string>& username) {
  const Endpoint& endpoint = targets.endpoints.front();
  std::string where =
      endpoint.scheme == Scheme::Unix ? endpoint.host : host_and_port(endpoint.host, endpoint.port);
  return "Password for " + (username ? *username + " at " : std::string()) + where + ": ";
}

Result<void> resolve_credentials(const CredentialFlags& flags, const Environment& environment,
                                 const Targets& targets, ResolvedClient& out) {
  const int sources = (flags.password ? 1 : 0) + (flags.password_file ? 1 : 0) +
                      (flags.password_command ? 1 : 0) + (flags.prompt ? 1 : 0);
  if (sources > 1) {
    return usage_error(
        "--password, --password-file, --password-command and --prompt exclude each other");
  }
  const int user_sources =
      (flags.username ? 1 : 0) + (flags.username_file ? 1 : 0) + (flags.username_command ? 1 : 0);
  if (user_sources > 1) {
    return usage_error("--username, --username-file and --username-command exclude each other");
  }
  CredentialPlan plan;
  plan.username_file = flags.username_file;
  plan.username_command = flags.username_command;
  if (flags.username) {
    plan.username = flags.username;
  } else if (user_sources == 0) {
    plan.username = targets.username ? targets.username : environment.username;
  }
  if (sources > 0) {
    plan.password = flags.password;
    plan.password_file = flags.password_file;
    plan.password_command = flags.password_command;
  } else {
    plan.password = targets.password ? targets.password : environment.password;
  }
  if (plan.username &&
      (!wire::is_mqtt_string(*plan.username) || plan.username->size() > wire::kMaxFieldSize)) {
    return usage_error("the user name is no UTF-8 text without NUL of at most 65535 octets");
  }
  if (plan.password && plan.password->size() > wire::kMaxFieldSize) {
    return usage_error("the password has more than 65535 octets");
  }
  const bool has_password = plan.password || sources > 0;
  if (has_password && !plan.username && user_sources == 0 &&
      out.config.version != ProtocolVersion::V5) {
    return usage_error("a password without a user name is possible in MQTT 5 only",
                       "add -u USER, or -V 5");
  }
  if (flags.prompt) {
    auto typed = prompt_secret(password_prompt(targets, plan.username));
    if (!typed) return fail(std::move(typed.error()));
    plan.password = std::move(*typed);
  }
  out.config.credentials = make_credential_source(std::move(plan));
  return {};
}

Result<void> resolve_reconnect(const ReconnectFlags& flags, const ResolveInput& input,
                               ReconnectPolicy& out) {
  out.enabled = flags.reconnect.value_or(input.reconnect);
  out.retry_first = flags.retry.has_value();
  if (flags.retry) out.retry_first_for = flags.retry->value_or(Duration(0));
  if (flags.interval) out.minimum = *flags.interval;
  if (flags.max_interval) {
    out.maximum = *flags.max_interval;
    if (out.maximum < out.minimum) {
      if (flags.interval) {
        return usage_error("--reconnect-interval is above --max-reconnect-interval");
      }
      out.minimum = out.maximum;
    }
  }
  out.maximum = std::max(out.maximum, out.minimum);
  return {};
}

Result<void> resolve_connection(const ConnectionFlags& flags, ClientConfig& config) {
  if (flags.bind_address && flags.bind_address->empty())
    return usage_error("--bind: the address is empty");
  config.ip_family = flags.ip_family.value_or(IpFamily::Any);
  config.bind_address = flags.bind_address.value_or("");
  config.tcp_nodelay = flags.nodelay.value_or(true);
  config.keep_alive_s = flags.keep_alive_s.value_or(config.keep_alive_s);
  config.ping_timeout = flags.ping_timeout.value_or(config.ping_timeout);
  config.batch_wakeups = !flags.no_batching;
  ConnectTimeouts& timeouts = config.timeouts;
  timeouts.connect = flags.connect_timeout.value_or(timeouts.connect);
  timeouts.resolve = flags.resolve_timeout.value_or(timeouts.resolve);
  timeouts.tcp = flags.tcp_timeout.value_or(timeouts.tcp);
  timeouts.proxy = flags.proxy_timeout.value_or(timeouts.proxy);
  timeouts.tls = flags.tls_timeout.value_or(timeouts.tls);
  timeouts.websocket = flags.ws_timeout.value_or(timeouts.websocket);
  timeouts.mqtt = flags.mqtt_timeout.value_or(timeouts.mqtt);
  return {};
}

void resolve_delivery(const DeliveryFlags& flags, ClientConfig& config) {
  config.publish_timeout = flags.publish_timeout.value_or(config.publish_timeout);
  config.queue_size = flags.queue_size.value_or(config.queue_size);
  config.when_full = flags.when_full.value_or(config.when_full);
}

Result<void> resolve_engine(const EngineFlags& flags, const Environment& environment,
                            ResolvedClient& out) {
  if (flags.engine) {
    out.engine = *flags.engine;
  } else if (environment.engine) {
    const auto engine = parse_engine(*environment.engine);
    if (!engine) return usage_error("MQTT_TOOLKIT_ENGINE: is neither native nor paho");
    out.engine = *engine;
  }
  if (out.engine == Engine::Paho) out.notes.emplace_back("the paho engine shows no packets");
  return check_engine(out.engine, out.config, out.disconnect);
}

Result<void> resolve_all(const ClientFlags& flags, const Environment& environment,
                         const ResolveInput& input, ResolvedClient& out) {
  if (auto done = resolve_version(flags, input, out); !done) return done;
  auto properties = resolve_properties(flags.session.properties);
  if (!properties) return fail(std::move(properties.error()));
  out.properties = std::move(*properties);

  auto targets = resolve_targets(flags, environment);
  if (!targets) return fail(std::move(targets.error()));
  out.url_topic = targets->topic;
  const std::string_view topic = input.publish_topic.empty() && out.url_topic
                                     ? std::string_view(*out.url_topic)
                                     : input.publish_topic;

  if (auto done = resolve_connection(flags.connection, out.config); !done) return done;
  if (auto done = resolve_transport(flags, environment, *targets, out); !done) return done;
  if (auto done = resolve_client_id(flags.session, input, out); !done) return done;
  if (auto done = resolve_session(flags.session, out); !done) return done;
  if (auto done = resolve_will(flags.will, topic, out); !done) return done;
  if (auto done = resolve_reconnect(flags.reconnect, input, out.config.reconnect); !done)
    return done;
  resolve_delivery(flags.delivery, out.config);
  if (input.engines) {
    if (auto done = resolve_engine(flags.engine, environment, out); !done) return done;
  }
  return resolve_credentials(flags.credentials, environment, *targets, out);
}

}  // namespace

Result<ResolvedClient> resolve_client(const ClientFlags& flags, const Environment& environment,
                                      const ResolveInput& input) {
  ResolvedClient out;
  if (auto done = resolve_all(flags, environment, input, out); !done) {
    return fail(std::move(done.error()));
  }
  return out;
}

std::string generate_client_id(std::string_view prefix, std::size_t size) {
  constexpr std::string_view kAlphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::mt19937_64 source(random_seed());
  std::uniform_int_distribution<std::size_t> pick(0, kAlphabet.size() - 1);
  std::string id(prefix);
  const std::size_t target = std::max(size, prefix.size() + 8);
  while (id.size() < target) id.push_back(kAlphabet[pick(source)]);
  return id;
}

}  // namespace mqtk
