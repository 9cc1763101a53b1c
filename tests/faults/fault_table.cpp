#include "faults/fault_table.hpp"

#include "support/certs.hpp"
#include "support/mosquitto.hpp"
#include "support/nginx.hpp"
#include "support/ports.hpp"
#include "support/programs.hpp"
#include "support/proxies.hpp"

namespace mqtk::test {

namespace {

using Command = std::vector<std::string>;

Command pub(const Command& more) {
  Command command = {built_program("mqtt-pub"), "-t", "t", "-m", "x", "-q", "1", "-d"};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

std::shared_ptr<Mosquitto> broker(Scene& scene, const MosquittoListener& listener) {
  MosquittoConfig config;
  config.listeners = {listener};
  auto started = std::make_shared<Mosquitto>(config);
  scene.push_back(started);
  return started;
}

MosquittoListener tls_listener(const Identity& server) {
  MosquittoListener listener;
  listener.cert_file = server.certificate;
  listener.key_file = server.key;
  return listener;
}

// A publisher over TLS to a broker that shows `server`, with further options.
auto over_tls(const Identity& server, const Command& more, bool want_certificate = false) {
  return [=](Scene& scene, std::string&) {
    MosquittoListener listener = tls_listener(server);
    if (want_certificate) {
      listener.ca_file = test_certs().ca;
      listener.require_certificate = true;
    }
    const auto started = broker(scene, listener);
    Command command = pub({"-h", "localhost", "-4", "-p", std::to_string(started->port())});
    command.insert(command.end(), more.begin(), more.end());
    return command;
  };
}

auto to_plain_broker(const Command& more) {
  return [=](Scene& scene, std::string&) {
    const auto started = broker(scene, {});
    Command command = pub({"-h", "127.0.0.1", "-p", std::to_string(started->port())});
    command.insert(command.end(), more.begin(), more.end());
    return command;
  };
}

auto websocket_path(const std::string& path) {
  return [=](Scene& scene, std::string& skip) -> Command {
    if (!Nginx::available()) {
      skip = "nginx is not installed";
      return {};
    }
    MosquittoListener listener;
    listener.websocket = true;
    const auto started = broker(scene, listener);
    NginxConfig config;
    config.broker_port = started->port();
    const auto nginx = std::make_shared<Nginx>(config);
    scene.push_back(nginx);
    return pub({"-L", "ws://127.0.0.1:" + std::to_string(nginx->http_port()) + path});
  };
}

template <typename Proxy>
auto through(const ProxyUser& user, const std::string& scheme, const std::string& credentials,
             bool broker_there) {
  return [=](Scene& scene, std::string& skip) -> Command {
    if (!Proxy::available()) {
      skip = "the proxy is not installed";
      return {};
    }
    const auto proxy = std::make_shared<Proxy>(user);
    scene.push_back(proxy);
    const std::uint16_t port = broker_there ? broker(scene, {})->port() : free_port();
    return pub({"-h", "127.0.0.1", "-p", std::to_string(port), "--proxy",
                scheme + "://" + credentials + "127.0.0.1:" + std::to_string(proxy->port())});
  };
}

Command refused_port() {
  return pub({"-h", "127.0.0.1", "-p", std::to_string(free_port())});
}

}  // namespace

std::vector<Fault> real_faults() {
  if (!Mosquitto::available()) {
    say_skipped("mosquitto is not installed");
    return {};
  }
  const Certs& certs = test_certs();
  const Command trusted = {"--cafile", certs.ca};
  MosquittoListener psk;
  psk.psk_identity = "device";
  psk.psk_hex = "00112233445566778899aabbccddeeff";
  MosquittoListener with_users;
  with_users.users = {{"alice", "secret"}};
  with_users.anonymous = false;

  return {
      {"nothing listens", [](Scene&, std::string&) { return refused_port(); }, "connection refused",
       "tcp.refused", 69},
      {"no such host",
       [](Scene&, std::string&) {
         return pub({"-h", "no-such-host.invalid"});
       },
       "cannot resolve 'no-such-host.invalid'", "dns.not_found", 68},
      {"no such Unix socket",
       [](Scene&, std::string&) {
         return pub({"--unix", "/nonexistent/m.sock"});
       },
       "no such socket", "tcp.refused", 69},
      {"plain client at a TLS port",
       [&](Scene& scene, std::string&) {
         const auto started = broker(scene, tls_listener(test_certs().server));
         return pub({"-h", "127.0.0.1", "-p", std::to_string(started->port())});
       },
       "instead of answering CONNECT", "mqtt.closed_after_connect", 69},
      {"TLS client at a plain port", to_plain_broker(trusted), "TLS", "tls.not_tls", 79},
      {"untrusted CA", over_tls(certs.server, {"--cafile", certs.other_ca}), "", "tls.untrusted",
       79},
      {"expired", over_tls(certs.expired, trusted), "expired", "tls.expired", 79},
      {"not yet valid", over_tls(certs.not_yet_valid, trusted), "not valid", "tls.not_yet_valid",
       79},
      {"another name", over_tls(certs.wrong_name, trusted), "other.example", "tls.name_mismatch",
       79},
      {"revoked", over_tls(certs.revoked, {"--cafile", certs.ca, "--crl", certs.crl}), "revoked",
       "tls.revoked", 79},
      {"no client certificate, TLS 1.2",
       over_tls(certs.server, {"--cafile", certs.ca, "--tls-max-version", "1.2"}, true),
       "client certificate", "tls.client_cert_required", 79},
      {"version floor",
       [&](Scene& scene, std::string&) {
         MosquittoListener listener = tls_listener(test_certs().server);
         listener.extra = {"tls_version tlsv1.3"};
         const auto started = broker(scene, listener);
         return pub({"-h", "localhost", "-4", "-p", std::to_string(started->port()), "--cafile",
                     test_certs().ca, "--tls-max-version", "1.2"});
       },
       "version", "tls.version", 79},
      {"wrong pre-shared key",
       [psk](Scene& scene, std::string&) {
         const auto started = broker(scene, psk);
         return pub({"-h", "127.0.0.1", "-p", std::to_string(started->port()), "--psk",
                     "ffffffffffffffffffffffffffffffff", "--psk-identity", "device"});
       },
       "pre-shared key", "tls.psk", 79},
      {"certificate file that is none",
       [](Scene&, std::string&) {
         return pub({"-h", "127.0.0.1", "-p", "1", "--cafile", "/dev/null"});
       },
       "/dev/null", "", 78},
      {"wrong password",
       [with_users](Scene& scene, std::string&) {
         const auto started = broker(scene, with_users);
         return pub({"-h", "127.0.0.1", "-p", std::to_string(started->port()), "-u", "alice", "-P",
                     "wrong"});
       },
       "not authorised", "mqtt.not_authorised", 77},
      {"SOCKS5 without its password",
       through<Microsocks>({"alice", "secret"}, "socks5h", "alice:wrong@", true), "", "proxy.auth",
       77},
      {"SOCKS5 to a port that is closed", through<Microsocks>({}, "socks5h", "", false), "",
       "proxy.refused", 69},
      {"HTTP proxy without its password", through<Tinyproxy>({"alice", "secret"}, "http", "", true),
       "407", "proxy.auth", 77},
      {"WebSocket 401", websocket_path("/auth/mqtt"), "401", "ws.status", 77},
      {"WebSocket 302", websocket_path("/redir"), "302", "ws.status", 76},
      {"WebSocket 403", websocket_path("/forbidden"), "403", "ws.status", 77},
      {"WebSocket 404", websocket_path("/nothing"), "404", "ws.status", 76},
      {"WebSocket 502", websocket_path("/noupgrade"), "502", "ws.status", 69},
      {"WebSocket 200", websocket_path("/plain"), "200", "ws.status", 76},
  };
}

}  // namespace mqtk::test
