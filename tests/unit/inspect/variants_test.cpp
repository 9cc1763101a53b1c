#include "inspect/connect/variants.hpp"

#include "support/catch.hpp"

namespace mqtk::inspect {

namespace {

ClientConfig config_for(Scheme scheme, std::uint16_t port) {
  ClientConfig config;
  config.endpoints = {{scheme, "broker", port}};
  config.client_id = "given";
  config.clean_start = false;
  config.credentials = [] { return Result<Credentials>(Credentials{}); };
  return config;
}

std::vector<Variant> after(Cause cause, const ClientConfig& config,
                           std::vector<AddressReport> addresses = {}, Phase phase = Phase::Mqtt) {
  AttemptReport attempt;
  attempt.endpoint = config.endpoints.front();
  attempt.addresses = std::move(addresses);
  attempt.phase = phase;
  if (!attempt.addresses.empty()) attempt.peer_address = attempt.addresses[0].address;
  return variants_of(config, {ErrorKind::Unreachable, cause, "", ""}, attempt);
}

std::vector<std::string> changes(const std::vector<Variant>& variants) {
  std::vector<std::string> out;
  for (const Variant& variant : variants) out.push_back(variant.change);
  return out;
}

using Changes = std::vector<std::string>;

}  // namespace

TEST_CASE("a lost CONNECT is tried in other ways, six at most, each with an id of its own") {
  ClientConfig config = config_for(Scheme::Mqtt, 1883);
  config.version = wire::ProtocolVersion::V5;
  const auto variants = after(Cause::MqttClosedAfterConnect, config,
                              {{"192.0.2.1:1883", "connected", 1ms},
                               {"[2001:db8::1]:1883", "connected", 1ms},
                               {"192.0.2.3:1883", "connection refused", 1ms},
                               {"192.0.2.2:1883", "connected", 1ms}});
  CHECK(changes(variants) == Changes{"TLS", "MQTT 3.1.1 instead of 5", "MQTT 3.1 instead of 5",
                                     "WebSocket", "the address 2001:db8::1",
                                     "the address 192.0.2.2"});
  for (const Variant& variant : variants) {
    CHECK(variant.config.client_id != "given");
    CHECK(variant.config.clean_start);
    CHECK(variant.config.endpoints.size() == 1);
  }
  CHECK(variants[0].option == "-L mqtts://broker:1883");
  CHECK(variants[3].option == "-L ws://broker:1883/mqtt");
  CHECK(variants[4].config.endpoints[0].host == "2001:db8::1");
  CHECK(variants[4].config.tls.server_name == "broker");
}

TEST_CASE("credentials that were meant for TLS do not travel without it") {
  const auto variants = after(Cause::TlsNotTls, config_for(Scheme::Mqtts, 8883));
  REQUIRE(changes(variants) == Changes{"no TLS, without credentials", "WebSocket over TLS"});
  CHECK_FALSE(variants[0].config.credentials);
  CHECK(variants[1].config.credentials);
}

TEST_CASE("another port is tried only where none was asked for") {
  CHECK(changes(after(Cause::TcpRefused, config_for(Scheme::Mqtt, 1883))) ==
        Changes{"port 8883", "port 80", "port 443"});
  CHECK(after(Cause::TcpRefused, config_for(Scheme::Mqtt, 1884)).empty());
}

TEST_CASE("a connection that was ended is judged by the phase in which it was") {
  CHECK(changes(after(Cause::TcpReset, config_for(Scheme::Ws, 80), {}, Phase::WebSocket)) ==
        Changes{"no WebSocket", "TLS", "the path /", "the path /ws"});
  CHECK(changes(after(Cause::TcpReset, config_for(Scheme::Mqtts, 8883), {}, Phase::Tls)).front() ==
        "no TLS, without credentials");
}

TEST_CASE("after a refusal of credentials nothing more is tried") {
  std::string why;
  CHECK_FALSE(may_try_variants({ErrorKind::Permission, Cause::MqttNotAuthorised, "", ""}, why));
  CHECK(why.find("credentials") != std::string::npos);
  CHECK_FALSE(may_try_variants({ErrorKind::Permission, Cause::WsStatus, "", ""}, why));
  CHECK_FALSE(may_try_variants({ErrorKind::Permission, Cause::ProxyAuth, "", ""}, why));
  CHECK_FALSE(may_try_variants({ErrorKind::Tls, Cause::TlsPsk, "", ""}, why));
  CHECK(may_try_variants({ErrorKind::Unreachable, Cause::MqttNoAnswer, "", ""}, why));
  CHECK(may_try_variants({ErrorKind::ProtocolViolation, Cause::WsStatus, "", ""}, why));
}

TEST_CASE("nothing is tried for a name that does not exist, or a certificate that is not trusted") {
  CHECK(after(Cause::DnsNotFound, config_for(Scheme::Mqtt, 1883)).empty());
  CHECK(after(Cause::TlsUntrusted, config_for(Scheme::Mqtts, 8883)).empty());
}

}  // namespace mqtk::inspect
