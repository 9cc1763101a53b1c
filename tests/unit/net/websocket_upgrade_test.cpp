#include <string>
#include <vector>

#include "net/websocket/upgrade.hpp"
#include "support/catch.hpp"
#include "support/pipe_transport.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

constexpr const char* kKey = "dGhlIHNhbXBsZSBub25jZQ==";  // "the sample nonce", RFC 6455, 1.3
constexpr const char* kAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

std::string upgraded(const std::string& extra = "Sec-WebSocket-Protocol: mqtt\r\n",
                     const std::string& accept = kAccept) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
         (accept.empty() ? "" : "Sec-WebSocket-Accept: " + accept + "\r\n") + extra + "\r\n";
}

ClientUpgrade client(const std::string& target = "/mqtt") {
  WebSocketConfig config;
  config.target = target;
  return ClientUpgrade(config, "broker:8080", "the sample nonce");
}

/// What a client with the key of the RFC makes of that answer.
Error error_of(const std::string& answer, const std::string& target = "/mqtt") {
  ClientUpgrade upgrade = client(target);
  std::string out;
  REQUIRE(upgrade.open(out) == Dialogue::Step::Talk);
  REQUIRE(upgrade.feed(answer, out) == Dialogue::Step::Failed);
  return upgrade.error();
}

Error error_at_end(const std::string& received, const Error& lower) {
  ClientUpgrade upgrade = client();
  std::string out;
  upgrade.open(out);
  if (!received.empty()) REQUIRE(upgrade.feed(received, out) == Dialogue::Step::Talk);
  return upgrade.ended(lower);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string request(const std::string& without = "", const std::string& instead = "") {
  std::string text;
  for (const std::string line :
       {"GET /any?x=1 HTTP/1.1", "Host: broker", "Upgrade: WebSocket",
        "Connection: keep-alive, upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: mqttv3.1, mqtt"}) {
    const bool replaced = !without.empty() && line.starts_with(without);
    const std::string& written = replaced ? instead : line;
    if (!written.empty()) text += written + "\r\n";
  }
  return text + "\r\n";
}

}  // namespace

TEST_CASE("the accept value is that of RFC 6455") {
  CHECK(websocket_accept(kKey) == kAccept);
}

TEST_CASE("the request of the upgrade") {
  std::string out;
  client("/a/b?token=x").open(out);
  CHECK(out ==
        "GET /a/b?token=x HTTP/1.1\r\nHost: broker:8080\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n");
}

TEST_CASE("headers given replace Host and are added otherwise") {
  WebSocketConfig config;
  config.subprotocol = "mqttv3.1";
  config.headers = {{"host", "other"}, {"Origin", "https://here"}, {"Authorization", "Bearer s"}};
  std::string out;
  ClientUpgrade(config, "broker:8080", "the sample nonce").open(out);
  CHECK(contains(out, "\r\nHost: other\r\n"));
  CHECK_FALSE(contains(out, "broker:8080"));
  CHECK_FALSE(contains(out, "host: other"));
  CHECK(contains(out, "\r\nOrigin: https://here\r\n"));
  CHECK(contains(out, "\r\nAuthorization: Bearer s\r\n"));
  CHECK(contains(out, "\r\nSec-WebSocket-Protocol: mqttv3.1\r\n"));
}

