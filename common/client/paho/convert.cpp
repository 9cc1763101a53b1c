#include "client/paho/convert.hpp"

#include <algorithm>
#include <utility>

namespace mqtk {

using wire::ProtocolVersion;

namespace {

int as_int(std::uint64_t value) {
  return static_cast<int>(value);
}

// The memory stays ours: Paho copies.
MQTTLenString view(Bytes bytes) {
  return {as_int(bytes.size()), const_cast<char*>(bytes.data())};
}

Bytes bytes(const MQTTLenString& text) {
  return text.data == nullptr ? Bytes() : Bytes(text.data, static_cast<std::size_t>(text.len));
}

MQTTProperty to_paho(const wire::Property& property) {
  MQTTProperty out{};
  out.identifier = static_cast<MQTTPropertyCodes>(property.info->id);
  switch (property.info->type) {
    case wire::PropertyType::Byte:
      out.value.byte = static_cast<unsigned char>(property.number);
      break;
    case wire::PropertyType::TwoByte:
      out.value.integer2 = static_cast<unsigned short>(property.number);
      break;
    case wire::PropertyType::FourByte:
    case wire::PropertyType::VarInt:
      out.value.integer4 = property.number;
      break;
    case wire::PropertyType::Utf8Pair:
      out.value.data = view(property.key);
      out.value.value = view(property.value);
      break;
    case wire::PropertyType::Utf8:
    case wire::PropertyType::Binary:
      out.value.data = view(property.value);
      break;
  }
  return out;
}

void append(const MQTTProperty& property, wire::Properties& out) {
  const auto id = static_cast<wire::PropertyId>(property.identifier);
  const wire::PropertyInfo* info = wire::find_property(id);
  if (info == nullptr) return;
  switch (info->type) {
    case wire::PropertyType::Byte:
      out.add(id, property.value.byte);
      break;
    case wire::PropertyType::TwoByte:
      out.add(id, property.value.integer2);
      break;
    case wire::PropertyType::FourByte:
    case wire::PropertyType::VarInt:
      out.add(id, property.value.integer4);
      break;
    case wire::PropertyType::Utf8Pair:
      out.add_user_property(bytes(property.value.data), bytes(property.value.value));
      break;
    case wire::PropertyType::Utf8:
    case wire::PropertyType::Binary:
      out.add(id, bytes(property.value.data));
      break;
  }
}

// User and password in a proxy's URL: Paho decodes %XX, and '@' or ':' would end them.
std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
    if (plain) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out += to_hex(Bytes(&c, 1));
    }
  }
  return out;
}

}  // namespace

mqtt::properties to_paho(wire::PropertiesView properties) {
  mqtt::properties out;
  for (const wire::Property& property : properties) {
    const MQTTProperty borrowed = to_paho(property);
    out.add(mqtt::property(borrowed));
  }
  return out;
}

std::string from_paho(const MQTTProperties& properties) {
  wire::Properties out;
  for (int i = 0; i < properties.count; ++i) append(properties.array[i], out);
  return out.raw();
}

std::string paho_uri(const Endpoint& endpoint, const WebSocketConfig& websocket) {
  const char* scheme = endpoint.uses_websocket() ? (endpoint.uses_tls() ? "wss://" : "ws://")
                                                 : (endpoint.uses_tls() ? "ssl://" : "tcp://");
  std::string uri = scheme + host_and_port(endpoint.host, endpoint.port);
  if (endpoint.uses_websocket()) uri += websocket.target;
  return uri;
}

PahoOptions::PahoOptions(const ClientConfig& config, const PahoAttempt& attempt)
    : options(MQTTAsync_connectOptions_initializer),
      uri_(paho_uri(attempt.endpoint, config.websocket)),
      uri_pointer_(uri_.data()),
      will_(MQTTAsync_willOptions_initializer),
      tls_(MQTTAsync_SSLOptions_initializer) {
  options.serverURIcount = 1;
  options.serverURIs = &uri_pointer_;
  set_session(config, attempt);
  if (config.will) set_will(config);
  if (attempt.endpoint.uses_tls()) set_tls(config, attempt);
  if (attempt.endpoint.uses_websocket()) set_websocket(config);
  if (config.proxy) set_proxy(config, attempt.endpoint.uses_tls());
}

