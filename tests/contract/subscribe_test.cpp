// Subscribing, being refused, unsubscribing, and a reader that cannot keep up.
#include "contract/contract.hpp"
#include "support/mosquitto.hpp"
#include "support/scripted_broker.hpp"

using namespace mqtk;
using namespace mqtk::test;
using wire::Qos;

CONTRACT("many filters are sent eight at a time and answered as one") {
  ScriptedBroker broker;
  Script& script = broker.connection();
  script.expect<wire::Connect>().reply(wire::Connack{});
  for (const std::size_t size : {8U, 8U, 4U}) {
    wire::Suback answer;
    const std::string codes(size, '\1');
    answer.codes = codes;
    script
        .expect<wire::Subscribe>([size](const wire::Subscribe& subscribe) {
          return subscribe.requests.size() == size ? std::string() : std::string("another number");
        })
        .reply(answer);
  }
  script.expect<wire::Disconnect>().expect_end();
  broker.start();
  Party party(subject.engine, config_for(subject.version, broker.port()));
  REQUIRE(party.connect());
  std::vector<std::string> filters;
  for (int i = 0; i < 20; ++i) filters.push_back("f/" + std::to_string(i));
  CHECK(party.subscribe(filters) == std::string(20, '\1'));
  REQUIRE(party.subscribed.size() == 1);
  CHECK(party.subscribed[0].outcomes[19].filter == "f/19");
  CHECK(party.leave());
  broker.finish();
  INFO(broker.report());
  CHECK(broker.mismatches().empty());
}

CONTRACT("a refused subscription is told, one alone and one of several") {
  const bool v5 = subject.version == wire::ProtocolVersion::V5;
  const char refused = static_cast<char>(v5 ? 0x87 : 0x80);
  const std::string alone(1, refused);
  const std::string several = std::string("\2") + refused + '\0';
  ScriptedBroker broker;
  wire::Suback first;
  first.codes = alone;
  wire::Suback second;
  second.codes = several;
  broker.connection()
      .expect<wire::Connect>()
      .reply(wire::Connack{})
      .expect<wire::Subscribe>()
      .reply(first)
      .expect<wire::Subscribe>()
      .reply(second)
      .expect<wire::Disconnect>()
      .expect_end();
  broker.start();
  Party party(subject.engine, config_for(subject.version, broker.port()));
  REQUIRE(party.connect());
  CHECK(party.subscribe({"secret"}) == alone);
  CHECK_FALSE(party.subscribed.back().outcomes[0].ok);
  CHECK(party.subscribe({"a", "b", "c"}) == several);
  CHECK(party.subscribed.back().outcomes[0].ok);
  CHECK_FALSE(party.subscribed.back().outcomes[1].ok);
  CHECK(party.leave());
  broker.finish();
  INFO(broker.report());
  CHECK(broker.mismatches().empty());
}

CONTRACT("nothing comes after unsubscribing") {
  const Mosquitto broker;
  Party party(subject.engine, config_for(subject.version, broker.port()));
  REQUIRE(party.connect());
  REQUIRE(party.subscribe({"a", "b"}) == "\2\2");
  REQUIRE(party.deliver("a", "1", Qos::AtLeastOnce));
  REQUIRE(party.run_until([&] { return party.arrived.size() == 1; }));
  party.client().unsubscribe({"a"}, 5);
  REQUIRE(party.run_until([&] { return party.unsubscribed.size() == 1; }));
  CHECK(party.unsubscribed[0].token == 5);
  CHECK(party.unsubscribed[0].outcomes[0].filter == "a");
  CHECK(party.unsubscribed[0].outcomes[0].ok);
  REQUIRE(party.deliver("a", "2", Qos::AtLeastOnce));
  REQUIRE(party.deliver("b", "3", Qos::AtLeastOnce));
  REQUIRE(party.run_until([&] { return party.arrived.size() == 2; }));
  CHECK(party.payloads() == std::vector<std::string>{"1", "3"});
}

