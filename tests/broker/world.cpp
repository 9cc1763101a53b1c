#include "broker/world.hpp"

#include <algorithm>

#include "support/programs.hpp"
#include "support/skipped.hpp"

namespace mqtk::test {

namespace {

ProcessOptions options_for(const char* program, const Words& words) {
  ProcessOptions options;
  options.argv = Words{built_program(program)} + words;
  options.env = {"MQTT_TOOLKIT_URL", "MQTT_TOOLKIT_USERNAME", "MQTT_TOOLKIT_PASSWORD"};
  options.deadline = 60s;
  return options;
}

ProcessOptions subscriber_options(const Words& words, std::string stdout_file) {
  ProcessOptions options = sub_options(Words{"-d"} + words);
  options.stdout_file = std::move(stdout_file);
  options.deadline = 100s;
  return options;
}

MosquittoListener tls_listener(const std::string& name, const Identity& identity) {
  MosquittoListener listener;
  listener.name = name;
  listener.cert_file = identity.certificate;
  listener.key_file = identity.key;
  return listener;
}

}  // namespace

Words operator+(Words left, const Words& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

ProcessOptions pub_options(const Words& words) {
  return options_for("mqtt-pub", words);
}
ProcessOptions sub_options(const Words& words) {
  return options_for("mqtt-sub", words);
}
ProcessResult publish(const Words& words) {
  return run(pub_options(words));
}
ProcessResult publish_text(const Words& words, std::string input) {
  ProcessOptions options = pub_options(words);
  options.stdin_text = std::move(input);
  return run(std::move(options));
}
ProcessResult subscribe(const Words& words) {
  return run(sub_options(words));
}

Subscriber::Subscriber(const Words& words, std::string stdout_file)
    : process_(subscriber_options(words, std::move(stdout_file))),
      ready_(process_.wait_stderr_contains("received SUBACK", 20s)) {}

Words at(const Mosquitto& broker) {
  return {"-h", "127.0.0.1", "-p", std::to_string(broker.port())};
}
Words at(const Mosquitto& broker, const std::string& listener) {
  return {"-h", "localhost", "-p", std::to_string(broker.port(listener))};
}

MosquittoConfig world_config(const Certs& certs) {
  MosquittoConfig config;
  MosquittoListener unix_listener;
  unix_listener.name = "unix";
  unix_listener.unix_socket = true;
  MosquittoListener mutual = tls_listener("mtls", certs.server);
  mutual.ca_file = certs.ca;
  mutual.require_certificate = true;
  MosquittoListener psk;
  psk.name = "psk";
  psk.psk_identity = kPskIdentity;
  psk.psk_hex = kPskHex;
  MosquittoListener ws;
  ws.name = "ws";
  ws.websocket = true;
  MosquittoListener wss = tls_listener("wss", certs.server);
  wss.websocket = true;
  config.listeners = {MosquittoListener{},
                      unix_listener,
                      tls_listener("tls", certs.server),
                      mutual,
                      psk,
                      ws,
                      wss,
                      tls_listener("expired", certs.expired),
                      tls_listener("wrong_name", certs.wrong_name),
                      tls_listener("revoked", certs.revoked)};
  return config;
}

World::World() : certs(test_certs()), broker(world_config(certs)) {
  const auto port = [this](const char* name) { return std::to_string(broker.port(name)); };
  const Words ca = {"--cafile", certs.ca};
  links_ = {
      {"TCP", at(broker)},
      {"TCP by URL", {"-L", "mqtt://" + broker.address()}},
      {"Unix socket", {"--unix", broker.unix_path("unix")}},
      {"Unix socket by URL", {"-L", "unix://" + broker.unix_path("unix")}},
      {"TLS by host name", at(broker, "tls") + ca},
      {"TLS by address", Words{"-h", "127.0.0.1", "-p", port("tls")} + ca},
      {"TLS by URL", Words{"-L", "mqtts://localhost:" + port("tls")} + ca},
      {"mutual TLS", at(broker, "mtls") + ca +
                         Words{"--cert", certs.client.certificate, "--key", certs.client.key}},
      {"PSK", at(broker, "psk") + Words{"--psk", kPskHex, "--psk-identity", kPskIdentity}},
      {"WebSocket", {"-L", "ws://127.0.0.1:" + port("ws") + "/mqtt"}},
      {"WebSocket by options", at(broker, "ws") + Words{"--ws"}},
      {"WebSocket over TLS", Words{"-L", "wss://localhost:" + port("wss") + "/mqtt"} + ca},
  };
  add_nginx();
  add_proxies();
}

const std::vector<Link>& World::links() const {
  for (const std::string& program : missing_) say_skipped(program + " is not installed");
  return links_;
}

void World::add_nginx() {
  if (!Nginx::available()) {
    missing_.emplace("nginx");
    return;
  }
  nginx_ = std::make_unique<Nginx>(
      NginxConfig{broker.port("ws"), certs.server.certificate, certs.server.key});
  const std::string http = "ws://127.0.0.1:" + std::to_string(nginx_->http_port());
  const std::string https = "wss://localhost:" + std::to_string(nginx_->https_port());
  links_.push_back({"nginx, query", {"-L", http + "/mqtt?X-Amz-Signature=ab%2Fcd&x=1"}});
  links_.push_back(
      {"nginx, Authorization",
       {"-L", http + "/auth/mqtt", "--ws-header", "Authorization: Basic YWxpY2U6c2VjcmV0",
        "--ws-header", "Content-Type: application/octet-stream"}});
  links_.push_back(
      {"nginx, https, own header, query",
       {"-L", https + "/token/mqtt?a=b", "--ws-header", "X-Token: secret", "--cafile", certs.ca}});
}

void World::add_proxies() {
  const ProxyUser bob{"bob", "hush"};
  for (const ProxyUser& user : {ProxyUser{}, bob}) {
    const std::string login = user.name.empty() ? "" : user.name + ":" + user.password + "@";
    const std::string how = user.name.empty() ? "" : " with a password";
    if (Microsocks::available()) {
      socks_.push_back(std::make_unique<Microsocks>(user));
      const std::string url =
          "socks5h://" + login + "127.0.0.1:" + std::to_string(socks_.back()->port());
      links_.push_back({"SOCKS5" + how, at(broker) + Words{"--proxy", url}});
      // By address: this proxy tries only the first that a name has, and localhost may have ::1.
      links_.push_back({"TLS through SOCKS5" + how,
                        Words{"-h", "127.0.0.1", "-p", std::to_string(broker.port("tls")),
                              "--server-name", "localhost", "--cafile", certs.ca, "--proxy", url}});
    } else {
      missing_.emplace("microsocks");
    }
    if (Tinyproxy::available()) {
      http_.push_back(std::make_unique<Tinyproxy>(user));
      const std::string url =
          "http://" + login + "127.0.0.1:" + std::to_string(http_.back()->port());
      links_.push_back({"HTTP CONNECT" + how, at(broker) + Words{"--proxy", url}});
      links_.push_back(
          {"WebSocket through HTTP CONNECT" + how,
           {"-L", "ws://127.0.0.1:" + std::to_string(broker.port("ws")), "--proxy", url}});
    } else {
      missing_.emplace("tinyproxy");
    }
  }
}

bool have_broker() {
  if (Mosquitto::available()) return true;
  say_skipped("mosquitto is not installed");
  return false;
}

std::string pattern(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = static_cast<char>(static_cast<unsigned char>((i * 7 + i / 251) & 0xFF));
  }
  return out;
}

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::size_t occurrences(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

}  // namespace mqtk::test
