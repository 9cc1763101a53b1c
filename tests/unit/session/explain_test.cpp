// What the server's answers are called. Every answer has a sentence, whoever sends it.
#include "session/explain.hpp"

#include <cctype>

#include "support/catch.hpp"

using namespace mqtk;

namespace {

void check_sentence(const Error& error) {
  INFO(error.message << " / " << error.hint);
  REQUIRE_FALSE(error.message.empty());
  CHECK(error.cause != Cause::None);
  CHECK(std::isupper(static_cast<unsigned char>(error.message[0])) == 0);
  CHECK(error.message.back() != '.');
  CHECK(error.message.find("  ") == std::string::npos);
  for (const std::string& text : {error.message, error.hint}) {
    for (const char c : text) CHECK((c >= 0x20 && c < 0x7F));
  }
}

SessionSettings settings_of(wire::ProtocolVersion version, std::string client_id = "me") {
  SessionSettings settings;
  settings.version = version;
  settings.client_id = std::move(client_id);
  return settings;
}

Error refusal(wire::ProtocolVersion version, unsigned code, std::string client_id = "me") {
  wire::Connack connack;
  connack.code = static_cast<std::uint8_t>(code);
  return explain_refusal(connack, settings_of(version, std::move(client_id)));
}

constexpr auto kV311 = wire::ProtocolVersion::V311;
constexpr auto kV5 = wire::ProtocolVersion::V5;

}  // namespace

TEST_CASE("every return code of CONNACK has a sentence") {
  for (unsigned code = 1; code < 256; ++code) {
    check_sentence(refusal(kV311, code));
    check_sentence(refusal(kV5, code));
    check_sentence(refusal(kV311, code, ""));
    check_sentence(refusal(kV5, code, ""));
  }
}

TEST_CASE("refusals by version, id and credentials are told apart") {
  struct Row {
    wire::ProtocolVersion version;
    unsigned code;
    ErrorKind kind;
    Cause cause;
  };
  for (const Row& row : {Row{kV311, 1, ErrorKind::ProtocolViolation, Cause::MqttVersion},
                         Row{kV311, 2, ErrorKind::ProtocolViolation, Cause::MqttClientId},
                         Row{kV311, 3, ErrorKind::TryAgain, Cause::MqttUnavailable},
                         Row{kV311, 4, ErrorKind::Permission, Cause::MqttCredentials},
                         Row{kV311, 5, ErrorKind::Permission, Cause::MqttNotAuthorised},
                         Row{kV311, 6, ErrorKind::Failed, Cause::MqttRefused},
                         Row{kV5, 0x84, ErrorKind::ProtocolViolation, Cause::MqttVersion},
                         Row{kV5, 1, ErrorKind::ProtocolViolation, Cause::MqttVersion},
                         Row{kV5, 0x85, ErrorKind::ProtocolViolation, Cause::MqttClientId},
                         Row{kV5, 0x86, ErrorKind::Permission, Cause::MqttCredentials},
                         Row{kV5, 0x87, ErrorKind::Permission, Cause::MqttNotAuthorised},
                         Row{kV5, 0x88, ErrorKind::TryAgain, Cause::MqttUnavailable},
                         Row{kV5, 0x89, ErrorKind::TryAgain, Cause::MqttBusy},
                         Row{kV5, 0x8A, ErrorKind::Permission, Cause::MqttNotAuthorised},
                         Row{kV5, 0x97, ErrorKind::TryAgain, Cause::MqttQuota},
                         Row{kV5, 0x9C, ErrorKind::TryAgain, Cause::MqttUseAnother},
                         Row{kV5, 0x80, ErrorKind::Failed, Cause::MqttRefused}}) {
    INFO(row.code);
    const Error error = refusal(row.version, row.code);
    CHECK(error.kind == row.kind);
    CHECK(error.cause == row.cause);
  }
}

