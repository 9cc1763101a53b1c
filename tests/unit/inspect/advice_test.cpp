// What a diagnosis makes of what it saw: evidence, the next step, its two forms.
#include <nlohmann/json.hpp>

#include "inspect/connect/variants.hpp"
#include "inspect/shared/probe_phases.hpp"
#include "support/catch.hpp"

namespace mqtk::inspect {

namespace {

using Json = nlohmann::json;

VariantReport failed(std::string change, Cause cause, std::string message = "why") {
  return {std::move(change), "-X", false, cause, std::move(message)};
}

/// TCP was there, CONNECT was refused.
AttemptReport refused_attempt() {
  AttemptReport attempt;
  attempt.endpoint = {Scheme::Mqtt, "broker", 1883};
  attempt.phase = Phase::Mqtt;
  attempt.timings.phase[static_cast<int>(Phase::Resolve)] = 1ms;
  attempt.timings.phase[static_cast<int>(Phase::Tcp)] = 2ms;
  attempt.timings.phase[static_cast<int>(Phase::Mqtt)] = 3ms;
  attempt.addresses = {{"[::1]:1883", "connection refused", 1ms},
                       {"127.0.0.1:1883", "connected", 1ms}};
  attempt.peer_address = "127.0.0.1:1883";
  return attempt;
}

ConnectReport refused_report() {
  ConnectReport report;
  report.target = "mqtt://broker:1883";
  report.error = Error{ErrorKind::Permission, Cause::MqttNotAuthorised, "not authorised", "ask"};
  report.connack = ConnackReport{5, "not authorized", false, {}};
  report.phases = attempt_phases(refused_attempt(), {}, report, &*report.error);
  return report;
}

}  // namespace

TEST_CASE("the next step is a way that works, before one that is only understood") {
  CHECK(advice({}).empty());
  CHECK(advice({failed("TLS", Cause::TlsNotTls), failed("WebSocket", Cause::WsStatus)}).empty());
  const std::vector<VariantReport> half = {failed("WebSocket", Cause::WsHandshake),
                                           failed("TLS", Cause::TlsUntrusted, "unknown issuer")};
  CHECK(advice(half) == "TLS is what this port expects (-X), but then: unknown issuer");
  std::vector<VariantReport> works = half;
  works.push_back({"MQTT 3.1.1 instead of 5", "-V 3.1.1", true, Cause::None, ""});
  CHECK(advice(works) == "it works with MQTT 3.1.1 instead of 5: -V 3.1.1");
}

TEST_CASE("every refusal that shows that the other side understood counts as half a success") {
  for (const Cause cause :
       {Cause::TlsUntrusted, Cause::TlsExpired, Cause::TlsNotYetValid, Cause::TlsNameMismatch,
        Cause::TlsClientCertRequired, Cause::MqttCredentials, Cause::MqttNotAuthorised}) {
    CHECK_FALSE(advice({failed("TLS", cause)}).empty());
  }
  for (const Cause cause : {Cause::TcpRefused, Cause::TlsNotTls, Cause::MqttNoAnswer,
                            Cause::MqttClosedAfterConnect, Cause::WsStatus}) {
    CHECK(advice({failed("TLS", cause)}).empty());
  }
}

TEST_CASE("phases of an attempt, and the evidence behind a cause") {
  const ConnectReport report = refused_report();
  REQUIRE(report.phases.size() == 3);
  CHECK(report.phases[0].name == "resolve");
  CHECK(report.phases[0].text == "2 addresses: [::1]:1883, 127.0.0.1:1883");
  CHECK(report.phases[1].text == "127.0.0.1:1883 connected ([::1]:1883 connection refused)");
  CHECK(report.phases[2].name == "connect");
  CHECK(report.phases[2].verdict == Verdict::Failed);
  CHECK(report.phases[2].text == "not authorised");
  CHECK(evidence_of(report, refused_attempt()) ==
        std::vector<std::string>{"connect failed after 3.00 ms; tcp had succeeded",
                                 "CONNACK with code 5 (not authorized)"});
  ConnectReport fine = report;
  fine.phases.pop_back();
  CHECK(evidence_of(fine, refused_attempt()).empty());
}

TEST_CASE("a failure has the same facts for people and as JSON") {
  ConnectReport report = refused_report();
  report.evidence = evidence_of(report, refused_attempt());
  report.variants = {failed("TLS", Cause::TlsNotTls, "no TLS here")};
  const std::string text = verdict_text(report);
  CHECK(text.find("cause   mqtt.not_authorised: not authorised\n") == 0);
  CHECK(text.find("seen    CONNACK with code 5 (not authorized)\n") != std::string::npos);
  CHECK(text.find("tried   TLS: tls.not_tls (no TLS here)\n") != std::string::npos);
  CHECK(text.find("next    ask\n") != std::string::npos);
  const Json json = Json::parse(report_json(report));
  CHECK(json["schema"] == "mqtt-inspect.connect/1");
  CHECK(json["ok"] == false);
  CHECK(json["cause"] == "mqtt.not_authorised");
  CHECK(json["hint"] == "ask");
  CHECK(json["exit_code"] == 77);
  CHECK(json["phases"][2]["name"] == "connect");
  CHECK(json["phases"][2]["ok"] == false);
  CHECK(json["phases"][2]["ms"] == 3.0);
  CHECK(json["variants"][0] == Json({{"change", "TLS"},
                                     {"option", "-X"},
                                     {"ok", false},
                                     {"cause", "tls.not_tls"},
                                     {"message", "no TLS here"}}));
  CHECK(json["connack"]["code"] == 5);
}

TEST_CASE("a message that does not come back is judged by what the broker said of it") {
  using wire::ProtocolVersion;
  const Error silent = not_delivered("t", ProtocolVersion::V311, std::nullopt, " within 2s");
  CHECK(silent.cause == Cause::PubTimeout);
  CHECK(silent.kind == ErrorKind::Unreachable);
  const PublishOutcome taken;
  const Error dropped = not_delivered("t", ProtocolVersion::V311, taken, "");
  CHECK(dropped.cause == Cause::PubNotDelivered);
  CHECK(dropped.kind == ErrorKind::Failed);
  CHECK(dropped.hint.find("-V 5") != std::string::npos);
  CHECK(not_delivered("t", ProtocolVersion::V5, taken, "").hint.find("-V 5") == std::string::npos);
  PublishOutcome nobody;
  nobody.reason = wire::ReasonCode::NoMatchingSubscribers;
  CHECK(not_delivered("t", ProtocolVersion::V5, nobody, "").message.find("nobody is subscribed") !=
        std::string::npos);
}

TEST_CASE("properties are facts under the names of the specification, authentication data is not") {
  wire::Properties properties;
  properties.add(wire::PropertyId::MaximumQos, 1);
  properties.add(wire::PropertyId::ReasonString, "because");
  properties.add(wire::PropertyId::AuthenticationData, "secret");
  const Facts facts = property_facts(properties.view());
  REQUIRE(facts.size() == 3);
  CHECK(facts[0].name == "maximum_qos");
  CHECK(std::get<std::int64_t>(facts[0].value) == 1);
  CHECK(std::get<std::string>(facts[1].value) == "because");
  CHECK(std::get<std::string>(facts[2].value) == "6 octets");
}

}  // namespace mqtk::inspect
