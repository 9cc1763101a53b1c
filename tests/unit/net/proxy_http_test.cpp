#include <string>
#include <utility>

#include "net/chain.hpp"
#include "net/proxy/proxy.hpp"
#include "support/catch.hpp"
#include "support/pipe_transport.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

/// An HTTP proxy that is the test.
struct Connect {
  explicit Connect(const std::string& host = "broker", bool with_user = false,
                   std::size_t chunk = std::string::npos)
      : pipe(make_pipe()), in(pipe.first.from_peer), out(pipe.first.to_peer) {
    ProxyConfig config;
    config.kind = ProxyKind::HttpConnect;
    if (with_user) {
      config.username = "Aladdin";
      config.password = "open sesame";
    }
    in->chunk = chunk;
    out->chunk = chunk;
    transport = make_proxy_transport(over(pipe.first), config, host, 8883);
  }

  HandshakeStatus say(const std::string& answer) {
    in->octets += answer;
    HandshakeStatus status = HandshakeStatus::WantRead;
    for (int turn = 0; turn < 600; ++turn) {
      status = transport->handshake();
      if (status == HandshakeStatus::Done || status == HandshakeStatus::Failed) break;
    }
    said = std::exchange(out->octets, {});
    return status;
  }

  std::pair<PipeEnds, PipeEnds> pipe;
  std::shared_ptr<PipeState> in;
  std::shared_ptr<PipeState> out;
  std::unique_ptr<Transport> transport;
  std::string said;
};

}  // namespace

TEST_CASE("CONNECT and what follows it") {
  for (const std::size_t chunk : {std::size_t{1}, std::string::npos}) {
    Connect connect("broker", false, chunk);
    CHECK(connect.say("") == HandshakeStatus::WantRead);
    CHECK(connect.said == "CONNECT broker:8883 HTTP/1.1\r\nHost: broker:8883\r\n\r\n");
    CHECK(connect.say("HTTP/1.0 200 Connection established\r\nProxy-agent: tinyproxy\r\n\r\nabc") ==
          HandshakeStatus::Done);
    connect.in->octets += "defg";
    char buffer[2];
    std::string data;
    for (int i = 0; i < 20; ++i) {
      const IoResult got = connect.transport->read(buffer, sizeof buffer);
      if (got.status == IoStatus::WouldBlock) break;
      data.append(buffer, got.bytes);
    }
    CHECK(data == "abcdefg");
    CHECK(connect.transport->write("x").bytes == 1);
  }
  Connect rest;
  rest.say("HTTP/1.1 200 OK\r\n\r\nabc");
  rest.in->octets += "defg";
  char buffer[100];
  CHECK(rest.transport->read(buffer, sizeof buffer).bytes == 7);
}

