// Between our values and Paho's: properties, addresses, and the options of a connection with the
// memory they point into.
#pragma once

#include <MQTTAsync.h>
#include <mqtt/properties.h>

#include <string>
#include <vector>

#include "client/paho/link.hpp"

namespace mqtk {

mqtt::properties to_paho(wire::PropertiesView properties);
/// Encoded as on the wire.
std::string from_paho(const MQTTProperties& properties);

/// "ssl://host:8883", "ws://host:80/mqtt".
std::string paho_uri(const Endpoint& endpoint, const WebSocketConfig& websocket);

/// The options of one attempt. Paho keeps pointers into some of them (the headers)
/// for as long as it uses the connection, so this stays until the next attempt or the end.
class PahoOptions {
 public:
  PahoOptions(const ClientConfig& config, const PahoAttempt& attempt);
  PahoOptions(const PahoOptions&) = delete;
  PahoOptions& operator=(const PahoOptions&) = delete;

  MQTTAsync_connectOptions options;

 private:
  void set_session(const ClientConfig& config, const PahoAttempt& attempt);
  void set_will(const ClientConfig& config);
  void set_tls(const ClientConfig& config, const PahoAttempt& attempt);
  void set_websocket(const ClientConfig& config);
  void set_proxy(const ClientConfig& config, bool tls);
  const char* keep(std::string text);

  std::vector<std::unique_ptr<std::string>> texts_;
  std::string uri_;
  char* uri_pointer_ = nullptr;
  MQTTAsync_willOptions will_;
  MQTTAsync_SSLOptions tls_;
  mqtt::properties connect_properties_;
  mqtt::properties will_properties_;
  std::vector<MQTTAsync_nameValue> headers_;
  std::string alpn_;
};

}  // namespace mqtk