TEST_CASE("a configuration that cannot be sent is refused") {
  const auto with = [](const std::string& target, const std::string& name = "",
                       const std::string& value = "", const std::string& subprotocol = "mqtt") {
    WebSocketConfig config;
    config.target = target;
    config.subprotocol = subprotocol;
    if (!name.empty() || !value.empty()) config.headers.push_back({name, value});
    return check_websocket_config(config);
  };
  CHECK(with("/mqtt") == nullptr);
  CHECK(with("/a/b?c=%20&d", "X-Name", "any value, \tor none") == nullptr);
  CHECK(with("/", "X-Empty") == nullptr);
  for (const std::string target :
       {"", "mqtt", "/a b", "/a\r\nX: y", "/a#b", "/\x7F", "/\xC3\xA4"}) {
    INFO(target);
    CHECK(with(target) != nullptr);
  }
  CHECK(with(std::string("/a\0b", 4)) != nullptr);
  for (const std::string name :
       {"", "A B", "A:", "A\r\nB", "Upgrade", "connection", "Sec-WebSocket-Key",
        "sec-websocket-extensions", "Content-Length"}) {
    INFO(name);
    CHECK(with("/", name, "v") != nullptr);
  }
  for (const std::string value : {"a\r\nX: y", "a\nb", "a\rb", "\x01", "\x7F"}) {
    INFO(value);
    CHECK(with("/", "X", value) != nullptr);
  }
  CHECK(with("/", "X", std::string("a\0b", 3)) != nullptr);
  CHECK(with("/", "", "", "mqtt, chat") != nullptr);
  CHECK(with("/", "", "", "") != nullptr);
  WebSocketConfig twice;
  twice.headers = {{"Host", "a"}, {"HOST", "b"}};
  CHECK(check_websocket_config(twice) != nullptr);

  WebSocketConfig bad;
  bad.target = "no slash";
  const auto made = make_websocket_client(over(make_pipe().first), bad, "broker");
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == ErrorKind::Usage);
}

TEST_CASE("a valid upgrade, also octet by octet, keeps what follows it") {
  ClientUpgrade upgrade = client();
  std::string out;
  upgrade.open(out);
  const std::string answer = upgraded();
  for (std::size_t i = 0; i + 1 < answer.size(); ++i) {
    REQUIRE(upgrade.feed(answer.substr(i, 1), out) == Dialogue::Step::Talk);
  }
  REQUIRE(upgrade.feed("\n\x82\x01", out) == Dialogue::Step::Done);
  CHECK(upgrade.take_rest() == "\x82\x01");
  CHECK(upgrade.info().status == 101);
  CHECK(upgrade.info().reason == "Switching Protocols");
  CHECK(upgrade.info().subprotocol == "mqtt");
}

TEST_CASE("names and tokens of the upgrade are compared in any case of letters") {
  ClientUpgrade upgrade = client();
  std::string out;
  upgrade.open(out);
  CHECK(upgrade.feed("HTTP/1.1 101 \r\nUPGRADE: WebSocket\r\nconnection:keep-alive ,  upgrade\r\n"
                     "sec-websocket-accept:\t" +
                         std::string(kAccept) + "  \r\nsec-websocket-protocol: mqtt\r\n\r\n",
                     out) == Dialogue::Step::Done);
}

TEST_CASE("an upgrade that is not valid is refused") {
  struct Row {
    std::string answer;
    Cause cause;
    const char* part;
  };
  const std::string protocol = "Sec-WebSocket-Protocol: mqtt\r\n";
  const std::string start = "HTTP/1.1 101 Switching Protocols\r\n";
  const std::string accept = "Sec-WebSocket-Accept: " + std::string(kAccept) + "\r\n";
  const Row rows[] = {
      {upgraded(protocol, ""), Cause::WsHandshake, "Sec-WebSocket-Accept is missing"},
      {upgraded(protocol, "AAAA"), Cause::WsHandshake, "does not fit our key"},
      {upgraded(protocol, "S3PPLMBITXAQ9KYGZZHZRBK+XOO="), Cause::WsHandshake, "does not fit"},
      {upgraded(protocol + accept), Cause::WsHandshake, "comes twice"},
      {upgraded(""), Cause::WsNotMqtt, "did not agree to the subprotocol mqtt"},
      {upgraded("Sec-WebSocket-Protocol: \r\n"), Cause::WsNotMqtt, "did not agree"},
      {upgraded("Sec-WebSocket-Protocol: chat\r\n"), Cause::WsNotMqtt, "\"chat\""},
      {upgraded("Sec-WebSocket-Protocol: mqtt, chat\r\n"), Cause::WsNotMqtt, "mqtt, chat"},
      {upgraded("Sec-WebSocket-Protocol: mqttv3.1\r\n"), Cause::WsNotMqtt, "mqttv3.1"},
      {upgraded(protocol + protocol), Cause::WsHandshake, "comes twice"},
      {upgraded(protocol + "Sec-WebSocket-Extensions: permessage-deflate\r\n"), Cause::WsHandshake,
       "extension"},
      {start + "Connection: Upgrade\r\n" + accept + protocol + "\r\n", Cause::WsHandshake,
       "header Upgrade"},
      {start + "Upgrade: h2c\r\nConnection: Upgrade\r\n" + accept + protocol + "\r\n",
       Cause::WsHandshake, "header Upgrade"},
      {start + "Upgrade: websocket\r\n" + accept + protocol + "\r\n", Cause::WsHandshake,
       "Connection"},
  };
  for (const Row& row : rows) {
    INFO(row.answer);
    const Error error = error_of(row.answer);
    CHECK(error.cause == row.cause);
    CHECK(error.kind == ErrorKind::ProtocolViolation);
    CHECK(contains(error.message, row.part));
  }
}

