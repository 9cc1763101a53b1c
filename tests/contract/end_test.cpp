// Ending: when all is acknowledged, at once, and by destruction, in every phase of a connection.
#include <functional>

#include "contract/contract.hpp"
#include "support/mosquitto.hpp"
#include "support/ports.hpp"
#include "support/scripted_broker.hpp"

using namespace mqtk;
using namespace mqtk::test;
using wire::Qos;

namespace {

// Brings a client into one phase of its life.
struct Phase {
  const char* name;
  std::function<void(Party&)> reach;
  std::uint16_t port;
};

// Answers CONNECT and nothing after it, on any number of connections.
void answer_connect(ScriptedBroker& broker) {
  broker.further_connections()
      .expect<wire::Connect>()
      .reply(wire::Connack{})
      .serve([](const wire::Packet&, Peer&) {});
  broker.start();
}

// What is left unanswered stays so: the broker that answers CONNECT takes everything else.
template <typename Check>
void in_every_phase(const Subject& subject, Check check) {
  ScriptedBroker silent;
  silent.further_connections().stall();
  silent.start();
  ScriptedBroker broker;
  answer_connect(broker);
  const auto connected = [](Party& party) {
    REQUIRE(party.run_until([&] { return !party.connections.empty(); }));
  };
  const std::vector<Phase> phases = {
      {"before the first turn", [](Party&) {}, broker.port()},
      {"connecting", [](Party& party) { party.loop().run_once(false); }, broker.port()},
      {"no answer to CONNECT", [](Party& party) { party.run_for(20ms); }, silent.port()},
      {"connected", connected, broker.port()},
      {"subscribing",
       [&](Party& party) {
         connected(party);
         Subscription subscription;
         subscription.filter = "x";
         party.client().subscribe({subscription}, 1);
         party.run_for(5ms);
       },
       broker.port()},
      {"publishing",
       [&](Party& party) {
         connected(party);
         for (const Qos qos : {Qos::AtMostOnce, Qos::AtLeastOnce, Qos::ExactlyOnce}) {
           CHECK(party.publish("x", "y", qos) == PublishStatus::Accepted);
         }
         party.run_for(5ms);
       },
       broker.port()},
      {"waiting to try again",
       [](Party& party) { REQUIRE(party.run_until([&] { return !party.retries.empty(); })); },
       closed_port()},
      {"stopping with something unacknowledged",
       [&](Party& party) {
         connected(party);
         party.publish("x", "y", Qos::AtLeastOnce);
         party.client().stop();
         party.run_for(5ms);
       },
       broker.port()},
  };
  for (const Phase& phase : phases) {
    INFO(phase.name);
    ClientConfig config = config_for(subject.version, phase.port);
    config.reconnect.enabled = true;
    config.reconnect.retry_first = true;
    config.reconnect.minimum = 30s;
    Party party(subject.engine, config);
    party.start();
    phase.reach(party);
    check(party);
  }
}

}  // namespace

CONTRACT("stop waits for what was accepted") {
  const Mosquitto broker;
  const auto receiver = other_side(broker.port(), {"x"});
  Party party(subject.engine, config_for(subject.version, broker.port()));
  REQUIRE(party.connect());
  for (const Qos qos : {Qos::AtMostOnce, Qos::AtLeastOnce, Qos::ExactlyOnce}) {
    REQUIRE(party.publish("x", "y", qos) == PublishStatus::Accepted);
  }
  party.client().stop();
  CHECK(party.ended == 0);
  CHECK(party.publish("x", "late", Qos::AtLeastOnce) == PublishStatus::Refused);
  REQUIRE(party.run_until_ended());
  CHECK_FALSE(party.end_error);
  CHECK(party.outcomes.size() == 3);
  CHECK(party.client().pending() == 0);
  REQUIRE(receiver->run_until([&] { return receiver->arrived.size() == 3; }));
}

