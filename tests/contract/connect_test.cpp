// Connecting: made, refused, not answered, not possible.
#include <stdlib.h>

#include "contract/contract.hpp"
#include "support/mosquitto.hpp"
#include "support/ports.hpp"
#include "support/scripted_broker.hpp"

using namespace mqtk;
using namespace mqtk::test;

CONTRACT("connects, and leaves with a DISCONNECT") {
  ScriptedBroker broker;
  broker.connection()
      .expect<wire::Connect>([&](const wire::Connect& connect) {
        if (connect.version != subject.version) return std::string("another version");
        if (!connect.clean_start) return std::string("no clean start");
        if (connect.keep_alive_s != 60) return std::string("another keep-alive");
        return std::string();
      })
      .reply(wire::Connack{})
      .expect<wire::Disconnect>()
      .expect_end();
  broker.start();
  Party party(subject.engine, config_for(subject.version, broker.port()));
  REQUIRE(party.connect());
  CHECK(party.client().connected());
  CHECK_FALSE(party.connections[0].session_present);
  CHECK(party.connections[0].version == subject.version);
  CHECK(party.leave());
  CHECK(party.ended == 1);
  CHECK_FALSE(party.client().connected());
  CHECK(broker.finish());
  INFO(broker.report());
  CHECK(broker.mismatches().empty());
}

CONTRACT("sends everything that CONNECT can carry") {
  const bool v5 = subject.version == wire::ProtocolVersion::V5;
  ScriptedBroker broker;
  broker.connection()
      .expect<wire::Connect>([&](const wire::Connect& connect) -> std::string {
        if (connect.clean_start) return "clean start";
        if (connect.keep_alive_s != 7) return "another keep-alive";
        if (connect.client_id != "someone") return "another client id";
        if (connect.username != Bytes("user")) return "another user";
        if (connect.password != Bytes("se\0cret", 7)) return "another password";
        if (!connect.will) return "no will";
        if (connect.will->topic != "w/t" || connect.will->payload != Bytes("\0\1", 2) ||
            connect.will->qos != wire::Qos::ExactlyOnce || !connect.will->retain) {
          return "another will";
        }
        if (!v5) return {};
        using wire::PropertyId;
        if (connect.properties.number(PropertyId::SessionExpiryInterval) != 77U) return "expiry";
        if (connect.properties.number(PropertyId::ReceiveMaximum) != 9U) return "receive maximum";
        if (connect.properties.number(PropertyId::MaximumPacketSize) != 5000U) return "size";
        const auto user = connect.properties.find(PropertyId::UserProperty);
        if (!user || user->key != "k" || user->value != "v") return "user property";
        if (connect.will->properties.number(PropertyId::WillDelayInterval) != 3U) return "delay";
        if (connect.will->properties.text(PropertyId::ContentType) != Bytes("x/y")) return "type";
        return {};
      })
      .reply(wire::Connack{})
      .expect<wire::Disconnect>()
      .expect_end();
  broker.start();
  ClientConfig config = config_for(subject.version, broker.port());
  config.client_id = "someone";
  config.clean_start = false;
  config.keep_alive_s = 7;
  add_all_that_connect_carries(config);
  if (v5) config.max_packet_size = 5000;
  Party party(subject.engine, config);
  CHECK(party.connect());
  CHECK(party.leave());
  broker.finish();
  INFO(broker.report());
  CHECK(broker.mismatches().empty());
}

CONTRACT("a refused user is told so") {
  MosquittoConfig settings;
  settings.listeners[0].users = {{"alice", "right"}};
  settings.listeners[0].anonymous = false;
  const Mosquitto broker(settings);
  for (const bool right : {true, false}) {
    ClientConfig config = config_for(subject.version, broker.port());
    config.credentials = [right] {
      return Result<Credentials>(Credentials{"alice", right ? "right" : "wrong"});
    };
    Party party(subject.engine, config);
    CHECK(party.connect() == right);
    if (right) continue;
    REQUIRE(party.end_error);
    CHECK(party.error().kind == ErrorKind::Permission);
    CHECK(exit_code(party.error().kind) == 77);
  }
}

