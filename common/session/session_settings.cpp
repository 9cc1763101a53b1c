#include "session/session_settings.hpp"

namespace mqtk {

SessionSettings session_settings(const ClientConfig& config) {
  SessionSettings settings;
  settings.version = config.version;
  settings.client_id = config.client_id;
  settings.clean_start = config.clean_start;
  settings.keep_alive_s = config.keep_alive_s;
  settings.ping_timeout = config.ping_timeout;
  settings.publish_timeout = config.publish_timeout;
  settings.request_timeout = config.timeouts.mqtt;
  settings.max_inflight = config.max_inflight;
  settings.max_packet_size = config.max_packet_size;
  settings.topic_alias_maximum = config.topic_alias_maximum;
  settings.connect_properties = config.connect_properties;
  if (config.will) {
    settings.will =
        SessionSettings::Will{config.will->topic, config.will->payload, config.will->qos,
                              config.will->retain, config.will->properties};
  }
  if (config.session_for_run) {
    if (config.version == wire::ProtocolVersion::V5) {
      const wire::PropertiesView given = config.connect_properties;
      if (!given.find(wire::PropertyId::SessionExpiryInterval)) {
        constexpr std::uint32_t kOneDay = 86'400;
        settings.connect_properties.add(wire::PropertyId::SessionExpiryInterval, kOneDay);
      }
    } else {
      settings.clean_start = false;
    }
  }
  return settings;
}

NegotiatedLimits negotiated(const ServerLimits& limits) {
  NegotiatedLimits out;
  out.keep_alive_s = limits.keep_alive_s;
  out.receive_maximum = limits.receive_maximum;
  out.maximum_qos = limits.maximum_qos;
  out.retain_available = limits.retain_available;
  out.maximum_packet_size = limits.maximum_packet_size;
  out.topic_alias_maximum = limits.topic_alias_maximum;
  out.wildcard_subscriptions = limits.wildcard_subscriptions;
  out.subscription_identifiers = limits.subscription_identifiers;
  out.shared_subscriptions = limits.shared_subscriptions;
  return out;
}

}  // namespace mqtk
