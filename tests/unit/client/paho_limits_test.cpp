// Every row of the table of what Paho cannot carry: asked for alone it is refused, and by that row.
#include "client/paho/limits.hpp"

#include <set>

#include "support/catch.hpp"

using namespace mqtk;

namespace {

ClientConfig plain(Scheme scheme = Scheme::Mqtt) {
  ClientConfig config;
  config.endpoints = {{scheme, "localhost", 1883}};
  return config;
}

struct Case {
  const char* words;  ///< in the message
  ClientConfig config;
  DisconnectMode disconnect = DisconnectMode::Normal;
};

template <typename Change>
ClientConfig with(Scheme scheme, Change change) {
  ClientConfig config = plain(scheme);
  change(config);
  return config;
}

std::vector<Case> cases() {
  using S = Scheme;
  using C = ClientConfig;
  return {
      {"Unix", plain(S::Unix)},
      {"--srv", with(S::Mqtt, [](C& c) { c.service_records = true; })},
      {"several", with(S::Mqtt,
                       [](C& c) {
                         c.endpoints.push_back({S::Ws, "h", 80});
                       })},
      {"IP version", with(S::Mqtt, [](C& c) { c.ip_family = IpFamily::V6; })},
      {"--bind", with(S::Mqtt, [](C& c) { c.bind_address = "127.0.0.1"; })},
      {"SOCKS5", with(S::Mqtt, [](C& c) { c.proxy.emplace(); })},
      {"phases", with(S::Mqtt, [](C& c) { c.timeouts.tcp = 1s; })},
      {"--ping-timeout", with(S::Mqtt, [](C& c) { c.ping_timeout = 1s; })},
      {"aliases", with(S::Mqtt, [](C& c) { c.topic_alias_maximum = 1; })},
      {"received packets", with(S::Mqtt, [](C& c) { c.max_packet_size = 100; })},
      {"without a DISCONNECT", plain(), DisconnectMode::Abrupt},
      {"with-will", plain(), DisconnectMode::WithWill},
      {"colon", with(S::Ws, [](C& c) { c.websocket.target = "/a:b"; })},
      {"subprotocol", with(S::Ws, [](C& c) { c.websocket.subprotocol = "mqttv3.1"; })},
      {"Host and Origin", with(S::Wss,
                               [](C& c) {
                                 c.websocket.headers = {{"host", "x"}};
                               })},
      {"given as text", with(S::Mqtts, [](C& c) { c.tls.ca.content = "x"; })},
      {"besides a CA", with(S::Mqtts,
                            [](C& c) {
                              c.tls.ca.file = "x";
                              c.tls.system_store = true;
                            })},
      {"--server-name", with(S::Mqtts, [](C& c) { c.tls.server_name = "other"; })},
      {"range of TLS", with(S::Mqtts, [](C& c) { c.tls.minimum = TlsVersion::Tls13; })},
      {"--psk", with(S::Mqtts, [](C& c) { c.tls.psk_hex = "00"; })},
      {"--tls13-ciphers", with(S::Mqtts, [](C& c) { c.tls.ciphersuites = "x"; })},
      {"--crl", with(S::Mqtts, [](C& c) { c.tls.crl_file = "x"; })},
      {"--tls-engine", with(S::Mqtts, [](C& c) { c.tls.engine = "x"; })},
      {"key log", with(S::Mqtts, [](C& c) { c.tls.keylog_file = "x"; })},
  };
}

}  // namespace

TEST_CASE("what Paho cannot carry is refused, row by row") {
  std::set<std::string> refused;
  for (const Case& each : cases()) {
    INFO(each.words);
    const auto result = check_paho(each.config, each.disconnect);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::Usage);
    CHECK(result.error().message.find(each.words) != std::string::npos);
    CHECK_FALSE(result.error().hint.empty());
    refused.insert(result.error().message);
  }
  CHECK(refused.size() == paho_limits().size());
}

TEST_CASE("what Paho can carry is not refused") {
  for (const Scheme scheme : {Scheme::Mqtt, Scheme::Mqtts, Scheme::Ws, Scheme::Wss}) {
    CHECK(check_paho(plain(scheme), DisconnectMode::Normal));
  }
  ClientConfig config = plain();
  config.version = wire::ProtocolVersion::V5;
  config.max_packet_size = 100;
  config.proxy.emplace();
  config.proxy->kind = ProxyKind::HttpConnect;
  CHECK(check_paho(config, DisconnectMode::WithWill));
  // What is only about TLS or WebSocket does not matter without them.
  config.tls.crl_file = "x";
  config.websocket.target = "/a:b";
  CHECK(check_paho(config, DisconnectMode::Normal));
}