CONTRACT("every refusal of CONNACK has its meaning") {
  struct Row {
    std::uint8_t code3;
    wire::ReasonCode code5;
    ErrorKind kind;
    Cause cause;
  };
  const std::vector<Row> rows = {
      {1, wire::ReasonCode::UnsupportedProtocolVersion, ErrorKind::ProtocolViolation,
       Cause::MqttVersion},
      {2, wire::ReasonCode::ClientIdentifierNotValid, ErrorKind::ProtocolViolation,
       Cause::MqttClientId},
      {3, wire::ReasonCode::ServerUnavailable, ErrorKind::TryAgain, Cause::MqttUnavailable},
      {4, wire::ReasonCode::BadUserNameOrPassword, ErrorKind::Permission, Cause::MqttCredentials},
      {5, wire::ReasonCode::NotAuthorized, ErrorKind::Permission, Cause::MqttNotAuthorised},
  };
  for (const Row& row : rows) {
    const bool v5 = subject.version == wire::ProtocolVersion::V5;
    wire::Connack connack;
    connack.code = v5 ? static_cast<std::uint8_t>(row.code5) : row.code3;
    ScriptedBroker broker;
    broker.connection().expect<wire::Connect>().reply(connack).close();
    broker.start();
    Party party(subject.engine, config_for(subject.version, broker.port()));
    INFO("code " << int(connack.code));
    CHECK_FALSE(party.connect());
    REQUIRE(party.end_error);
    CHECK(party.error().kind == row.kind);
    CHECK(party.error().cause == row.cause);
    CHECK(party.client().last_error().cause == row.cause);
    CHECK(party.ended == 1);
    broker.finish();
  }
}

CONTRACT("nothing listens") {
  Party party(subject.engine, config_for(subject.version, closed_port()));
  CHECK_FALSE(party.connect());
  REQUIRE(party.end_error);
  CHECK(party.error().kind == ErrorKind::Unreachable);
  CHECK(party.error().cause == Cause::TcpRefused);
}

CONTRACT("an unknown host") {
  ClientConfig config = config_for(subject.version, 1883);
  config.endpoints[0].host = "no-such-host.invalid";
  Party party(subject.engine, config);
  CHECK_FALSE(party.connect());
  REQUIRE(party.end_error);
  CHECK(party.error().kind == ErrorKind::HostNotFound);
  CHECK(party.error().cause == Cause::DnsNotFound);
}

CONTRACT("no answer to CONNECT in time") {
  ScriptedBroker broker;
  broker.further_connections().stall();
  broker.start();
  ClientConfig config = config_for(subject.version, broker.port());
  config.timeouts.connect = 700ms;
  Party party(subject.engine, config);
  const TimePoint begun = monotonic_now();
  CHECK_FALSE(party.connect());
  CHECK(monotonic_now() - begun >= 700ms);
  REQUIRE(party.end_error);
  CHECK(party.error().kind == ErrorKind::Unreachable);
  CHECK(party.error().cause == Cause::MqttNoAnswer);
}

CONTRACT("closed instead of an answer to CONNECT") {
  ScriptedBroker broker;
  broker.further_connections().expect<wire::Connect>().close();
  broker.start();
  Party party(subject.engine, config_for(subject.version, broker.port()));
  CHECK_FALSE(party.connect());
  REQUIRE(party.end_error);
  CHECK(party.error().kind == ErrorKind::Unreachable);
  CHECK(party.error().cause == Cause::MqttClosedAfterConnect);
}

CONTRACT("five connections in a row that the broker ends soon: another client has the id") {
  ScriptedBroker broker;
  broker.further_connections().expect<wire::Connect>().reply(wire::Connack{}).close();
  broker.start();
  ClientConfig config = config_for(subject.version, broker.port());
  config.reconnect.enabled = true;
  config.reconnect.minimum = 10ms;
  Party party(subject.engine, config);
  party.start();
  REQUIRE(party.run_until_ended());
  REQUIRE(party.end_error);
  CHECK(party.error().kind == ErrorKind::TryAgain);
  CHECK(party.error().cause == Cause::MqttTakenOver);
  CHECK(party.connections.size() == 5);
}

