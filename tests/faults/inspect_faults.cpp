#include "faults/inspect_faults.hpp"

#include <unistd.h>

#include "support/certs.hpp"
#include "support/nats.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/scripted_broker.hpp"
#include "support/skipped.hpp"

namespace mqtk::test {

namespace {

using wire::PacketType;
using wire::ProtocolVersion;

Command at(std::uint16_t port, const Command& more) {
  Command words = {"-h", "127.0.0.1", "-p", std::to_string(port)};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

auto at_broker(const std::vector<std::string>& settings, const Command& more,
               const std::string& acl = "") {
  return [=](Scene& scene, std::string&) {
    MosquittoListener listener;
    listener.acl = acl;
    MosquittoConfig config;
    for (const std::string& line : settings) {
      const bool global = line.starts_with("retain_") || line.starts_with("max_packet");
      (global ? config.extra : listener.extra).push_back(line);
    }
    config.listeners = {listener};
    auto broker = std::make_shared<Mosquitto>(config);
    scene.push_back(broker);
    return at(broker->port(), more);
  };
}

/// What a broker of MQTT 3 makes of another version: octets to answer, "close" or nothing at all.
auto only_version(ProtocolVersion spoken, const std::string& answer, const Command& more) {
  return [=](Scene& scene, std::string&) {
    auto broker = std::make_shared<ScriptedBroker>();
    broker->further_connections()
        .expect(PacketType::Connect)
        .run([=](const wire::Packet& packet, Peer& peer) {
          const ProtocolVersion version = std::get<wire::Connect>(packet).version;
          if (version == spoken) {
            peer.send(wire::Connack{});
          } else if (answer == "close") {
            peer.finish();
          } else if (!answer.empty()) {
            peer.send_raw(answer);
            peer.finish();
          }
        })
        .serve([](const wire::Packet&, Peer&) {});
    broker->start();
    scene.push_back(broker);
    return at(broker->port(), more);
  };
}

auto at_nats(const Command& more) {
  return [=](Scene& scene, std::string& skip) -> Command {
    if (!Nats::available()) {
      skip = "nats-server is not installed";
      return {};
    }
    const auto server = std::make_shared<Nats>();
    scene.push_back(server);
    return at(server->port(), more);
  };
}

/// All goes well up to the SUBSCRIBE.
Script& until_subscribe(Script& script) {
  return script.expect(PacketType::Connect)
      .reply(wire::Connack{})
      .expect(PacketType::Pingreq)
      .reply(wire::Pingresp{})
      .expect(PacketType::Subscribe);
}

/// A SUBSCRIBE is refused in so many words.
auto denying(std::uint8_t suback_code, const Command& more) {
  return [=](Scene& scene, std::string&) {
    auto broker = std::make_shared<ScriptedBroker>();
    until_subscribe(broker->further_connections())
        .run([=](const wire::Packet& packet, Peer& peer) {
          const std::string codes(1, static_cast<char>(suback_code));
          wire::Suback suback;
          suback.packet_id = std::get<wire::Subscribe>(packet).packet_id;
          suback.codes = codes;
          peer.send(suback);
        })
        .serve([](const wire::Packet&, Peer&) {});
    broker->start();
    scene.push_back(broker);
    return at(broker->port(), more);
  };
}

/// Grants the subscription, and says of a message that nobody has subscribed to it.
Command taking_in_vain(Scene& scene, std::string&) {
  auto broker = std::make_shared<ScriptedBroker>();
  wire::PublishReply puback;
  puback.reason = wire::ReasonCode::NoMatchingSubscribers;
  wire::Suback suback;
  suback.codes = std::string_view("\2", 1);
  until_subscribe(broker->further_connections())
      .reply(suback)
      .expect(PacketType::Publish)
      .reply(puback)
      .serve([](const wire::Packet&, Peer&) {});
  broker->start();
  scene.push_back(broker);
  return at(broker->port(), {"-V", "5", "-q", "1"});
}

auto to_dropping_host() {
  return [](Scene& scene, std::string& skip) -> Command {
    auto space = std::make_shared<DroppingNamespace>();
    if (!space->ready()) {
      skip = "no network namespace can be made here";
      return {};
    }
    scene.push_back(space);
    Command command = space->enter({});
    // Taken apart again by whoever runs it: the words before "--" stand before the program.
    command.insert(command.end(),
                   {"--", "-h", "10.99.0.2", "--tcp-timeout", "400ms", "--no-variants"});
    return command;
  };
}

}  // namespace

DroppingNamespace::DroppingNamespace() : name_("mqtk" + std::to_string(::getpid())) {
  const std::string ip = find_program("ip");
  if (ip.empty() || !run({ip, "netns", "add", name_}).ok()) {
    name_.clear();
    return;
  }
  ready_ = true;
  const std::vector<Command> steps = {
      {"link", "add", "v0", "type", "veth", "peer", "name", "v1"},
      {"addr", "add", "10.99.0.1/24", "dev", "v0"},
      {"link", "set", "v0", "up"},
      {"link", "set", "v1", "up"},
      {"neigh", "add", "10.99.0.2", "lladdr", "02:00:00:00:00:02", "dev", "v0"}};
  for (const Command& step : steps) {
    Command command = {ip, "-n", name_};
    command.insert(command.end(), step.begin(), step.end());
    ready_ = ready_ && run(command).ok();
  }
}

DroppingNamespace::~DroppingNamespace() {
  if (!name_.empty()) run({find_program("ip"), "netns", "del", name_});
}

Command DroppingNamespace::enter(const Command& command) const {
  Command out = {find_program("ip"), "netns", "exec", name_};
  out.insert(out.end(), command.begin(), command.end());
  return out;
}

std::vector<InspectFault> inspect_faults() {
  if (!Mosquitto::available()) {
    say_skipped("mosquitto is not installed");
    return {};
  }
  const std::string refused_v3("\x20\x02\x00\x01", 4);
  const std::string refused_v5("\x20\x03\x00\x84\x00", 5);
  const Command v5 = {"-V", "5"};
  const Command v31 = {"-V", "3.1"};
  const std::string only_311 = "MQTT 3.1.1 instead of 5";
  const std::string no_write = "topic read #\n";
  const std::string no_read = "topic write #\n";
  return {
      {"5 to a broker of 3.1.1: code 132", only_version(ProtocolVersion::V311, refused_v5, v5),
       "connect", "mqtt.version", "unsupported protocol version", 76, "-V 3.1.1", only_311},
      {"5 to a broker of 3.1.1: return code 1", only_version(ProtocolVersion::V311, refused_v3, v5),
       "connect", "mqtt.version", "does not speak MQTT 5", 76, "-V 3.1.1", only_311},
      {"5 to a broker of 3.1.1: bare close", only_version(ProtocolVersion::V311, "close", v5),
       "connect", "mqtt.closed_after_connect", "instead of answering CONNECT", 69, "-V 3.1.1",
       only_311},
      {"5 to a broker of 3.1.1: silence",
       only_version(ProtocolVersion::V311, "", {"-V", "5", "--mqtt-timeout", "400ms"}), "connect",
       "mqtt.no_answer", "no answer to CONNECT", 69, "-V 3.1.1", only_311},
      {"5 to NATS", at_nats(v5), "connect", "mqtt.version", "does not speak MQTT 5", 76, "-V 3.1.1",
       only_311},
      {"3.1 to NATS", at_nats(v31), "connect", "mqtt.closed_after_connect", "", 69, "-V 3.1.1",
       "MQTT 3.1.1 instead of 3.1"},
      {"3.1 to a broker without it", only_version(ProtocolVersion::V311, refused_v3, v31),
       "connect", "mqtt.version", "does not speak MQTT 3.1", 76, "-V 3.1.1",
       "MQTT 3.1.1 instead of 3.1"},
      {"no client id, 3.1.1", at_broker({"allow_zero_length_clientid false"}, {"-i", ""}),
       "connect", "mqtt.client_id", "it wants a client id", 76, "another client id",
       "another client id"},
      {"no client id, 5", at_broker({"allow_zero_length_clientid false"}, {"-V", "5", "-i", ""}),
       "connect", "mqtt.refused", "unspecified error", 1, "another client id", "another client id"},
      {"QoS 2 to a broker without it, 3.1.1", at_broker({"max_qos 1"}, {"-q", "2"}), "publish_qos2",
       "pub.closed_qos", "in reply to a message of QoS 2", 76, "-q 1"},
      {"QoS 2 asked for, 5", at_broker({"max_qos 1"}, {"-V", "5", "-q", "2"}), "publish_qos2",
       "pub.qos", "takes no messages of QoS 2", 1, "at most -q 1"},
      {"retain to a broker without it, 3.1.1",
       at_broker({"retain_available false"}, {"-r", "-q", "1"}), "publish_qos1",
       "pub.closed_retain", "with the retain flag", 76, "without -r"},
      {"packet too large, 3.1.1", at_broker({"max_packet_size 2000"}, {"-s", "3000", "-q", "1"}),
       "publish_qos1", "pub.closed_size", "2.9 KiB", 1, "smaller -s"},
      {"packet much too large, 3.1.1",
       at_broker({"max_packet_size 2000"}, {"-s", "300KiB", "-q", "1"}), "publish_qos1",
       "pub.closed_size", "300.0 KiB", 1, "larger than the broker allows"},
      {"packet too large, 5",
       at_broker({"max_packet_size 2000"}, {"-V", "5", "-s", "3000", "-q", "1"}), "publish_qos1",
       "pub.too_large", "at most 2000 bytes", 1},
      {"publishing denied, 5", at_broker({}, {"-V", "5"}, no_write), "publish_qos0", "pub.denied",
       "not authorized", 77, "may not publish"},
      {"publishing denied, 3.1.1", at_broker({}, {}, no_write), "publish_qos0", "pub.not_delivered",
       "did not come back", 1, "may not publish to this topic, or not read"},
      {"reading denied in silence", at_broker({}, {}, no_read), "publish_qos0", "pub.not_delivered",
       "did not come back", 1, "--topic-prefix"},
      {"reading denied in silence, 5", at_broker({}, {"-V", "5", "-q", "1"}, no_read),
       "publish_qos1", "pub.not_delivered", "did not come back", 1, "--topic-prefix"},
      {"reading denied, and PUBACK tells", taking_in_vain, "publish_qos1", "pub.not_delivered",
       "nobody is subscribed", 1, "has no effect"},
      {"subscribing denied, 3.1.1", denying(0x80, {}), "subscribe", "sub.denied", "denies", 77,
       "--topic-prefix"},
      {"subscribing denied, 5", denying(0x87, v5), "subscribe", "sub.denied", "not authorized", 77,
       "--topic-prefix"},
      {"QoS 2 to NATS, which has none", at_nats({"-q", "2"}), "publish_qos2", "pub.closed_qos",
       "in reply to a message of QoS 2", 76, "-q 1"},
      {"packets dropped by a firewall", to_dropping_host(), "tcp", "tcp.timeout", "no answer", 69,
       "a firewall may drop the packets"},
      {"plain to TLS",
       [](Scene& scene, std::string&) {
         MosquittoListener listener;
         listener.cert_file = test_certs().server.certificate;
         listener.key_file = test_certs().server.key;
         const auto broker = start_broker(scene, listener);
         return Command{"-h", "localhost", "-4", "-p", std::to_string(broker->port())};
       },
       "connect", "mqtt.closed_after_connect", "instead of answering CONNECT", 69,
       "TLS is what this port expects"},
      {"TLS to plain",
       [](Scene& scene, std::string&) {
         const auto broker = start_broker(scene, {});
         return Command{"mqtts://127.0.0.1:" + std::to_string(broker->port())};
       },
       "tls", "tls.not_tls", "TLS", 79, "mqtt://127.0.0.1:", "no TLS"},
      {"WebSocket to plain MQTT",
       [](Scene& scene, std::string&) {
         const auto broker = start_broker(scene, {});
         return Command{"ws://127.0.0.1:" + std::to_string(broker->port())};
       },
       "websocket", "tcp.reset", "", 69, "no WebSocket", "no WebSocket"},
  };
}

}  // namespace mqtk::test
