#include <stdexcept>

#include "faults/fault_table.hpp"
#include "support/certs.hpp"
#include "support/programs.hpp"
#include "support/scripted_broker.hpp"

namespace mqtk::test {

namespace {

using wire::PacketType;

enum class Program : std::uint8_t { Pub, Sub };

// A program that is connected to a broker which plays `script` at every connection.
auto scripted(Program program, const std::function<void(Script&)>& script,
              const Command& more = {}) {
  return [=](Scene& scene, std::string&) {
    auto broker = std::make_shared<ScriptedBroker>();
    script(broker->further_connections());
    broker->start();
    scene.push_back(broker);
    Command command = {built_program(program == Program::Pub ? "mqtt-pub" : "mqtt-sub"),
                       "-h",
                       "127.0.0.1",
                       "-p",
                       std::to_string(broker->port()),
                       "-d",
                       "-t",
                       "t"};
    if (program == Program::Pub) command.insert(command.end(), {"-m", "x"});
    command.insert(command.end(), more.begin(), more.end());
    return command;
  };
}

auto closing_at_connect(const Command& more = {}) {
  return scripted(
      Program::Pub, [](Script& script) { script.expect(PacketType::Connect).close(); }, more);
}

auto silent_at_connect(const Command& more = {}) {
  Command words = {"--mqtt-timeout", "300ms"};
  words.insert(words.end(), more.begin(), more.end());
  return scripted(
      Program::Pub, [](Script& script) { script.expect(PacketType::Connect).stall(); }, words);
}

auto refusing(std::uint8_t code, const Command& more = {}) {
  return scripted(
      Program::Pub,
      [code](Script& script) {
        wire::Connack connack;
        connack.code = code;
        script.expect(PacketType::Connect).reply(connack).close();
      },
      more);
}

// The same return code in the form of MQTT 3, to a client of MQTT 5.
auto refusing_raw(const std::string& octets) {
  return scripted(
      Program::Pub,
      [octets](Script& script) { script.expect(PacketType::Connect).send_raw(octets).close(); },
      {"-V", "5"});
}

auto answering(const std::string& octets) {
  return scripted(Program::Pub, [octets](Script& script) {
    script.expect(PacketType::Connect).send_raw(octets).stall();
  });
}

Script& accept(Script& script) {
  return script.expect(PacketType::Connect).reply(wire::Connack{});
}

auto closing_at_publish(const Command& more) {
  return scripted(
      Program::Pub, [](Script& script) { accept(script).expect(PacketType::Publish).close(); },
      more);
}

// The same over TLS, where the end of a connection has other forms.
Command closing_at_publish_over_tls(Scene& scene, std::string&) {
  TlsConfig config;
  config.certificate.file = test_certs().server.certificate;
  config.key.file = test_certs().server.key;
  auto context = make_tls_context(config, TlsRole::Server);
  if (!context) throw std::runtime_error(context.error().message);
  const std::shared_ptr<TlsContext> kept = std::move(*context);
  scene.push_back(kept);
  ScriptedBrokerOptions options;
  options.layers.tls = kept.get();
  auto broker = std::make_shared<ScriptedBroker>(options);
  accept(broker->further_connections()).expect(PacketType::Publish).finish();
  broker->start();
  scene.push_back(broker);
  return pub_command({"-h", "localhost", "-4", "-p", std::to_string(broker->port()), "--cafile",
                      test_certs().ca, "-q", "2"});
}

auto after_connack(const std::string& octets, const Command& more = {}) {
  return scripted(
      Program::Sub,
      [octets](Script& script) {
        accept(script)
            .expect(PacketType::Subscribe)
            .reply(wire::Suback{0, Bytes("\0", 1), {}})
            .send_raw(octets)
            .stall();
      },
      more);
}

// The answer `type` to a message of MQTT 5.
auto answer(PacketType type, wire::ReasonCode reason, const Command& more) {
  return scripted(
      Program::Pub,
      [=](Script& script) {
        accept(script)
            .expect(PacketType::Publish)
            .reply(wire::PublishReply{type, 0, reason, {}})
            .expect_end();
      },
      more);
}

auto puback(wire::ReasonCode reason) {
  return answer(PacketType::Puback, reason, {"-q", "1", "-V", "5"});
}

// Ends a subscriber's connection of MQTT 5 with this reason.
auto disconnecting(wire::ReasonCode reason) {
  return scripted(Program::Sub,
                  [reason](Script& script) {
                    accept(script)
                        .expect(PacketType::Subscribe)
                        .reply(wire::Suback{0, Bytes("\0", 1), {}})
                        .reply(wire::Disconnect{reason, {}})
                        .close();
                  },
                  {"-V", "5", "--no-reconnect"});
}

// A peer that takes the WebSocket and then talks of something else.
Command websocket_chatter(Scene& scene, std::string&) {
  ScriptedBrokerOptions options;
  options.layers.websocket = true;
  auto broker = std::make_shared<ScriptedBroker>(options);
  broker->further_connections()
      .expect(PacketType::Connect)
      .send_raw(R"({"error":"bad subscription"})")
      .stall();
  broker->start();
  scene.push_back(broker);
  return pub_command({"-L", "ws://127.0.0.1:" + std::to_string(broker->port()) + "/ws/channels"});
}

auto suback(const std::string& codes, const Command& more) {
  return scripted(
      Program::Sub,
      [codes](Script& script) {
        accept(script).expect(PacketType::Subscribe).reply(wire::Suback{0, codes, {}}).expect_end();
      },
      more);
}

auto limited(wire::PropertyId limit, std::uint32_t value, const Command& more) {
  return scripted(
      Program::Pub,
      [=](Script& script) {
        wire::Properties properties;
        properties.add(limit, value);
        wire::Connack connack;
        connack.properties = properties;
        script.expect(PacketType::Connect).reply(connack).expect_end();
      },
      more);
}

}  // namespace

std::vector<Fault> scripted_faults() {
  const Command v31 = {"-V", "3.1"};
  const Command v5 = {"-V", "5"};
  const std::string large(20'000, 'x');
  return {
      {"return code 1", refusing(1), "does not speak MQTT 3.1.1", "mqtt.version", 76},
      {"return code 2", refusing(2, {"-i", "bad"}), "rejects the client id 'bad'", "mqtt.client_id",
       76},
      {"return code 2, no id", refusing(2, {"-i", ""}), "wants a client id", "mqtt.client_id", 76},
      {"return code 3", refusing(3), "unavailable", "mqtt.unavailable", 75},
      {"return code 4", refusing(4), "bad user name or password", "mqtt.credentials", 77},
      {"return code 5", refusing(5), "not authorised", "mqtt.not_authorised", 77},
      {"MQTT 5 refused in the form of 3", refusing_raw(std::string("\x20\x02\x00\x01", 4)),
       "does not speak MQTT 5", "mqtt.version", 76},
      {"5: unsupported version", refusing(0x84, v5), "unsupported protocol version", "mqtt.version",
       76},
      {"5: client id", refusing(0x85, v5), "client identifier not valid", "mqtt.client_id", 76},
      {"5: password", refusing(0x86, v5), "bad user name or password", "mqtt.credentials", 77},
      {"5: not authorized", refusing(0x87, v5), "not authorized", "mqtt.not_authorised", 77},
      {"5: unavailable", refusing(0x88, v5), "server unavailable", "mqtt.unavailable", 75},
      {"5: busy", refusing(0x89, v5), "server busy", "mqtt.busy", 75},
      {"5: banned", refusing(0x8A, v5), "banned", "mqtt.not_authorised", 77},
      {"5: quota", refusing(0x97, v5), "quota exceeded", "mqtt.quota", 75},
      {"5: use another", refusing(0x9C, v5), "use another server", "server.moved", 75},
      {"5: moved", refusing(0x9D, v5), "server moved", "server.moved", 1},
      {"5: rate", refusing(0x9F, v5), "connection rate exceeded", "mqtt.busy", 75},
      {"5: unspecified", refusing(0x80, v5), "unspecified error", "mqtt.refused", 1},
      {"closed after CONNECT", closing_at_connect(),
       "closed the connection instead of answering CONNECT", "mqtt.closed_after_connect", 69},
      {"silence after CONNECT", silent_at_connect(), "no answer to CONNECT within",
       "mqtt.no_answer", 69, "a port that expects TLS stays silent too"},
      {"5: closed after CONNECT", closing_at_connect(v5),
       "closed the connection instead of answering CONNECT", "mqtt.closed_after_connect", 69,
       "does it speak MQTT 5? try -V 3.1.1"},
      {"5: silence after CONNECT", silent_at_connect(v5), "no answer to CONNECT within",
       "mqtt.no_answer", 69, "some brokers stay silent at MQTT 5: try -V 3.1.1"},
      {"5: unspecified, no id", refusing(0x80, {"-V", "5", "-i", ""}),
       "refused the connection: unspecified error", "mqtt.refused", 1, "want a client id"},
      {"MQTT 3.1, return code 1", refusing(1, v31), "does not speak MQTT 3.1\n", "mqtt.version", 76,
       "try another version with -V"},
      {"MQTT 3.1, closed", closing_at_connect(v31), "instead of answering CONNECT\n",
       "mqtt.closed_after_connect", 69, "does it speak MQTT 3.1? try -V 3.1.1"},
      {"HTTP server", answering("HTTP/1.1 400 Bad Request\r\n\r\n"), "speaks HTTP, not MQTT",
       "mqtt.not_mqtt", 76},
      {"TLS alert", answering(std::string("\x15\x03\x01\x00\x02\x02\x46", 7)), "speaks TLS",
       "mqtt.tls_expected", 76},
      {"garbage", answering("SSH-2.0-x\r\n"), "it sent 'SSH-2.0-x", "mqtt.not_mqtt", 76},
      {"malformed CONNACK", answering(std::string("\x20\x02\x07\x00", 4)), "malformed packet",
       "mqtt.malformed", 76},
      {"closed at QoS 2", closing_at_publish({"-q", "2"}), "in reply to a message of QoS 2",
       "pub.closed_qos", 76},
      {"closed at QoS 2, over TLS",
       closing_at_publish_over_tls,
       "in reply to a message of QoS 2",
       "pub.closed_qos",
       76,
       {},
       true},
      {"closed at retain", closing_at_publish({"-q", "1", "-r"}), "with the retain flag",
       "pub.closed_retain", 76},
      {"closed at size", closing_at_publish({"-q", "1", "-m", large}),
       "in reply to a message of 19.5 KiB", "pub.closed_size", 1},
      {"reset at size",
       scripted(Program::Pub, [](Script& s) { accept(s).expect(PacketType::Publish).reset(); },
                {"-q", "1", "-m", std::string(100'000, 'x')}),
       "in reply to a message of 97.7 KiB", "pub.closed_size", 1,
       "it may be larger than the broker allows"},
      {"closed at QoS 0", closing_at_publish({"-q", "0"}),
       "the message may not have arrived: the connection was lost", "mqtt.lost", 1},
      {"no sign of life at QoS 0",
       scripted(Program::Pub, [](Script& s) { accept(s).stall(); },
                {"-q", "0", "--ping-timeout", "300ms"}),
       "the message may not have arrived: the broker did not answer a ping that followed it",
       "mqtt.ping_timeout", 1},
      {"closed at QoS 1", closing_at_publish({"-q", "1"}), "before it acknowledged it", "mqtt.lost",
       69},
      {"PUBACK refuses", puback(wire::ReasonCode::NotAuthorized), "not authorized", "pub.denied",
       77},
      {"PUBACK quota", puback(wire::ReasonCode::QuotaExceeded), "quota exceeded", "pub.quota", 75},
      {"PUBREC refuses",
       answer(PacketType::Pubrec, wire::ReasonCode::NotAuthorized, {"-q", "2", "-V", "5"}),
       "the broker refused a message: not authorized", "pub.denied", 77},
      {"QoS 2 answered as QoS 1",
       answer(PacketType::Puback, wire::ReasonCode::Success, {"-q", "2"}),
       "answered a QoS 2 message with PUBACK", "mqtt.protocol", 76},
      {"limit of QoS", limited(wire::PropertyId::MaximumQos, 1, {"-V", "5", "-q", "2"}),
       "takes no messages of QoS 2", "pub.qos", 1},
      {"limit of retain",
       limited(wire::PropertyId::RetainAvailable, 0, {"-V", "5", "-q", "1", "-r"}),
       "takes no retained messages", "pub.retain", 1},
      {"limit of size",
       limited(wire::PropertyId::MaximumPacketSize, 1000, {"-V", "5", "-q", "1", "-m", large}),
       "larger than the broker takes", "pub.too_large", 1},
      {"PUBACK never comes",
       scripted(Program::Pub, [](Script& s) { accept(s).expect(PacketType::Publish).stall(); },
                {"-q", "1", "--publish-timeout", "300ms"}),
       "was not acknowledged within", "pub.timeout", 124},
      {"subscription denied", suback(std::string("\x80", 1), {}), "denied", "sub.denied", 77},
      {"5: subscription denied", suback(std::string("\x87", 1), v5), "not authorized", "sub.denied",
       77},
      {"one of two subscriptions denied", suback(std::string("\0\x80", 2), {"-t", "u", "-E"}), "",
       "", 77, "warning: subscription to 'u' was denied"},
      {"5: taken over", disconnecting(wire::ReasonCode::SessionTakenOver), "session taken over",
       "mqtt.taken_over", 75},
      {"5: shutting down", disconnecting(wire::ReasonCode::ServerShuttingDown),
       "server shutting down", "mqtt.shutdown", 75},
      {"5: ended by an administrator", disconnecting(wire::ReasonCode::AdministrativeAction),
       "administrative action", "mqtt.disconnected", 69},
      {"WebSocket that carries no MQTT", websocket_chatter,
       "the WebSocket's peer does not speak MQTT", "mqtt.not_mqtt", 76},
      {"second CONNACK", after_connack(std::string("\x20\x02\x00\x00", 4)), "a second CONNACK",
       "mqtt.protocol", 76},
      {"QoS 3", after_connack(std::string("\x36\x05\x00\x01t\x00\x01", 7)), "QoS", "mqtt.malformed",
       76},
      {"PUBACK for nothing", after_connack(std::string("\x40\x02\x00\x09", 4)),
       "packet identifier 9, which is not in use", "mqtt.protocol", 76},
      {"no PINGRESP",
       scripted(Program::Sub,
                [](Script& s) {
                  accept(s)
                      .expect(PacketType::Subscribe)
                      .reply(wire::Suback{0, Bytes("\0", 1), {}})
                      .stall();
                },
                {"-k", "1", "--ping-timeout", "300ms", "--no-reconnect"}),
       "does not answer any more", "mqtt.ping_timeout", 69},
  };
}

}  // namespace mqtk::test