TEST_CASE("each HTTP status has its own meaning") {
  struct Row {
    int status;
    ErrorKind kind;
    const char* part;
  };
  const Row rows[] = {
      {200, ErrorKind::ProtocolViolation, "ordinary web page is at /secret-free"},
      {204, ErrorKind::ProtocolViolation, "without upgrading"},
      {301, ErrorKind::ProtocolViolation, "elsewhere: to https://there/x"},
      {302, ErrorKind::ProtocolViolation, "elsewhere: to https://there/x"},
      {304, ErrorKind::ProtocolViolation, "without upgrading"},
      {307, ErrorKind::ProtocolViolation, "elsewhere: to https://there/x"},
      {308, ErrorKind::ProtocolViolation, "elsewhere: to https://there/x"},
      {400, ErrorKind::ProtocolViolation, "bad request"},
      {401, ErrorKind::Permission, "asks for credentials for \"the \\x1b gate\""},
      {403, ErrorKind::Permission, "access to /secret-free is forbidden"},
      {404, ErrorKind::ProtocolViolation, "there is no WebSocket at /secret-free"},
      {405, ErrorKind::ProtocolViolation, "GET"},
      {407, ErrorKind::Permission, "proxy"},
      {408, ErrorKind::Unreachable, "gave up waiting"},
      {410, ErrorKind::ProtocolViolation, "there is no WebSocket at /secret-free"},
      {414, ErrorKind::ProtocolViolation, "too long"},
      {418, ErrorKind::ProtocolViolation, "refused the WebSocket request"},
      {421, ErrorKind::ProtocolViolation, "host name"},
      {426, ErrorKind::ProtocolViolation, "another protocol or WebSocket version"},
      {429, ErrorKind::TryAgain, "too many requests"},
      {431, ErrorKind::ProtocolViolation, "too long"},
      {500, ErrorKind::ProtocolViolation, "failed"},
      {501, ErrorKind::ProtocolViolation, "knows no WebSocket"},
      {502, ErrorKind::Unreachable, "reaches no broker behind it"},
      {503, ErrorKind::TryAgain, "unavailable"},
      {504, ErrorKind::Unreachable, "no answer from the broker"},
      {599, ErrorKind::ProtocolViolation, "an error of its own"},
  };
  for (const Row& row : rows) {
    HttpResponse response;
    response.status = row.status;
    response.reason = "hunter2";
    response.headers = {{"Location", "https://user:hunter2@there/x?key=hunter2#hunter2"},
                        {"WWW-Authenticate", "Basic Realm=\"the \x1B gate\", nonce=\"hunter2\""},
                        {"Set-Cookie", "hunter2"}};
    const Error error = websocket_status_error(response, "/secret-free?token=hunter2");
    INFO(row.status << ": " << error.message);
    CHECK(error.cause == Cause::WsStatus);
    CHECK(error.kind == row.kind);
    CHECK(contains(error.message, row.part));
    CHECK(contains(error.message, "(HTTP " + std::to_string(row.status) + ")"));
    CHECK_FALSE(contains(error.message + error.hint, "hunter2"));
  }
}

TEST_CASE("a refusal is reported with its headers, without the values that may be secret") {
  ClientUpgrade upgrade = client();
  std::string out;
  upgrade.open(out);
  REQUIRE(upgrade.feed("HTTP/1.1 302 Found\r\nServer: nginx\r\nSet-Cookie: a=b\r\n"
                       "Location: /login?next=x\r\nX-Other: y\r\n\r\n<html>",
                       out) == Dialogue::Step::Failed);
  const WebSocketInfo& info = upgrade.info();
  CHECK(info.status == 302);
  CHECK(info.reason == "Found");
  REQUIRE(info.headers.size() == 4);
  CHECK(info.headers[0].value == "nginx");
  CHECK(info.headers[1].name == "Set-Cookie");
  CHECK(info.headers[1].value.empty());
  CHECK(info.headers[2].value == "/login");
  CHECK(info.headers[3].value.empty());
}

