#include "inspect/connect/variants.hpp"

#include <algorithm>

#include "inspect/connect/address_check.hpp"
#include "options/resolve.hpp"

namespace mqtk::inspect {

namespace {

using wire::ProtocolVersion;

class RuleBook {
 public:
  RuleBook(const ClientConfig& config, const Error& error, const AttemptReport& attempt)
      : config_(config), cause_(error.cause), attempt_(attempt) {
    endpoint_ = attempt.endpoint;
  }

  std::vector<Variant> apply() {
    const bool ended = cause_ == Cause::TcpReset || cause_ == Cause::TcpClosed;
    if (ended && attempt_.phase == Phase::Tls) cause_ = Cause::TlsNotTls;
    if (ended && attempt_.phase == Phase::WebSocket) cause_ = Cause::WsHandshake;
    switch (cause_) {
      case Cause::TcpRefused:
      case Cause::TcpTimeout:
      case Cause::TcpUnreachable:
        other_port();
        break;
      case Cause::TlsNotTls:
      case Cause::TlsHandshake:
      case Cause::TlsTimeout:
      case Cause::TlsAlpn:
        without_tls();
        websocket();
        break;
      case Cause::WsStatus:
      case Cause::WsHandshake:
      case Cause::WsNotMqtt:
      case Cause::WsTimeout:
      case Cause::WsClosed:
      case Cause::WsProtocol:
        without_websocket();
        with_tls();
        other_paths();
        break;
      case Cause::MqttVersion:
      case Cause::MqttProtocol:
      case Cause::MqttMalformed:
        other_versions();
        break;
      case Cause::MqttClientId:
        own_id();
        other_versions();
        break;
      case Cause::MqttRefused:
        own_id();
        other_versions();
        break;
      case Cause::MqttNotMqtt:
      case Cause::MqttTlsExpected:
        with_tls();
        websocket();
        break;
      case Cause::MqttClosedAfterConnect:
      case Cause::MqttNoAnswer:
      case Cause::TcpClosed:
      case Cause::TcpReset:
      case Cause::MqttLost:
        with_tls();
        other_versions();
        websocket();
        other_addresses();
        if (config_.client_id.empty() || !config_.client_id_generated) own_id();
        break;
      default:
        break;
    }
    return std::move(out_);
  }

 private:
  ClientConfig changed() const {
    ClientConfig config = config_;
    config.endpoints = {endpoint_};
    config.endpoint_source = nullptr;
    config.service_records = false;
    config.client_id = generate_client_id("mqttinspect-");
    config.client_id_generated = true;
    config.clean_start = true;
    return config;
  }

  void add(std::string change, std::string option, ClientConfig config) {
    if (out_.size() < kMaxVariants) {
      out_.push_back({std::move(change), std::move(option), std::move(config)});
    }
  }

  void with_scheme(Scheme scheme, std::uint16_t port, const std::string& change) {
    ClientConfig config = changed();
    config.endpoints[0].scheme = scheme;
    config.endpoints[0].port = port;
    const bool loses_tls = endpoint_.uses_tls() && !config.endpoints[0].uses_tls();
    if (loses_tls) config.credentials = nullptr;
    std::string url = to_string(config.endpoints[0]);
    if (config.endpoints[0].uses_websocket()) url += config.websocket.target;
    const bool without = loses_tls && config_.credentials;
    add(change + (without ? ", without credentials" : ""), "-L " + url, std::move(config));
  }

  void with_tls() {
    if (endpoint_.scheme == Scheme::Mqtt) with_scheme(Scheme::Mqtts, endpoint_.port, "TLS");
    if (endpoint_.scheme == Scheme::Ws) with_scheme(Scheme::Wss, endpoint_.port, "TLS");
  }

  void without_tls() {
    if (endpoint_.scheme == Scheme::Mqtts) with_scheme(Scheme::Mqtt, endpoint_.port, "no TLS");
    if (endpoint_.scheme == Scheme::Wss) with_scheme(Scheme::Ws, endpoint_.port, "no TLS");
  }

