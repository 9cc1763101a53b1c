#include "options/connection_summary.hpp"

#include <nlohmann/json.hpp>

#include "output/terminal_text.hpp"

namespace mqtk {

namespace {

using Json = nlohmann::ordered_json;

double milliseconds(Duration duration) {
  return static_cast<double>(duration / 1us) / 1000.0;
}

Json tls_json(const TlsInfo& tls) {
  Json out;
  out["version"] = tls.version;
  out["cipher"] = tls.cipher;
  if (!tls.alpn.empty()) out["alpn"] = tls.alpn;
  out["verified"] = tls.verified;
  out["session_resumed"] = tls.session_resumed;
  out["client_certificate_requested"] = tls.client_certificate_requested;
  if (!tls.chain.empty()) out["subject"] = tls.chain.front().subject;
  return out;
}

Json websocket_json(const WebSocketConfig& config, const WebSocketInfo& info) {
  Json out;
  const std::size_t query = config.target.find('?');
  out["target"] = config.target.substr(0, query) + (query == std::string::npos ? "" : "?...");
  if (!info.subprotocol.empty()) out["subprotocol"] = info.subprotocol;
  Json names = Json::array();
  for (const HttpHeader& header : config.headers) names.push_back(header.name);
  if (!names.empty()) out["headers"] = std::move(names);
  return out;
}

Json will_json(const WillConfig& will) {
  Json out;
  out["topic"] = will.topic;
  out["size"] = will.payload.size();
  out["qos"] = static_cast<unsigned>(will.qos);
  out["retain"] = will.retain;
  if (const auto delay = will.properties.view().number(wire::PropertyId::WillDelayInterval)) {
    out["delay_s"] = *delay;
  }
  return out;
}

Json limits_json(const NegotiatedLimits& server, const ClientConfig& config) {
  Json out;
  out["keep_alive_s"] = server.keep_alive_s;
  out["receive_maximum"] = server.receive_maximum;
  out["maximum_qos"] = static_cast<unsigned>(server.maximum_qos);
  out["retain_available"] = server.retain_available;
  out["maximum_packet_size"] = server.maximum_packet_size;
  out["topic_alias_maximum"] = server.topic_alias_maximum;
  out["wildcard_subscriptions"] = server.wildcard_subscriptions;
  out["subscription_identifiers"] = server.subscription_identifiers;
  out["shared_subscriptions"] = server.shared_subscriptions;
  out["our_max_inflight"] = config.max_inflight;
  out["our_maximum_packet_size"] = config.max_packet_size;
  return out;
}

Json timeouts_json(const ClientConfig& config) {
  const ConnectTimeouts& timeouts = config.timeouts;
  Json out;
  out["connect"] = milliseconds(timeouts.connect);
  out["resolve"] = milliseconds(timeouts.resolve);
  out["tcp"] = milliseconds(timeouts.tcp);
  out["tls"] = milliseconds(timeouts.tls);
  out["websocket"] = milliseconds(timeouts.websocket);
  out["mqtt"] = milliseconds(timeouts.mqtt);
  out["ping"] = milliseconds(config.ping_timeout);
  out["publish"] = milliseconds(config.publish_timeout);
  return out;
}

Json timings_json(const ConnectTimings& timings) {
  Json out;
  for (int i = 0; i < static_cast<int>(Phase::Count_); ++i) {
    if (timings.phase[i] < 0ns) continue;
    out[std::string(name(static_cast<Phase>(i)))] = milliseconds(timings.phase[i]);
  }
  out["total"] = milliseconds(timings.total);
  return out;
}

Json counts_json(const ClientCounts& counts) {
  Json out;
  out["connections"] = counts.connections;
  out["published"] = counts.published;
  out["acknowledged"] = counts.acknowledged;
  out["failed"] = counts.failed;
  out["received"] = counts.received;
  out["retransmitted"] = counts.retransmitted;
  out["dropped"] = counts.dropped;
  out["unconfirmed"] = counts.unconfirmed;
  // The Paho library keeps them to itself.
  if (counts.bytes_out > 0) {
    out["bytes_in"] = counts.bytes_in;
    out["bytes_out"] = counts.bytes_out;
  }
  return out;
}

Json document(const ConnectionSummary& summary) {
  const ClientConfig& config = *summary.config;
  Json out;
  out["schema"] = "mqtt-toolkit.connection/1";
  out["connected"] = summary.connection != nullptr;
  const Endpoint& endpoint =
      summary.connection != nullptr ? summary.connection->endpoint : config.endpoints.front();
  out["url"] = to_string(endpoint);
  out["protocol"] = std::string(wire::name(config.version));
  out["client_id"] =
      summary.connection != nullptr ? summary.connection->client_id : config.client_id;
  out["client_id_generated"] = config.client_id_generated;
  out["clean_start"] = config.clean_start;
  if (config.proxy) out["proxy"] = host_and_port(config.proxy->host, config.proxy->port);
  if (config.will) out["will"] = will_json(*config.will);
  if (summary.connection != nullptr) {
    const ConnectionInfo& info = *summary.connection;
    out["address"] = info.address;
    out["local_address"] = info.local_address;
    out["session_present"] = info.session_present;
    if (info.tls) out["tls"] = tls_json(*info.tls);
    if (info.websocket) out["websocket"] = websocket_json(config.websocket, *info.websocket);
    out["limits"] = limits_json(info.limits, config);
    out["timings_ms"] = timings_json(info.timings);
  }
  out["timeouts_ms"] = timeouts_json(config);
  out["counts"] = counts_json(summary.counts);
  return out;
}

void append_lines(std::string& out, const std::string& prefix, const Json& value) {
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) {
      append_lines(out, prefix.empty() ? key : prefix + "." + key, member);
    }
    return;
  }
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  out += prefix + ": " + terminal_text(text) + "\n";
}

}  // namespace

std::string summary_json(const ConnectionSummary& summary) {
  return document(summary).dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string summary_text(const ConnectionSummary& summary) {
  std::string out;
  append_lines(out, "", document(summary));
  return out;
}

}  // namespace mqtk