CONTRACT("stop before anything was sent ends without an error") {
  const Mosquitto broker;
  Party party(subject.engine, config_for(subject.version, broker.port()));
  party.start();
  party.client().stop();
  REQUIRE(party.run_until_ended());
  CHECK_FALSE(party.end_error);
}

CONTRACT("abort ends every phase at once, with one word") {
  in_every_phase(subject, [](Party& party) {
    const unsigned before = party.callbacks;
    party.client().abort();
    CHECK(party.callbacks == before);
    CHECK(party.run_until_ended(10s));
    CHECK(party.ended == 1);
    CHECK_FALSE(party.end_error);
    const unsigned after = party.callbacks;
    party.client().abort();
    party.run_for(2ms);
    CHECK(party.callbacks == after);
  });
}

CONTRACT("after destruction in any phase nothing is called any more") {
  in_every_phase(subject, [](Party& party) {
    party.destroy();
    const unsigned before = party.callbacks;
    party.run_for(3ms);
    CHECK(party.callbacks == before);
  });
}

CONTRACT("destruction while messages come in is safe") {
  const Mosquitto broker;
  const auto sender = other_side(broker.port());
  for (int round = 0; round < 5; ++round) {
    Party party(subject.engine, config_for(subject.version, broker.port()));
    REQUIRE(party.connect());
    REQUIRE(party.subscribe({"flood"}, Qos::AtMostOnce).size() == 1);
    if (round % 2 == 1) party.client().pause_receiving(true);
    for (int i = 0; i < 3'000; ++i) sender->publish("flood", "x", Qos::AtMostOnce);
    sender->run_for(5ms);
    if (round % 2 == 0) party.run_until([&] { return party.arrived.size() > 10; }, 2s);
    party.destroy();
    const unsigned before = party.callbacks;
    sender->run_for(2ms);
    party.run_for(1ms);
    CHECK(party.callbacks == before);
  }
}

CONTRACT_MQTT5("a DISCONNECT of the server is noticed, and told by its reason") {
  struct Way {
    const char* name;
    bool straight;  ///< behind CONNACK, in one piece with it
    bool closes;    ///< as it has to; or it waits for the client to do so
  };
  for (const Way& way : {Way{"straight, closed", true, true}, Way{"straight", true, false},
                         Way{"later, closed", false, true}, Way{"later", false, false}}) {
    INFO(way.name);
    wire::Disconnect goodbye;
    goodbye.reason = wire::ReasonCode::ServerShuttingDown;
    ScriptedBroker broker;
    Script& script = broker.connection().expect<wire::Connect>().reply(wire::Connack{});
    if (!way.straight) script.expect<wire::Publish>();
    script.reply(goodbye);
    way.closes ? script.finish() : script.stall();
    broker.start();
    Party party(subject.engine, config_for(subject.version, broker.port()));
    party.start();
    if (!way.straight) {
      REQUIRE(party.run_until([&] { return party.client().connected(); }));
      party.publish("x", "y", Qos::AtMostOnce);
    }
    REQUIRE(party.run_until_ended(20s));
    REQUIRE(party.end_error);
    INFO(party.error().message);
    CHECK(party.error().kind == ErrorKind::TryAgain);
    CHECK(party.error().message.find("shutting down") != std::string::npos);
    CHECK(party.ended == 1);
  }
}

CONTRACT("an end that nothing depends on does not wait for a peer that never ends its side") {
  ScriptedBroker broker;
  broker.further_connections()
      .expect<wire::Connect>()
      .reply(wire::Connack{})
      .expect<wire::Subscribe>()
      .reply(wire::Suback{0, Bytes("\0", 1), {}})
      .stall();
  broker.start();
  Party party(subject.engine, config_for(subject.version, broker.port()));
  REQUIRE(party.connect());
  Subscription subscription;
  subscription.filter = "x";
  party.client().subscribe({subscription}, 1);
  REQUIRE(party.run_until([&] { return party.subscribed.size() == 1; }));
  const TimePoint stopped = monotonic_now();
  party.client().abort();
  REQUIRE(party.run_until_ended());
  CHECK(monotonic_now() - stopped < 3s);
}