  void websocket() {
    if (endpoint_.scheme == Scheme::Mqtt) with_scheme(Scheme::Ws, endpoint_.port, "WebSocket");
    if (endpoint_.scheme == Scheme::Mqtts) {
      with_scheme(Scheme::Wss, endpoint_.port, "WebSocket over TLS");
    }
  }

  void without_websocket() {
    if (endpoint_.scheme == Scheme::Ws) with_scheme(Scheme::Mqtt, endpoint_.port, "no WebSocket");
    if (endpoint_.scheme == Scheme::Wss) with_scheme(Scheme::Mqtts, endpoint_.port, "no WebSocket");
  }

  void other_port() {
    if (endpoint_.scheme == Scheme::Unix || endpoint_.port != default_port(endpoint_.scheme)) {
      return;
    }
    for (const Scheme scheme : {Scheme::Mqtt, Scheme::Mqtts, Scheme::Ws, Scheme::Wss}) {
      // Credentials that were meant for TLS do not travel without it.
      if (scheme == endpoint_.scheme) continue;
      with_scheme(scheme, default_port(scheme), "port " + std::to_string(default_port(scheme)));
    }
  }

  void other_versions() {
    for (const auto version : {ProtocolVersion::V311, ProtocolVersion::V31, ProtocolVersion::V5}) {
      if (version == config_.version) continue;
      ClientConfig config = changed();
      config.version = version;
      if (version != ProtocolVersion::V5) config.connect_properties.clear();
      add("MQTT " + std::string(wire::name(version)) + " instead of " +
              std::string(wire::name(config_.version)),
          "-V " + std::string(wire::name(version)), std::move(config));
    }
  }

  void own_id() { add("another client id", "-i ID, or none", changed()); }

  void other_paths() {
    for (const std::string path : {"/mqtt", "/", "/ws"}) {
      if (path == config_.websocket.target) continue;
      ClientConfig config = changed();
      config.websocket.target = path;
      add("the path " + path, "-L " + to_string(endpoint_) + path, std::move(config));
    }
  }

  // With the name kept for TLS; a WebSocket server sees the address as the host.
  void other_addresses() {
    if (config_.proxy || endpoint_.uses_websocket() || endpoint_.scheme == Scheme::Unix) return;
    for (const AddressReport& address : attempt_.addresses) {
      if (address.outcome != "connected" || address.address == attempt_.peer_address) continue;
      const std::string host = host_of(address.address);
      ClientConfig config = changed();
      if (config.tls.server_name.empty()) config.tls.server_name = endpoint_.host;
      config.endpoints[0].host = host;
      add("the address " + host, "-h " + host, std::move(config));
    }
  }

  const ClientConfig& config_;
  Cause cause_;  ///< or what it means in the phase in which it came
  const AttemptReport& attempt_;
  Endpoint endpoint_;
  std::vector<Variant> out_;
};

// The other side speaks it, although that alone was not enough.
bool half_way(const VariantReport& trial) {
  switch (trial.cause) {
    case Cause::TlsUntrusted:
    case Cause::TlsExpired:
    case Cause::TlsNotYetValid:
    case Cause::TlsNameMismatch:
    case Cause::TlsClientCertRequired:
    case Cause::MqttCredentials:
    case Cause::MqttNotAuthorised:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string advice(const std::vector<VariantReport>& tried) {
  const auto works = std::ranges::find(tried, true, &VariantReport::ok);
  if (works != tried.end()) return "it works with " + works->change + ": " + works->option;
  const auto half = std::ranges::find_if(tried, half_way);
  if (half == tried.end()) return {};
  return half->change + " is what this port expects (" + half->option +
         "), but then: " + half->message;
}

bool may_try_variants(const Error& error, std::string& why) {
  if (error.kind == ErrorKind::Permission || error.cause == Cause::ProxyAuth ||
      error.cause == Cause::TlsPsk || error.cause == Cause::TlsClientCertRejected) {
    why = "nothing else was tried, since the credentials were refused";
    return false;
  }
  return true;
}

std::vector<Variant> variants_of(const ClientConfig& config, const Error& error,
                                 const AttemptReport& attempt) {
  return RuleBook(config, error, attempt).apply();
}

}  // namespace mqtk::inspect
