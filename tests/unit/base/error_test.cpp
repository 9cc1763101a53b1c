#include "base/error.hpp"

#include <map>
#include <set>

#include "base/result.hpp"
#include "support/catch.hpp"

namespace mqtk::test {

TEST_CASE("every cause has a word of its own") {
  std::set<std::string_view> words;
  CHECK(name(Cause::None).empty());
  for (std::size_t i = 1; i < static_cast<std::size_t>(Cause::Count_); ++i) {
    const std::string_view word = name(static_cast<Cause>(i));
    CAPTURE(i, word);
    CHECK(words.insert(word).second);
    const std::size_t dot = word.find('.');
    REQUIRE(dot != std::string_view::npos);
    CHECK(std::set<std::string_view>{"dns", "tcp", "proxy", "tls", "ws", "mqtt", "sub", "pub",
                                     "server"}
              .count(word.substr(0, dot)) == 1);
    CHECK(word.substr(dot + 1).find_first_not_of("abcdefghijklmnopqrstuvwxyz_") ==
          std::string_view::npos);
    CHECK(word.size() > dot + 1);
  }
}

TEST_CASE("causes and words stand in the same order") {
  CHECK(name(Cause::DnsNotFound) == "dns.not_found");
  CHECK(name(Cause::TcpRefused) == "tcp.refused");
  CHECK(name(Cause::TcpLocal) == "tcp.local");
  CHECK(name(Cause::ProxyAuth) == "proxy.auth");
  CHECK(name(Cause::TlsUntrusted) == "tls.untrusted");
  CHECK(name(Cause::TlsExpired) == "tls.expired");
  CHECK(name(Cause::TlsTimeout) == "tls.timeout");
  CHECK(name(Cause::WsStatus) == "ws.status");
  CHECK(name(Cause::WsProtocol) == "ws.protocol");
  CHECK(name(Cause::MqttVersion) == "mqtt.version");
  CHECK(name(Cause::MqttNotAuthorised) == "mqtt.not_authorised");
  CHECK(name(Cause::MqttNotMqtt) == "mqtt.not_mqtt");
  CHECK(name(Cause::MqttPingTimeout) == "mqtt.ping_timeout");
  CHECK(name(Cause::SubDenied) == "sub.denied");
  CHECK(name(Cause::PubDenied) == "pub.denied");
  CHECK(name(Cause::PubTimeout) == "pub.timeout");
}

TEST_CASE("exit codes") {
  const std::map<ErrorKind, int> codes = {{ErrorKind::Failed, 1},
                                          {ErrorKind::Usage, 64},
                                          {ErrorKind::BadInput, 65},
                                          {ErrorKind::NoInput, 66},
                                          {ErrorKind::HostNotFound, 68},
                                          {ErrorKind::Unreachable, 69},
                                          {ErrorKind::OutputFailed, 74},
                                          {ErrorKind::TryAgain, 75},
                                          {ErrorKind::ProtocolViolation, 76},
                                          {ErrorKind::Permission, 77},
                                          {ErrorKind::Configuration, 78},
                                          {ErrorKind::Tls, 79},
                                          {ErrorKind::Timeout, 124}};
  CHECK(codes.size() == 13);
  for (const auto& [kind, code] : codes) CHECK(exit_code(kind) == code);
}

TEST_CASE("a result is a value or an error") {
  const Result<int> good = 5;
  REQUIRE(good);
  CHECK(*good == 5);
  const Result<int> bad = fail(ErrorKind::Usage, "no topic given", "say which with -t TOPIC");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().kind == ErrorKind::Usage);
  CHECK(bad.error().message == "no topic given");
  CHECK(bad.error().hint == "say which with -t TOPIC");
  CHECK(bad.error().cause == Cause::None);
  const Result<void> done;
  CHECK(done);
  const Result<void> failed =
      fail(ErrorKind::Tls, Cause::TlsExpired, "the certificate has expired");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().cause == Cause::TlsExpired);
}

}  // namespace mqtk::test