TEST_CASE("what a hostile server says is shown, and harmless") {
  wire::Properties properties;
  properties.add(wire::PropertyId::ReasonString, "\x1b[2Jgone\xC2\x9B");
  properties.add(wire::PropertyId::ServerReference, "other\x07");
  wire::Connack connack;
  connack.code = 0x9C;
  connack.properties = properties.view();
  const Error error = explain_refusal(connack, settings_of(kV5));
  check_sentence(error);
  CHECK(error.message.find("gone") != std::string::npos);
  CHECK(error.message.find("names another server: 'other") != std::string::npos);
  const Error id = refusal(kV311, 2, "\x1b]0;x\x07");
  check_sentence(id);
}

TEST_CASE("a server's DISCONNECT has a sentence for every reason") {
  for (unsigned code = 0; code < 256; ++code) {
    wire::Disconnect disconnect;
    disconnect.reason = static_cast<wire::ReasonCode>(code);
    check_sentence(explain_disconnect(disconnect, "me"));
  }
  wire::Disconnect taken;
  taken.reason = wire::ReasonCode::SessionTakenOver;
  const Error error = explain_disconnect(taken, "me");
  CHECK(error.kind == ErrorKind::TryAgain);
  CHECK(error.message.find("'me'") != std::string::npos);
}

TEST_CASE("the first bytes tell what the peer speaks instead") {
  const Endpoint endpoint;
  const auto cause = [&](Bytes first) {
    ProtocolFault fault;
    fault.kind = ProtocolFault::Kind::NotMqtt;
    const Error error = explain_fault(fault, endpoint, first);
    check_sentence(error);
    CHECK(error.kind == ErrorKind::ProtocolViolation);
    return error.cause;
  };
  CHECK(cause(Bytes("\x15\x03\x01\x00\x02\x02\x46", 7)) == Cause::MqttTlsExpected);
  CHECK(cause(Bytes("\x16\x03\x03\x00\x10", 5)) == Cause::MqttTlsExpected);
  CHECK(cause("HTTP/1.1 400 Bad Request\r\n") == Cause::MqttNotMqtt);
  CHECK(cause("SSH-2.0-OpenSSH") == Cause::MqttNotMqtt);
  CHECK(cause(Bytes("\x00\xff\x1b[2J", 6)) == Cause::MqttNotMqtt);
  CHECK(cause("") == Cause::MqttNotMqtt);
}

TEST_CASE("a close in reply to a message names what the message had") {
  const Error closed{ErrorKind::Unreachable, Cause::MqttLost, "closed", {}};
  LastPublish last;
  CHECK(explain_loss(closed, last).cause == Cause::MqttLost);
  last.any_sent = true;
  last.qos = wire::Qos::ExactlyOnce;
  CHECK(explain_loss(closed, last).cause == Cause::PubClosedQos);
  last.qos = wire::Qos::AtLeastOnce;
  last.size = 1'000'000;
  CHECK(explain_loss(closed, last).cause == Cause::PubClosedSize);
  last.size = 10;
  last.retain = true;
  CHECK(explain_loss(closed, last).cause == Cause::PubClosedRetain);
  last.retain = false;
  CHECK(explain_loss(closed, last).cause == Cause::MqttLost);
  for (const LastPublish& each : {LastPublish{}, last}) check_sentence(explain_loss(closed, each));
  const Error tls{ErrorKind::Tls, Cause::TlsExpired, "expired", {}};
  CHECK(explain_loss(tls, last).cause == Cause::TlsExpired);
}

TEST_CASE("a WebSocket that is closed over a message of QoS 2 is about QoS 2") {
  LastPublish last{wire::Qos::ExactlyOnce, false, 10, true};
  const Error blamed{ErrorKind::ProtocolViolation, Cause::WsClosed, "closed: 1002", {}};
  CHECK(explain_loss(blamed, last).cause == Cause::PubClosedQos);
  last.qos = wire::Qos::AtLeastOnce;
  CHECK(explain_loss(blamed, last).message == blamed.message);
  last.qos = wire::Qos::ExactlyOnce;
  const Error away{ErrorKind::Unreachable, Cause::WsClosed, "closed: 1001, going away", {}};
  CHECK(explain_loss(away, last).message == away.message);
}