TEST_CASE("answers that are no HTTP are told apart") {
  CHECK(contains(error_of(std::string("\x15\x03\x01\x00\x02\x02\x46", 7)).message, "speaks TLS"));
  CHECK(contains(error_of(std::string("\x16\x03\x03\x00", 4)).message, "speaks TLS"));
  CHECK(contains(error_of(std::string("\x20\x02\x00\x01", 4)).message, "MQTT without WebSocket"));
  CHECK(contains(error_of("SSH-2.0-OpenSSH_9").message, "SSH"));
  CHECK(contains(error_of("220 mail.example ESMTP\r\n").message, "mail"));
  CHECK(contains(error_of("\x01\xFFzz").message, "\"\\x01\\xffzz\""));
  for (const std::string answer : {"\x15\x03", "SSH-", "HTTP/2.0 200 OK\r\n", "http/1.1 101\r\n"}) {
    const Error error = error_of(answer);
    CHECK(error.cause == Cause::WsHandshake);
    CHECK(error.kind == ErrorKind::ProtocolViolation);
  }
}

TEST_CASE("malformed heads are refused") {
  const std::string rest = "Upgrade: websocket\r\n\r\n";
  for (const std::string answer :
       {"HTTP/1.1 10 x\r\n", "HTTP/1.1 1000 x\r\n", "HTTP/1.1 099 x\r\n", "HTTP/1.1  101 x\r\n",
        "HTTP/1.x 101 x\r\n", "HTTP/1.1 101 \x01\r\n", "HTTP/1.1 101 x\r\nno colon\r\n",
        "HTTP/1.1 101 x\r\n: v\r\n", "HTTP/1.1 101 x\r\nA : v\r\n", "HTTP/1.1 101 x\r\n folded\r\n",
        "HTTP/1.1 101 x\r\nA: b\rC: d\r\n", "HTTP/1.1 101 x\r\nA: \x1B\r\n"}) {
    INFO(answer);
    const Error error = error_of(answer + rest);
    CHECK(error.cause == Cause::WsHandshake);
    CHECK(contains(error.message, "malformed"));
  }
  CHECK(contains(error_of("HTTP/1.1 101 x\r\n" + std::string("A: \0\r\n\r\n", 8)).message,
                 "malformed"));
}

TEST_CASE("a head without end is bounded") {
  ClientUpgrade upgrade = client();
  std::string out;
  upgrade.open(out);
  std::size_t sent = 0;
  Dialogue::Step step = upgrade.feed("HTTP/1.1 101 x\r\nA: ", out);
  while (step == Dialogue::Step::Talk && sent <= kMaxHttpHead) {
    step = upgrade.feed(std::string(1024, 'a'), out);
    sent += 1024;
  }
  CHECK(step == Dialogue::Step::Failed);
  CHECK(sent <= kMaxHttpHead);
  CHECK(upgrade.error().cause == Cause::WsHandshake);
  CHECK(contains(upgrade.error().message, "64 KiB"));
  CHECK(contains(error_of("HTTP/1.1 101 x\r\nA: " + std::string(70000, 'a') + "\r\n\r\n").message,
                 "64 KiB"));
}

TEST_CASE("a connection that ends before the answer") {
  const Error closed{ErrorKind::Unreachable, Cause::TcpClosed, "lower", {}};
  const Error reset{ErrorKind::Unreachable, Cause::TcpReset, "lower", {}};
  const Error timeout{ErrorKind::Unreachable, Cause::TcpTimeout, "lower", {}};
  CHECK(error_at_end("", closed).cause == Cause::TcpClosed);
  CHECK(contains(error_at_end("", closed).message, "closed the connection instead of answering"));
  CHECK(error_at_end("", {}).cause == Cause::TcpClosed);
  CHECK(error_at_end("", reset).cause == Cause::TcpReset);
  CHECK(contains(error_at_end("", reset).message, "reset the connection instead of answering"));
  CHECK(error_at_end("", timeout).message == "lower");
  CHECK(error_at_end("HTTP/1.1 101", closed).cause == Cause::WsHandshake);
}