CONTRACT("the second of two brokers is tried") {
  const Mosquitto broker;
  ClientConfig config = config_for(subject.version, broker.port());
  config.endpoints.insert(config.endpoints.begin(),
                          Endpoint{Scheme::Mqtt, "127.0.0.1", closed_port()});
  Party party(subject.engine, config);
  REQUIRE(party.connect());
  CHECK(party.connections[0].endpoint.port == broker.port());
  CHECK(party.retries.size() == 1);
  CHECK(party.leave());
}

CONTRACT("the first connection is tried again for so long as was asked") {
  ClientConfig config = config_for(subject.version, closed_port());
  config.reconnect.retry_first = true;
  config.reconnect.retry_first_for = 2s;
  config.reconnect.minimum = 20ms;
  Party party(subject.engine, config);
  CHECK_FALSE(party.connect());
  CHECK(party.retries.size() >= 2);
  REQUIRE(party.end_error);
  CHECK(party.error().cause == Cause::TcpRefused);
}

CONTRACT_MQTT5("limits and the identifier that the broker gives are known") {
  wire::Properties properties;
  properties.add(wire::PropertyId::ReceiveMaximum, 3);
  properties.add(wire::PropertyId::MaximumQos, 1);
  properties.add(wire::PropertyId::RetainAvailable, 0);
  properties.add(wire::PropertyId::MaximumPacketSize, 100);
  properties.add(wire::PropertyId::AssignedClientIdentifier, Bytes("given"));
  properties.add(wire::PropertyId::ServerKeepAlive, 33);
  properties.add(wire::PropertyId::TopicAliasMaximum, 4);
  wire::Connack connack;
  connack.properties = properties;
  ScriptedBroker broker;
  broker.connection()
      .expect<wire::Connect>()
      .reply(connack)
      .expect<wire::Disconnect>()
      .expect_end();
  broker.start();
  ClientConfig config = config_for(subject.version, broker.port());
  config.client_id.clear();
  Party party(subject.engine, config);
  REQUIRE(party.connect());
  const ConnectionInfo& info = party.connections[0];
  CHECK(info.client_id == "given");
  CHECK(info.limits.receive_maximum == 3);
  CHECK(info.limits.maximum_qos == wire::Qos::AtLeastOnce);
  CHECK_FALSE(info.limits.retain_available);
  CHECK(info.limits.maximum_packet_size == 100);
  CHECK(info.limits.keep_alive_s == 33);
  CHECK(info.limits.topic_alias_maximum == 4);
  const auto refused = [&](const std::string& payload, wire::Qos qos, bool retain) {
    CHECK(party.publish("t", payload, qos, retain) == PublishStatus::Refused);
    return party.client().last_error().cause;
  };
  CHECK(refused("x", wire::Qos::ExactlyOnce, false) == Cause::PubQos);
  CHECK(refused("x", wire::Qos::AtMostOnce, true) == Cause::PubRetain);
  CHECK(refused(std::string(200, 'x'), wire::Qos::AtMostOnce, false) == Cause::PubTooLarge);
  CHECK(party.leave());
  broker.finish();
}

// What the environment says of proxies is about the web; and commands that fetch tokens want it.
CONTRACT("http_proxy leads no connection elsewhere, and is still there afterwards") {
  const Mosquitto broker;
  const std::string nowhere = "http://127.0.0.1:" + std::to_string(closed_port());
  for (const char* name : {"http_proxy", "https_proxy"}) ::setenv(name, nowhere.c_str(), 1);
  ClientConfig config = config_for(subject.version, broker.port());
  std::string seen;
  config.credentials = [&seen]() -> Result<Credentials> {
    const char* value = ::getenv("http_proxy");
    seen += value != nullptr ? value : "nothing";
    seen += ' ';
    return Credentials{};
  };
  for (int round = 0; round < 2; ++round) {
    Party party(subject.engine, config);
    CHECK(party.connect());
    CHECK(party.leave());
    const char* after = ::getenv("https_proxy");
    CHECK((after != nullptr && after == nowhere));
  }
  CHECK(seen == nowhere + " " + nowhere + " ");
  for (const char* name : {"http_proxy", "https_proxy"}) ::unsetenv(name);
}