TEST_CASE("CONNECT with credentials and to IPv6") {
  Connect basic("broker", true);
  basic.say("");
  CHECK(basic.said ==
        "CONNECT broker:8883 HTTP/1.1\r\nHost: broker:8883\r\n"
        "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
  Connect v6("2001:db8::1");
  v6.say("");
  CHECK(v6.said.starts_with("CONNECT [2001:db8::1]:8883 HTTP/1.1\r\nHost: [2001:db8::1]:8883\r\n"));
}

TEST_CASE("each HTTP refusal of a proxy has its own meaning") {
  struct Row {
    int status;
    ErrorKind kind;
    Cause cause;
    const char* part;
  };
  const Row rows[] = {
      {302, ErrorKind::ProtocolViolation, Cause::ProxyRefused, "elsewhere"},
      {400, ErrorKind::ProtocolViolation, Cause::ProxyRefused, "bad request"},
      {401, ErrorKind::Permission, Cause::ProxyAuth, "asks for credentials"},
      {403, ErrorKind::Permission, Cause::ProxyRefused, "does not allow"},
      {404, ErrorKind::ProtocolViolation, Cause::ProxyRefused, "does not know"},
      {405, ErrorKind::ProtocolViolation, Cause::ProxyRefused, "does not know"},
      {407, ErrorKind::Permission, Cause::ProxyAuth, "asks for credentials"},
      {408, ErrorKind::Unreachable, Cause::ProxyRefused, "gave up"},
      {418, ErrorKind::ProtocolViolation, Cause::ProxyRefused, "refused"},
      {429, ErrorKind::TryAgain, Cause::ProxyRefused, "too many"},
      {500, ErrorKind::Unreachable, Cause::ProxyRefused, "failed"},
      {501, ErrorKind::ProtocolViolation, Cause::ProxyRefused, "does not know"},
      {502, ErrorKind::Unreachable, Cause::ProxyRefused, "cannot reach the broker"},
      {503, ErrorKind::Unreachable, Cause::ProxyRefused, "unavailable"},
      {504, ErrorKind::Unreachable, Cause::ProxyRefused, "in time"},
      {599, ErrorKind::Unreachable, Cause::ProxyRefused, "of its own"},
      {101, ErrorKind::ProtocolViolation, Cause::ProxyRefused, "refused"},
  };
  for (const Row& row : rows) {
    Connect connect("broker", false, 5);
    const std::string status = std::to_string(row.status);
    CHECK(connect.say("HTTP/1.1 " + status + " Any\r\nLocation: http://x/?hunter2\r\n\r\n<p>") ==
          HandshakeStatus::Failed);
    const Error& error = connect.transport->error();
    INFO(status << ": " << error.message);
    CHECK(error.cause == row.cause);
    CHECK(error.kind == row.kind);
    CHECK(error.message.find(row.part) != std::string::npos);
    CHECK(error.message.find("(HTTP " + status + ")") != std::string::npos);
    CHECK(error.message.find("hunter2") == std::string::npos);
  }
  for (const int status : {200, 201, 299}) {
    Connect connect;
    CHECK(connect.say("HTTP/1.1 " + std::to_string(status) + "\r\n\r\n") == HandshakeStatus::Done);
  }
  Connect refused("broker", true);
  CHECK(refused.say("HTTP/1.1 407 x\r\n\r\n") == HandshakeStatus::Failed);
  CHECK(refused.transport->error().message ==
        "the proxy does not accept the user name or the password (HTTP 407)");
}

TEST_CASE("peers that are no HTTP proxy") {
  struct Row {
    std::string answer;
    const char* part;
  };
  const Row rows[] = {
      {std::string("\x05\xFF", 2), "SOCKS5"},
      {std::string("\x15\x03\x01", 3), "TLS"},
      {std::string("\x20\x02\x00\x01", 4), "MQTT"},
      {"SSH-2.0-x\r\n", "no HTTP"},
      {"HTTP/1.1 twohundred\r\n\r\n", "malformed"},
      {"HTTP/1.1 200 OK\r\nbroken line\r\n\r\n", "malformed"},
      {"HTTP/1.1 200 OK\r\nA: " + std::string(70000, 'a') + "\r\n\r\n", "64 KiB"},
  };
  for (const Row& row : rows) {
    Connect connect;
    CHECK(connect.say(row.answer) == HandshakeStatus::Failed);
    INFO(connect.transport->error().message);
    CHECK(connect.transport->error().cause == Cause::ProxyNotProxy);
    CHECK(connect.transport->error().kind == ErrorKind::ProtocolViolation);
    CHECK(connect.transport->error().message.find(row.part) != std::string::npos);
  }
}

TEST_CASE("an HTTP proxy that hangs up") {
  Connect silent;
  silent.say("");
  silent.in->closed = true;
  CHECK(silent.say("") == HandshakeStatus::Failed);
  CHECK(silent.transport->error().cause == Cause::ProxyRefused);
  CHECK(silent.transport->error().kind == ErrorKind::Unreachable);

  Connect half;
  half.say("HTTP/1.1 200 OK\r\n");
  half.in->closed = true;
  CHECK(half.say("") == HandshakeStatus::Failed);
  CHECK(half.transport->error().cause == Cause::ProxyNotProxy);

  Connect below;
  below.say("");
  below.in->broken = true;
  below.in->error = {ErrorKind::Unreachable, Cause::TcpTimeout, "below", {}};
  CHECK(below.say("") == HandshakeStatus::Failed);
  CHECK(below.transport->error().message == "below");
}

TEST_CASE("a host that would change the request is refused") {
  for (const std::string host : {"a b", "a\r\nX: y", "a\x7F"}) {
    Connect connect(host);
    CHECK(connect.say("") == HandshakeStatus::Failed);
    CHECK(connect.transport->error().kind == ErrorKind::Usage);
    CHECK(connect.said.empty());
  }
}

TEST_CASE("an interim answer to CONNECT is not the final one, and lines may end with LF alone") {
  for (const std::size_t chunk : {std::size_t{1}, std::string::npos}) {
    Connect connect("broker", false, chunk);
    CHECK(connect.say("HTTP/1.1 100 Continue\r\n\r\n") == HandshakeStatus::WantRead);
    CHECK(connect.say("HTTP/1.1 102 Processing\nX: y\n\nHTTP/1.1 200 OK\nA: b\n\nabc") ==
          HandshakeStatus::Done);
    char buffer[100];
    std::string data;
    for (int i = 0; i < 5; ++i) data.append(buffer, connect.transport->read(buffer, 100).bytes);
    CHECK(data == "abc");
  }
  Connect refused;
  CHECK(refused.say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 407 No\r\n\r\n") ==
        HandshakeStatus::Failed);
  CHECK(refused.transport->error().cause == Cause::ProxyAuth);
}

TEST_CASE("a proxy that closes as a socket does is called the proxy") {
  Connect connect;
  connect.say("");
  connect.in->error = {ErrorKind::Unreachable, Cause::MqttLost, "the peer closed the connection",
                       ""};
  connect.in->closed = true;
  CHECK(connect.say("") == HandshakeStatus::Failed);
  CHECK(connect.transport->error().message ==
        "the proxy closed the connection instead of answering the request CONNECT");
}

TEST_CASE("half an answer of a proxy can be shown") {
  Connect connect;
  connect.say("HTTP/1.1 200 O");
  ChainFacts facts;
  connect.transport->describe(facts);
  CHECK(facts.heard == "HTTP/1.1 200 O");
  CHECK(connect.say("K\r\n\r\n") == HandshakeStatus::Done);
  ChainFacts later;
  connect.transport->describe(later);
  CHECK(later.heard.empty());
}