TEST_CASE("the server answers a request for MQTT with 101") {
  ServerUpgrade server;
  std::string out;
  REQUIRE(server.feed(request() + "rest", out) == Dialogue::Step::Done);
  CHECK(
      out ==
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n");
  CHECK(server.take_rest() == "rest");
  CHECK(server.info().subprotocol == "mqtt");
}

TEST_CASE("the server refuses other requests") {
  struct Row {
    const char* without;
    const char* instead;
    const char* status;
  };
  const Row rows[] = {
      {"GET", "POST / HTTP/1.1", "400"},
      {"GET", "GET / HTTP/2.0", "400"},
      {"GET", "GET /a b HTTP/1.1", "400"},
      {"GET", "GET /", "400"},
      {"Host", "", "400"},
      {"Host", "Host: a\r\nHost: b", "400"},
      {"Upgrade", "", "426"},
      {"Upgrade", "Upgrade: h2c", "426"},
      {"Connection", "", "426"},
      {"Sec-WebSocket-Key", "", "400"},
      {"Sec-WebSocket-Key", "Sec-WebSocket-Key: abc", "400"},
      {"Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSE*", "400"},
      {"Sec-WebSocket-Version", "Sec-WebSocket-Version: 8", "426"},
      {"Sec-WebSocket-Version", "", "426"},
      {"Sec-WebSocket-Protocol", "", "400"},
      {"Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol: mqttv3.1", "400"},
  };
  for (const Row& row : rows) {
    ServerUpgrade server;
    std::string out;
    INFO(row.without << " -> " << row.instead);
    CHECK(server.feed(request(row.without, row.instead), out) == Dialogue::Step::Failed);
    CHECK(out.starts_with(std::string("HTTP/1.1 ") + row.status));
    CHECK(out.ends_with("\r\n\r\n"));
    CHECK(server.error().cause == Cause::WsHandshake);
  }
  ServerUpgrade server;
  std::string out;
  CHECK(server.feed("\x10", out) == Dialogue::Step::Failed);
}

TEST_CASE("the server's refusal is sent before its handshake fails") {
  auto [near, far] = make_pipe();
  near.to_peer->capacity = 10;
  auto server = std::move(make_websocket_server(over(near)).value());
  far.to_peer->octets = "GET / HTTP/1.1\r\n\r\n";
  std::string answer;
  HandshakeStatus status = server->handshake();
  while (status == HandshakeStatus::WantWrite) {
    answer += std::exchange(far.from_peer->octets, {});
    status = server->handshake();
  }
  answer += far.from_peer->octets;
  CHECK(status == HandshakeStatus::Failed);
  CHECK(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(answer.ends_with("\r\n\r\n"));
  CHECK(server->error().cause == Cause::WsHandshake);
  CHECK(server->info().status == 400);
}

TEST_CASE("an interim answer is not the final one, and lines may end with LF alone") {
  for (const bool in_pieces : {false, true}) {
    ClientUpgrade upgrade = client();
    std::string out;
    upgrade.open(out);
    std::string answer =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\nLink: x\n\n" + upgraded() + "rest";
    Dialogue::Step step = Dialogue::Step::Talk;
    if (in_pieces) {
      while (step == Dialogue::Step::Talk) {
        step = upgrade.feed(answer.substr(0, 1), out);
        answer.erase(0, 1);
      }
      CHECK(answer == "rest");
    } else {
      step = upgrade.feed(answer, out);
      CHECK(upgrade.take_rest() == "rest");
    }
    CHECK(step == Dialogue::Step::Done);
  }
  CHECK(contains(error_of("HTTP/1.1 404 Not Found\nA: b\n\n").message, "no WebSocket at /mqtt"));
}

TEST_CASE("an end that a socket tells is told as the server's") {
  const Error closed{ErrorKind::Unreachable, Cause::MqttLost, "the peer closed the connection", ""};
  CHECK(error_at_end("", closed).message ==
        "the server closed the connection instead of answering the WebSocket request");
}
