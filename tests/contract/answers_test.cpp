// Paho now and then forgets what it was asked; the adapter waits only so long for its answers. From
// outside that looks as if the broker did not answer.
#include "client/paho/client.hpp"
#include "contract/contract.hpp"
#include "support/scripted_broker.hpp"

using namespace mqtk;
using namespace mqtk::test;
using wire::Qos;

namespace {

void take_and_say_nothing(Script& script) {
  script.expect<wire::Connect>().reply(wire::Connack{}).serve([](const wire::Packet&, Peer&) {});
}

void answer_publications(Script& script) {
  script.expect<wire::Connect>()
      .reply(wire::Connack{})
      .serve([](const wire::Packet& packet, Peer& peer) {
        const auto* message = std::get_if<wire::Publish>(&packet);
        if (message == nullptr || message->qos == Qos::AtMostOnce) return;
        peer.send(wire::PublishReply{wire::PacketType::Puback, message->packet_id});
      });
}

/// A client of Paho's that comes back at once, and waits as long as it is told.
std::unique_ptr<Party> patient(std::uint16_t port, PahoPatience patience) {
  ClientConfig settings = config_for(wire::ProtocolVersion::V311, port);
  settings.reconnect.enabled = true;
  settings.reconnect.minimum = 1ms;
  settings.reconnect.maximum = 10ms;
  auto party = std::make_unique<Party>(Engine::Paho, settings);
  party->start([patience](EventLoop& loop, const ClientConfig& config, ClientListener& listener) {
    return std::make_unique<PahoClient>(loop, config, listener, patience);
  });
  return party;
}

/// When the first packet of this kind came on a connection.
TimePoint time_of(const ScriptedBroker& broker, wire::PacketType type, std::size_t connection) {
  for (const ScriptedBroker::Received& packet : broker.received()) {
    if (packet.type == type && packet.connection == connection) return packet.time;
  }
  return TimePoint();
}

}  // namespace

TEST_CASE("Paho's answers: what is not answered in time is asked anew by another client of it") {
  constexpr Duration kLimit = 300ms;
  ScriptedBroker broker;
  take_and_say_nothing(broker.connection());
  answer_publications(broker.further_connections());
  broker.start();
  const auto owner = patient(broker.port(), {kLimit, kLimit});
  Party& party = *owner;
  REQUIRE(party.run_until([&] { return party.connections.size() == 1; }));
  const TimePoint asked = monotonic_now();
  REQUIRE(party.publish("t", "kept", Qos::AtLeastOnce) == PublishStatus::Accepted);
  REQUIRE(party.run_until([&] { return !party.outcomes.empty(); }));
  CHECK(party.outcomes[0].outcome.ok);
  CHECK(party.connections.size() >= 2);
  CHECK(time_of(broker, wire::PacketType::Publish, 2) - asked >= kLimit);
  CHECK(party.leave());
}

TEST_CASE("Paho's answers: once it has lost a connection it has less time") {
  ScriptedBroker broker;
  broker.connection().expect<wire::Connect>().reply(wire::Connack{}).close();
  take_and_say_nothing(broker.connection());
  answer_publications(broker.further_connections());
  broker.start();
  const auto owner = patient(broker.port(), {20s, 300ms});
  Party& party = *owner;
  REQUIRE(party.run_until([&] { return party.connections.size() == 2; }));
  REQUIRE(party.publish("t", "kept", Qos::AtLeastOnce) == PublishStatus::Accepted);
  REQUIRE(party.run_until([&] { return !party.outcomes.empty(); }));
  CHECK(party.outcomes[0].outcome.ok);
  CHECK(party.connections.size() >= 3);
  CHECK(party.leave());
}

TEST_CASE("Paho's answers: a subscription counts as well") {
  ScriptedBroker broker;
  take_and_say_nothing(broker.connection());
  broker.further_connections()
      .expect<wire::Connect>()
      .reply(wire::Connack{})
      .serve([](const wire::Packet& packet, Peer& peer) {
        const auto* request = std::get_if<wire::Subscribe>(&packet);
        if (request != nullptr) peer.send(wire::Suback{request->packet_id, Bytes("\1", 1), {}});
      });
  broker.start();
  const auto owner = patient(broker.port(), {300ms, 300ms});
  Party& party = *owner;
  REQUIRE(party.run_until([&] { return party.connections.size() == 1; }));
  CHECK(party.subscribe({"t"}, Qos::AtLeastOnce) == "\1");
  CHECK(party.connections.size() >= 2);
  CHECK(party.leave());
}

TEST_CASE("Paho's answers: a client that asked for nothing stays") {
  ScriptedBroker broker;
  answer_publications(broker.further_connections());
  broker.start();
  const auto owner = patient(broker.port(), {10ms, 10ms});
  Party& party = *owner;
  REQUIRE(party.run_until([&] { return party.connections.size() == 1; }));
  party.run_for(300ms);
  CHECK(party.connections.size() == 1);
  CHECK(party.retries.empty());
  CHECK(party.leave());
}