const char* PahoOptions::keep(std::string text) {
  texts_.push_back(std::make_unique<std::string>(std::move(text)));
  return texts_.back()->c_str();
}

void PahoOptions::set_session(const ClientConfig& config, const PahoAttempt& attempt) {
  options.MQTTVersion = static_cast<int>(config.version);
  const bool v5 = config.version == ProtocolVersion::V5;
  options.cleansession = !v5 && attempt.clean_start ? 1 : 0;
  options.cleanstart = v5 && attempt.clean_start ? 1 : 0;
  options.keepAliveInterval = config.keep_alive_s;
  options.maxInflight = config.max_inflight;
  options.automaticReconnect = 0;
  // Ours is exact to the millisecond; Paho's comes after it, should a connection be hard to end.
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(config.timeouts.connect).count();
  constexpr int kOneDay = 86'400;
  options.connectTimeout = seconds > 0 ? as_int(static_cast<std::uint64_t>(seconds)) : kOneDay;
  if (attempt.credentials.username) options.username = keep(*attempt.credentials.username);
  if (attempt.credentials.password) {
    options.binarypwd.data = keep(*attempt.credentials.password);
    options.binarypwd.len = as_int(attempt.credentials.password->size());
  }
  if (v5) {
    connect_properties_ = to_paho(attempt.properties.view());
    options.connectProperties = const_cast<MQTTProperties*>(&connect_properties_.c_struct());
  }
}

void PahoOptions::set_will(const ClientConfig& config) {
  will_.topicName = keep(config.will->topic);
  will_.payload.data = keep(config.will->payload);
  will_.payload.len = as_int(config.will->payload.size());
  will_.qos = static_cast<int>(config.will->qos);
  will_.retained = config.will->retain ? 1 : 0;
  options.will = &will_;
  if (config.version != ProtocolVersion::V5) return;
  will_properties_ = to_paho(config.will->properties.view());
  options.willProperties = const_cast<MQTTProperties*>(&will_properties_.c_struct());
}

void PahoOptions::set_tls(const ClientConfig& config, const PahoAttempt&) {
  const TlsConfig& tls = config.tls;
  const auto text = [this](const std::string& value) -> const char* {
    return value.empty() ? nullptr : keep(value);
  };
  tls_.trustStore = text(tls.ca.file);
  tls_.CApath = text(tls.ca_directory);
  tls_.disableDefaultTrustStore =
      !tls.system_store && (tls_.trustStore != nullptr || tls_.CApath != nullptr) ? 1 : 0;
  tls_.keyStore = text(tls.certificate.file);
  tls_.privateKey = text(tls.key.file);
  if (tls.key_passphrase) tls_.privateKeyPassword = keep(*tls.key_passphrase);
  tls_.enabledCipherSuites = text(tls.ciphers);
  tls_.enableServerCertAuth = tls.insecure ? 0 : 1;
  tls_.verify = tls.insecure ? 0 : 1;
  tls_.sslVersion = MQTT_SSL_VERSION_TLS_1_2;  // the least, with OpenSSL from 1.1 on
  for (const std::string& protocol : tls.alpn) {
    alpn_.push_back(octet(static_cast<unsigned>(protocol.size())));
    alpn_ += protocol;
  }
  if (!alpn_.empty()) {
    tls_.protos = reinterpret_cast<const unsigned char*>(alpn_.data());
    tls_.protos_len = static_cast<unsigned>(alpn_.size());
  }
  options.ssl = &tls_;
}

void PahoOptions::set_websocket(const ClientConfig& config) {
  for (const HttpHeader& header : config.websocket.headers) {
    headers_.push_back({keep(header.name), keep(header.value)});
  }
  if (headers_.empty()) return;
  headers_.push_back({nullptr, nullptr});
  options.httpHeaders = headers_.data();
}

void PahoOptions::set_proxy(const ClientConfig& config, bool tls) {
  const ProxyConfig& proxy = *config.proxy;
  // The prefix says which kind of connection the proxy is for, not how it is spoken to.
  std::string url = tls ? "https://" : "http://";
  if (proxy.username) {
    url +=
        percent_encoded(*proxy.username) + ":" + percent_encoded(proxy.password.value_or("")) + "@";
  }
  url += host_and_port(proxy.host, proxy.port);
  (tls ? options.httpsProxy : options.httpProxy) = keep(std::move(url));
}

}  // namespace mqtk