TEST_CASE("a close in reply to a subscription names its filter") {
  const Error closed{ErrorKind::Unreachable, Cause::MqttLost, "closed", {}};
  const Error shared = explain_subscribe_loss(closed, "$share/g/a");
  check_sentence(shared);
  CHECK(shared.cause == Cause::SubDenied);
  CHECK(shared.message.find("'$share/g/a'") != std::string::npos);
  CHECK(shared.hint.find("shared") != std::string::npos);
  CHECK(explain_subscribe_loss(closed, "a/#").hint.find("shared") == std::string::npos);
  const Error silent{ErrorKind::Unreachable, Cause::MqttPingTimeout, "no answer", {}};
  CHECK(explain_subscribe_loss(silent, "a").cause == Cause::MqttPingTimeout);
  wire::Disconnect disconnect;
  disconnect.reason = wire::ReasonCode::SharedSubscriptionsNotSupported;
  CHECK(explain_disconnect(disconnect, "me").cause == Cause::SubDenied);
}

TEST_CASE("a QoS 2 message that is acknowledged as one of QoS 1 gets a hint") {
  ProtocolFault fault;
  fault.kind = ProtocolFault::Kind::Protocol;
  fault.rule = "MQTT-4.3.3-2";
  CHECK(explain_fault(fault, {}, "").hint.find("-q 1") != std::string::npos);
}

TEST_CASE("a silent or closing server at CONNECT gets a hint that fits") {
  const Error closed{ErrorKind::Unreachable, Cause::MqttLost, "closed", {}};
  const auto hint = [&](Scheme scheme, wire::ProtocolVersion version) {
    Endpoint endpoint;
    endpoint.scheme = scheme;
    const Error error = explain_closed_before_connack(closed, endpoint, settings_of(version));
    check_sentence(error);
    CHECK(error.cause == Cause::MqttClosedAfterConnect);
    check_sentence(explain_no_connack(5s, endpoint, settings_of(version)));
    return error.hint;
  };
  CHECK(hint(Scheme::Mqtt, kV5).find("-V 3.1.1") != std::string::npos);
  CHECK(hint(Scheme::Mqtt, kV311).find("mqtts://") != std::string::npos);
  CHECK(hint(Scheme::Mqtts, kV311).find("--cert") != std::string::npos);
  const Error refused{ErrorKind::ProtocolViolation,
                      Cause::WsClosed,
                      "the server closed the WebSocket: 1002, protocol error (\"unauthenticated\")",
                      {}};
  CHECK(explain_closed_before_connack(refused, {}, settings_of(kV311)).cause ==
        Cause::MqttCredentials);
  const Error unexpected{ErrorKind::Unreachable, Cause::WsClosed, "closed: 1011", {}};
  const Error of_5 = explain_closed_before_connack(unexpected, {}, settings_of(kV5));
  CHECK(of_5.message == unexpected.message);
  CHECK(of_5.hint.find("-V 3.1.1") != std::string::npos);
  const Error late{ErrorKind::Tls, Cause::TlsClientCertRequired, "wants a certificate", {}};
  CHECK(explain_closed_before_connack(late, {}, settings_of(kV5)).cause ==
        Cause::TlsClientCertRequired);
}

TEST_CASE("what came in place of an answer to CONNECT is shown, safely") {
  const Error error = explain_no_connack(5s, Endpoint{}, settings_of(kV311), "-ERR\x1b[0m");
  CHECK(error.cause == Cause::MqttNoAnswer);
  CHECK_THAT(error.message, Catch::Matchers::ContainsSubstring("only '-ERR\\x1b[0m' came"));
}

TEST_CASE("refused messages") {
  for (unsigned code = 0x80; code < 256; ++code) {
    check_sentence(explain_publish_refusal(static_cast<wire::ReasonCode>(code), "a\x1b/b"));
  }
  CHECK(explain_publish_refusal(wire::ReasonCode::NotAuthorized, "a").kind ==
        ErrorKind::Permission);
  CHECK(explain_publish_refusal(wire::ReasonCode::QuotaExceeded, "").kind == ErrorKind::TryAgain);
}