CONTRACT("wildcards, and what was asked for before the connection stood") {
  const Mosquitto broker;
  Party party(subject.engine, config_for(subject.version, broker.port()));
  party.start();
  CHECK(party.subscribe({"w/+/x", "all/#"}, Qos::AtLeastOnce) == "\1\1");
  const auto sender = other_side(broker.port());
  for (const char* topic : {"w/1/x", "w/1/y", "all", "all/of/it", "other"}) {
    REQUIRE(sender->deliver(topic, topic, Qos::AtLeastOnce));
  }
  REQUIRE(party.run_until([&] { return party.arrived.size() == 3; }));
  CHECK(party.payloads() == std::vector<std::string>{"w/1/x", "all", "all/of/it"});
}

CONTRACT_MQTT5("options of a subscription are kept to") {
  const Mosquitto broker;
  Party party(subject.engine, config_for(subject.version, broker.port()));
  REQUIRE(party.connect());
  const auto sender = other_side(broker.port());
  REQUIRE(sender->deliver("quiet", "old", Qos::AtLeastOnce, true));
  Subscription no_local;
  no_local.filter = "mine";
  no_local.no_local = true;
  Subscription as_published;
  as_published.filter = "flag";
  as_published.retain_as_published = true;
  Subscription quiet;
  quiet.filter = "quiet";
  quiet.retain_handling = wire::RetainHandling::DoNotSend;
  for (const Subscription& subscription : {no_local, as_published, quiet}) {
    party.client().subscribe({subscription}, 1);
  }
  REQUIRE(party.run_until([&] { return party.subscribed.size() == 3; }));
  REQUIRE(party.deliver("mine", "own", Qos::AtLeastOnce));
  REQUIRE(sender->deliver("mine", "foreign", Qos::AtLeastOnce));
  REQUIRE(sender->deliver("flag", "flagged", Qos::AtLeastOnce, true));
  REQUIRE(sender->deliver("quiet", "new", Qos::AtLeastOnce));
  REQUIRE(party.run_until([&] { return party.arrived.size() == 3; }));
  CHECK(party.payloads() == std::vector<std::string>{"foreign", "flagged", "new"});
  CHECK(party.arrived[1].retain);
}

CONTRACT("a reader that pauses gets everything afterwards, and may publish meanwhile") {
  constexpr std::size_t kCount = 4'000;
  MosquittoConfig settings;
  settings.extra = {"max_queued_messages 0"};
  const Mosquitto broker(settings);
  Party party(subject.engine, config_for(subject.version, broker.port()));
  REQUIRE(party.connect());
  REQUIRE(party.subscribe({"p"}, Qos::AtMostOnce) == std::string(1, '\0'));
  party.client().pause_receiving(true);
  party.run_for(20ms);
  const auto sender = other_side(broker.port());
  const std::string payload(1'000, 'x');
  std::size_t sent = 0;
  while (sent < kCount) {
    if (sender->publish("p", payload, Qos::AtMostOnce) == PublishStatus::Accepted) {
      ++sent;
      continue;
    }
    const unsigned before = sender->writable;
    REQUIRE(sender->run_until([&] { return sender->writable > before; }));
  }
  CHECK(sender->leave());
  party.run_for(100ms);
  const std::size_t early = party.arrived.size();
  for (int i = 0; i < 5; ++i) {
    CHECK(party.publish("elsewhere", "x", Qos::AtLeastOnce) == PublishStatus::Accepted);
    party.run_for(5ms);
  }
  CHECK(party.arrived.size() == early);
  CHECK(early < kCount);
  party.client().pause_receiving(false);
  REQUIRE(party.run_until([&] { return party.arrived.size() == kCount; }));
  REQUIRE(party.run_until([&] { return party.client().pending() == 0; }));
  CHECK(party.leave());
}
