#include "support/proxies.hpp"

#include "server/listener.hpp"
#include "support/catch.hpp"
#include "support/certs.hpp"
#include "support/mosquitto.hpp"
#include "support/nginx.hpp"
#include "support/ports.hpp"
#include "support/raw_client.hpp"
#include "support/skipped.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

bool answers_http(std::uint16_t port, const std::string& request, const std::string& status) {
  RawClient client(port);
  CHECK(client.send_raw(request));
  const std::string line = client.receive_octets(12);
  INFO(line);
  CHECK(line == "HTTP/1.1 " + status);
  return line == "HTTP/1.1 " + status;
}

std::string upgrade(const std::string& path, const std::string& further = {}) {
  return "GET " + path +
         " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
         "Sec-WebSocket-Protocol: mqtt\r\n" +
         further + "\r\n";
}

/// Through a SOCKS5 proxy without authentication to a port of 127.0.0.1: the reply's code.
int socks_code(RawClient& client, std::uint16_t port) {
  client.send_raw({"\5\1\0", 3});
  if (client.receive_octets(2) != Bytes("\5\0", 2)) return -1;
  std::string request("\5\1\0\1\x7F\0\0\1", 8);
  append_u16(request, port);
  client.send_raw(request);
  const std::string reply = client.receive_octets(10);
  return reply.size() < 2 ? -1 : u8(reply[1]);
}

}  // namespace

TEST_CASE("nginx: every path answers as it says") {
  if (!Nginx::available() || !Mosquitto::available()) {
    say_skipped("nginx or mosquitto is not installed");
    return;
  }
  MosquittoConfig config;
  config.listeners[0].websocket = true;
  const Mosquitto broker(config);
  const Certs& certs = test_certs();
  const Nginx nginx({broker.port(), certs.server.certificate, certs.server.key});
  const std::uint16_t port = nginx.http_port();
  CHECK(answers_http(port, upgrade("/mqtt"), "101"));
  CHECK(answers_http(port, upgrade("/auth/mqtt"), "401"));
  CHECK(answers_http(port, upgrade("/auth/mqtt", "Authorization: Basic YWxpY2U6c2VjcmV0\r\n"),
                     "101"));
  CHECK(answers_http(port, upgrade("/token/mqtt"), "401"));
  CHECK(answers_http(port, upgrade("/token/mqtt", "X-Token: secret\r\n"), "101"));
  CHECK(answers_http(port, upgrade("/redir"), "302"));
  CHECK(answers_http(port, upgrade("/forbidden"), "403"));
  CHECK(answers_http(port, upgrade("/noupgrade"), "502"));
  CHECK(answers_http(port, upgrade("/plain"), "200"));
  CHECK(answers_http(port, upgrade("/elsewhere"), "404"));
  CHECK(nginx.https_port() != 0);
  CHECK(can_connect(nginx.https_port()));
}

TEST_CASE("microsocks: passes on, refuses, and asks for a password") {
  if (!Microsocks::available()) {
    say_skipped("microsocks is not installed");
    return;
  }
  EventLoop loop;
  auto target = Listener::open(loop, {}, [](UniqueFd) {});
  REQUIRE(target);
  const Microsocks open;
  RawClient client(open.port());
  CHECK(socks_code(client, (*target)->port()) == 0);
  RawClient refused(open.port());
  CHECK(socks_code(refused, closed_port()) > 0);

  const Microsocks locked(ProxyUser{"alice", "secret"});
  RawClient anonymous(locked.port());
  anonymous.send_raw({"\5\1\0", 3});
  CHECK(anonymous.receive_octets(2) == "\5\xFF");
  RawClient alice(locked.port());
  alice.send_raw({"\5\1\2", 3});
  CHECK(alice.receive_octets(2) == "\5\2");
  alice.send_raw("\1\5alice\6secret");
  CHECK(alice.receive_octets(2) == std::string("\1\0", 2));
}

TEST_CASE("tinyproxy: passes on and asks for a password") {
  if (!Tinyproxy::available()) {
    say_skipped("tinyproxy is not installed");
    return;
  }
  EventLoop loop;
  auto target = Listener::open(loop, {}, [](UniqueFd) {});
  REQUIRE(target);
  const std::string request =
      "CONNECT 127.0.0.1:" + std::to_string((*target)->port()) + " HTTP/1.1\r\n";
  const auto status = [](std::uint16_t port, const std::string& text) {
    RawClient client(port);
    client.send_raw(text);
    const std::string line = client.receive_octets(12);
    return line.size() == 12 ? line.substr(9) : line;
  };
  const Tinyproxy open;
  CHECK(status(open.port(), request + "\r\n") == "200");
  const Tinyproxy locked(ProxyUser{"alice", "secret"});
  CHECK(status(locked.port(), request + "\r\n") == "407");
  CHECK(status(locked.port(), request + "Proxy-Authorization: Basic YWxpY2U6c2VjcmV0\r\n\r\n") ==
        "200");
}
