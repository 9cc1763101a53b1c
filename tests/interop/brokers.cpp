#include "interop/brokers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "support/activemq.hpp"
#include "support/aedes.hpp"
#include "support/ejabberd.hpp"
#include "support/nats.hpp"
#include "support/programs.hpp"
#include "support/rabbitmq.hpp"

namespace mqtk::test {

namespace {

std::vector<Link> links_to(const BrokerPorts& ports, const std::string& path = "/mqtt") {
  const Words ca = {"--cafile", test_certs().ca};
  const auto number = [](std::uint16_t port) { return std::to_string(port); };
  std::vector<Link> links = {{"TCP", {"-h", "127.0.0.1", "-p", number(ports.tcp)}},
                             {"TLS", Words{"-h", "localhost", "-4", "-p", number(ports.tls)} + ca}};
  if (ports.ws != 0) {
    links.push_back({"WebSocket", {"-L", "ws://127.0.0.1:" + number(ports.ws) + path}});
    links.push_back({"WSS", Words{"-L", "wss://localhost:" + number(ports.wss) + path, "-4"} + ca});
  }
  return links;
}

InteropBroker start_mosquitto() {
  const Identity& identity = test_certs().server;
  MosquittoConfig config;
  config.listeners.clear();
  for (const char* name : {"tcp", "tls", "ws", "wss"}) {
    MosquittoListener listener;
    listener.name = name;
    listener.users = {{"alice", "secret"}};
    listener.anonymous = false;
    listener.websocket = name[0] == 'w';
    if (name == std::string("tls") || name == std::string("wss")) {
      listener.cert_file = identity.certificate;
      listener.key_file = identity.key;
    }
    config.listeners.push_back(listener);
  }
  const auto server = std::make_shared<Mosquitto>(config);
  return {
      links_to({server->port("tcp"), server->port("tls"), server->port("ws"), server->port("wss")}),
      "alice", server, [server] { return server->log(); }};
}

// A server has one listener of each kind, with TLS or without.
InteropBroker start_nats() {
  struct Pair {
    Nats plain{NatsConfig{{}, true}};
    Nats tls{NatsConfig{test_certs().server, true}};
  };
  const auto server = std::make_shared<Pair>();
  return {links_to({server->plain.port(), server->tls.port(), server->plain.websocket_port(),
                    server->tls.websocket_port()}),
          "alice", server};
}

InteropBroker start_rabbitmq() {
  const auto server = std::make_shared<Rabbitmq>(test_certs().server);
  return {links_to(server->ports(), Rabbitmq::kPath), "alice", server};
}

InteropBroker start_ejabberd() {
  const auto server = std::make_shared<Ejabberd>(test_certs().server);
  return {links_to(server->ports()), "alice@localhost", server};
}

InteropBroker start_activemq() {
  const auto server = std::make_shared<Activemq>(test_certs().server);
  return {links_to(server->ports()), "alice", server};
}

InteropBroker start_aedes() {
  const auto server = std::make_shared<Aedes>(node_folder(), test_certs().server);
  return {links_to(server->ports()), "alice", server};
}

}  // namespace

std::string node_folder() {
  return MQTK_NODE_DIR;
}

const std::vector<InteropKind>& interop_kinds() {
  static const std::vector<InteropKind> kinds = {
      {"mosquitto", "mosquitto", [] { return Mosquitto::available(); }, start_mosquitto},
      {"NATS", "nats-server", [] { return Nats::available(); }, start_nats},
      {"RabbitMQ", "rabbitmq-server", [] { return Rabbitmq::available(); }, start_rabbitmq},
      {"ejabberd", "ejabberd", [] { return Ejabberd::available(); }, start_ejabberd},
      {"ActiveMQ", "activemq", [] { return Activemq::available(); }, start_activemq},
      {"aedes", "npm", [] { return Aedes::available(node_folder()); }, start_aedes},
  };
  return kinds;
}

const InteropKind& interop_kind(const std::string& name) {
  for (const InteropKind& kind : interop_kinds()) {
    if (kind.name == name) return kind;
  }
  throw std::runtime_error("no broker '" + name + "'");
}

std::string installed_version(const InteropKind& kind) {
  if (kind.package == "npm") {
    const auto package = nlohmann::json::parse(
        read_file(node_folder() + "/node_modules/" + kind.name + "/package.json"), nullptr, false);
    return package.is_object() ? package.value("version", "") : "";
  }
  const ProcessResult asked =
      run({"dpkg-query", "-W", "-f", "${source:Upstream-Version}", kind.package});
  if (!asked.ok()) return {};
  // What Debian has repacked is still that version.
  return asked.out.substr(0, asked.out.find_first_of("+~"));
}

}  // namespace mqtk::test
