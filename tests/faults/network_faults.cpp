#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>

#include "base/unique_fd.hpp"
#include "faults/fault_table.hpp"
#include "support/nginx.hpp"
#include "support/ports.hpp"
#include "support/proxies.hpp"
#include "support/skipped.hpp"

namespace mqtk::test {

namespace {

/// A port whose queue of connections is full: packets to it are dropped, as a firewall does it.
class DroppingPort {
 public:
  DroppingPort() {
    listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 0) != 0 ||
        ::getsockname(listener_.get(), generic, &size) != 0) {
      throw std::runtime_error("no port to listen on");
    }
    port_ = ntohs(address.sin_port);
    for (UniqueFd& fd : waiting_) {
      fd.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      ::connect(fd.get(), generic, size);
    }
  }
  std::uint16_t port() const { return port_; }

 private:
  UniqueFd listener_;
  UniqueFd waiting_[4];
  std::uint16_t port_ = 0;
};

Command at_port(std::uint16_t port, const Command& more = {}) {
  Command command = pub_command({"-h", "127.0.0.1", "-p", std::to_string(port)});
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

auto websocket_path(const std::string& path) {
  return [=](Scene& scene, std::string& skip) -> Command {
    if (!Nginx::available()) {
      skip = "nginx is not installed";
      return {};
    }
    MosquittoListener listener;
    listener.websocket = true;
    const auto started = start_broker(scene, listener);
    NginxConfig config;
    config.broker_port = started->port();
    const auto nginx = std::make_shared<Nginx>(config);
    scene.push_back(nginx);
    return pub_command({"-L", "ws://127.0.0.1:" + std::to_string(nginx->http_port()) + path});
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
    const std::uint16_t port = broker_there ? start_broker(scene, {})->port() : closed_port();
    return at_port(port, {"--proxy", scheme + "://" + credentials +
                                         "127.0.0.1:" + std::to_string(proxy->port())});
  };
}

/// haproxy before a broker, or before nothing.
auto behind_haproxy(const std::string& bind, const std::vector<std::string>& lines,
                    bool broker_there) {
  return [=](Scene& scene, std::string& skip) -> Command {
    if (!Haproxy::available()) {
      skip = "haproxy is not installed";
      return {};
    }
    const std::uint16_t target = broker_there ? start_broker(scene, {})->port() : closed_port();
    const auto proxy = std::make_shared<Haproxy>(HaproxyConfig{target, bind, lines});
    scene.push_back(proxy);
    return at_port(proxy->port());
  };
}

}  // namespace

std::vector<Fault> network_faults() {
  if (!Mosquitto::available()) {
    say_skipped("mosquitto is not installed");
    return {};
  }
  const std::string no_answer = "the broker closed the connection instead of answering CONNECT";
  return {
      {"nothing listens", [](Scene&, std::string&) { return at_port(closed_port()); },
       "connection refused", "tcp.refused", 69},
      {"no such host",
       [](Scene&, std::string&) {
         return pub_command({"-h", "no-such-host.invalid"});
       },
       "cannot resolve 'no-such-host.invalid'", "dns.not_found", 68},
      {"no such Unix socket",
       [](Scene&, std::string&) {
         return pub_command({"--unix", "/nonexistent/m.sock"});
       },
       "no such socket", "tcp.refused", 69},
      {"packets are dropped",
       [](Scene& scene, std::string&) {
         const auto port = std::make_shared<DroppingPort>();
         scene.push_back(port);
         return at_port(port->port(), {"--tcp-timeout", "300ms"});
       },
       "no answer", "tcp.timeout", 69, "a firewall may drop the packets"},
      {"SOCKS5 without its password",
       through<Microsocks>({"alice", "secret"}, "socks5h", "alice:wrong@", true), "", "proxy.auth",
       77},
      {"SOCKS5 to a port that is closed", through<Microsocks>({}, "socks5h", "", false), "",
       "proxy.refused", 69},
      {"HTTP proxy without its password", through<Tinyproxy>({"alice", "secret"}, "http", "", true),
       "407", "proxy.auth", 77},
      {"HTTP proxy to a port that is closed", through<Tinyproxy>({}, "http", "", false), "500",
       "proxy.refused", 69},
      {"no proxy there",
       [](Scene&, std::string&) {
         return at_port(1, {"--proxy", "socks5h://127.0.0.1:" + std::to_string(closed_port())});
       },
       "the proxy 127.0.0.1", "tcp.refused", 69},
      {"nothing behind the relay", behind_haproxy("", {}, false), no_answer,
       "mqtt.closed_after_connect", 69, "or nothing stands behind it"},
      {"relay that expects a PROXY header", behind_haproxy("accept-proxy", {}, true), no_answer,
       "mqtt.closed_after_connect", 69, "or a proxy's header", true},
      {"WebSocket 401", websocket_path("/auth/mqtt"), "401", "ws.status", 77},
      {"WebSocket 302", websocket_path("/redir"), "302", "ws.status", 76},
      {"WebSocket 403", websocket_path("/forbidden"), "403", "ws.status", 77},
      {"WebSocket 404", websocket_path("/nothing"), "404", "ws.status", 76},
      {"WebSocket 502", websocket_path("/noupgrade"), "502", "ws.status", 69},
      {"WebSocket 200", websocket_path("/plain"), "200", "ws.status", 76},
  };
}

}  // namespace mqtk::test
