#include "client/paho/limits.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace mqtk {

namespace {

bool any_endpoint(const ClientConfig& config, bool (*is)(const Endpoint&)) {
  return std::any_of(config.endpoints.begin(), config.endpoints.end(), is);
}

bool uses_tls(const ClientConfig& config) {
  return any_endpoint(config, [](const Endpoint& endpoint) { return endpoint.uses_tls(); });
}

bool uses_websocket(const ClientConfig& config) {
  return any_endpoint(config, [](const Endpoint& endpoint) { return endpoint.uses_websocket(); });
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
    return lower(x) == lower(y);
  });
}

using Config = ClientConfig;
constexpr std::string_view kNative = "use the native engine";

// TLS below is asked for by every configuration that has the fields set, used or not; rows look at
// them only where an endpoint uses TLS.
constexpr std::array kLimits = {
    PahoLimit{"Unix sockets", kNative,
              [](const Config& c, DisconnectMode) {
                return any_endpoint(
                    c, [](const Endpoint& endpoint) { return endpoint.scheme == Scheme::Unix; });
              }},
    PahoLimit{"engines of OpenSSL (--tls-engine)", kNative,
              [](const Config& c, DisconnectMode) { return uses_tls(c) && !c.tls.engine.empty(); }},
    PahoLimit{"service records (--srv)", kNative,
              [](const Config& c, DisconnectMode) { return c.service_records; }},
    PahoLimit{"several brokers of different kinds (TCP, TLS, WebSocket)", kNative,
              [](const Config& c, DisconnectMode) {
                return std::any_of(c.endpoints.begin(), c.endpoints.end(), [&](const Endpoint& e) {
                  return e.scheme != c.endpoints.front().scheme;
                });
              }},
    PahoLimit{"choice of the IP version (-4, -6)", "give an address instead of a name",
              [](const Config& c, DisconnectMode) { return c.ip_family != IpFamily::Any; }},
    PahoLimit{"local address to connect from (--bind)", kNative,
              [](const Config& c, DisconnectMode) { return !c.bind_address.empty(); }},
    PahoLimit{"SOCKS5 proxies", "an HTTP proxy (http://HOST:PORT) is possible",
              [](const Config& c, DisconnectMode) {
                return c.proxy && c.proxy->kind == ProxyKind::Socks5;
              }},
    PahoLimit{"time-outs of single phases of connecting", "--connect-timeout bounds all of them",
              [](const Config& c, DisconnectMode) {
                const ConnectTimeouts usual;
                const ConnectTimeouts& t = c.timeouts;
                return t.resolve != usual.resolve || t.tcp != usual.tcp || t.proxy != usual.proxy ||
                       t.tls != usual.tls || t.websocket != usual.websocket || t.mqtt != usual.mqtt;
              }},
    PahoLimit{"time-out for the answer to a ping (--ping-timeout)", "it waits for one keep-alive",
              [](const Config& c, DisconnectMode) {
                return c.ping_timeout != ClientConfig{}.ping_timeout;
              }},
    PahoLimit{"topic aliases from the broker", kNative,
              [](const Config& c, DisconnectMode) {
                return c.topic_alias_maximum > 0 ||
                       c.connect_properties.view()
                               .number(wire::PropertyId::TopicAliasMaximum)
                               .value_or(0) > 0;
              }},
    PahoLimit{"limit for the size of received packets before MQTT 5", "use -V 5",
              [](const Config& c, DisconnectMode) {
                return c.max_packet_size < wire::kMaxPacketSize &&
                       c.version != wire::ProtocolVersion::V5;
              }},
    PahoLimit{"way to leave without a DISCONNECT (--disconnect abrupt)",
              "with MQTT 5, --disconnect with-will has the will published",
              [](const Config&, DisconnectMode mode) { return mode == DisconnectMode::Abrupt; }},
    PahoLimit{"way to have the will published at the end before MQTT 5 (--disconnect with-will)",
              "use -V 5",
              [](const Config& c, DisconnectMode mode) {
                return mode == DisconnectMode::WithWill && c.version != wire::ProtocolVersion::V5;
              }},
    PahoLimit{"WebSocket path or query with a colon", "write it as %3A",
              [](const Config& c, DisconnectMode) {
                return uses_websocket(c) && c.websocket.target.find(':') != std::string::npos;
              }},
    PahoLimit{"WebSocket subprotocol but mqtt", kNative,
              [](const Config& c, DisconnectMode) {
                return uses_websocket(c) && c.websocket.subprotocol != "mqtt";
              }},
    PahoLimit{"WebSocket headers Host and Origin of one's own", kNative,
              [](const Config& c, DisconnectMode) {
                return uses_websocket(c) &&
                       std::any_of(c.websocket.headers.begin(), c.websocket.headers.end(),
                                   [](const HttpHeader& header) {
                                     return same_name(header.name, "Host") ||
                                            same_name(header.name, "Origin");
                                   });
              }},
    PahoLimit{"certificates and keys given as text", "put them into files",
              [](const Config& c, DisconnectMode) {
                return uses_tls(c) &&
                       !(c.tls.ca.content.empty() && c.tls.certificate.content.empty() &&
                         c.tls.key.content.empty());
              }},
    PahoLimit{"way to trust the system's certificates besides a CA of one's own", kNative,
              [](const Config& c, DisconnectMode) {
                return uses_tls(c) && c.tls.system_store &&
                       !(c.tls.ca.empty() && c.tls.ca_directory.empty());
              }},
    PahoLimit{"name to verify but the host's (--server-name)", kNative,
              [](const Config& c, DisconnectMode) {
                return uses_tls(c) && !c.tls.server_name.empty() &&
                       std::any_of(c.endpoints.begin(), c.endpoints.end(),
                                   [&](const Endpoint& e) { return e.host != c.tls.server_name; });
              }},
    PahoLimit{"range of TLS versions but from 1.2 on", kNative,
              [](const Config& c, DisconnectMode) {
                const TlsConfig& tls = c.tls;
                const bool from_12 = tls.minimum == TlsVersion::Tls12 &&
                                     (!tls.maximum || *tls.maximum == TlsVersion::Tls13);
                return uses_tls(c) && !from_12;
              }},
    // It has a callback for them, and crashes on the way to it.
    PahoLimit{
        "pre-shared keys (--psk)", kNative,
        [](const Config& c, DisconnectMode) { return uses_tls(c) && c.tls.psk_hex.has_value(); }},
    PahoLimit{
        "choice of TLS 1.3 cipher suites (--tls13-ciphers)", kNative,
        [](const Config& c, DisconnectMode) { return uses_tls(c) && !c.tls.ciphersuites.empty(); }},
    PahoLimit{
        "revocation lists (--crl)", kNative,
        [](const Config& c, DisconnectMode) { return uses_tls(c) && !c.tls.crl_file.empty(); }},
    PahoLimit{
        "key log (--tls-keylog, SSLKEYLOGFILE)", kNative,
        [](const Config& c, DisconnectMode) { return uses_tls(c) && !c.tls.keylog_file.empty(); }},
};

}  // namespace

std::span<const PahoLimit> paho_limits() {
  return kLimits;
}

Result<void> check_paho(const ClientConfig& config, DisconnectMode disconnect) {
  for (const PahoLimit& limit : kLimits) {
    if (!limit.asked(config, disconnect)) continue;
    return fail(ErrorKind::Usage, "the paho engine has no " + std::string(limit.name),
                std::string(limit.hint));
  }
  return {};
}

}  // namespace mqtk
