// Publishing and receiving: every QoS, sizes, the window, the time without a connection.
#include <numeric>

#include "contract/contract.hpp"
#include "server/loop_thread.hpp"
#include "support/mosquitto.hpp"
#include "support/ports.hpp"
#include "support/relay.hpp"
#include "support/scripted_broker.hpp"

using namespace mqtk;
using namespace mqtk::test;
using wire::Qos;

CONTRACT("messages of each QoS are acknowledged and arrive in order") {
  const Mosquitto broker;
  Party receiver(subject.engine, config_for(subject.version, broker.port()));
  REQUIRE(receiver.connect());
  REQUIRE(receiver.subscribe({"q/#"}) == "\2");
  ClientConfig config = config_for(subject.version, broker.port());
  config.max_inflight = 20;
  Party sender(subject.engine, config);
  REQUIRE(sender.connect());
  for (const Qos qos : {Qos::AtMostOnce, Qos::AtLeastOnce, Qos::ExactlyOnce}) {
    constexpr std::size_t kCount = 60;
    const std::size_t outcomes_before = sender.outcomes.size();
    const std::size_t arrived_before = receiver.arrived.size();
    std::vector<std::string> sent;
    std::vector<Token> tokens;
    while (sent.size() < kCount) {
      const std::string payload = "m" + std::to_string(sent.size());
      switch (sender.publish("q/" + std::to_string(int(qos)), payload, qos)) {
        case PublishStatus::Accepted:
          sent.push_back(payload);
          tokens.push_back(sender.last_token());
          break;
        case PublishStatus::Full: {
          const unsigned before = sender.writable;
          REQUIRE(sender.run_until([&] { return sender.writable > before; }));
          break;
        }
        case PublishStatus::Refused:
          FAIL("refused: " << sender.client().last_error().message);
      }
    }
    REQUIRE(sender.run_until([&] { return sender.outcomes.size() == outcomes_before + kCount; }));
    std::vector<Token> acknowledged;
    for (std::size_t i = outcomes_before; i < sender.outcomes.size(); ++i) {
      acknowledged.push_back(sender.outcomes[i].token);
      CHECK(sender.outcomes[i].outcome.ok);
      CHECK((sender.outcomes[i].outcome.latency > 0ns) == (qos != Qos::AtMostOnce));
    }
    CHECK(acknowledged == tokens);
    CHECK(sender.client().pending() == 0);
    REQUIRE(receiver.run_until([&] { return receiver.arrived.size() >= arrived_before + kCount; }));
    const auto all = receiver.payloads();
    CHECK(std::vector(all.begin() + long(arrived_before), all.end()) == sent);
    CHECK(receiver.arrived.back().qos == qos);
    CHECK(receiver.arrived.back().topic == "q/" + std::to_string(int(qos)));
  }
  CHECK(sender.client().counts().published == 180);
  CHECK(sender.client().counts().acknowledged == 180);
  CHECK(receiver.client().counts().received == 180);
  CHECK(sender.leave());
  CHECK(receiver.leave());
}

CONTRACT("large, binary and empty payloads arrive as they were sent") {
  const Mosquitto broker;
  std::string binary(256, '\0');
  std::iota(binary.begin(), binary.end(), '\0');
  std::string large(3'000'000, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7 + i / 251);
  const std::vector<std::string> payloads = {"", binary, large, std::string(70'000, '\xFF')};
  // Once each way: Paho reads for all clients of a process in one thread, which waits when one of
  // them has much that nobody fetches.
  for (const bool sending : {true, false}) {
    Party party(subject.engine, config_for(subject.version, broker.port()));
    REQUIRE(party.connect());
    const auto other = other_side(broker.port());
    Party& sender = sending ? party : *other;
    Party& receiver = sending ? *other : party;
    REQUIRE(receiver.subscribe({"big"}) == "\2");
    for (const Qos qos : {Qos::AtMostOnce, Qos::AtLeastOnce, Qos::ExactlyOnce}) {
      for (const std::string& payload : payloads) CHECK(sender.deliver("big", payload, qos));
    }
    REQUIRE(receiver.run_until([&] { return receiver.arrived.size() == 3 * payloads.size(); }));
    std::size_t right = 0;
    for (const Arrived& message : receiver.arrived) {
      right +=
          static_cast<std::size_t>(std::count(payloads.begin(), payloads.end(), message.payload));
    }
    CHECK(right == 3 * payloads.size());
  }
}

CONTRACT("a retained message waits for subscribers") {
  const Mosquitto broker;
  Party sender(subject.engine, config_for(subject.version, broker.port()));
  REQUIRE(sender.connect());
  REQUIRE(sender.deliver("r", "kept", Qos::AtLeastOnce, true));
  Party receiver(subject.engine, config_for(subject.version, broker.port()));
  REQUIRE(receiver.connect());
  receiver.subscribe({"r"});
  REQUIRE(receiver.run_until([&] { return !receiver.arrived.empty(); }));
  CHECK(receiver.arrived[0].retain);
  CHECK(receiver.arrived[0].payload == "kept");
  REQUIRE(sender.deliver("r", "", Qos::AtLeastOnce, true));
  REQUIRE(receiver.run_until([&] { return receiver.arrived.size() == 2; }));
  CHECK_FALSE(receiver.arrived[1].retain);
  const auto later = other_side(broker.port(), {"r"});
  REQUIRE(sender.deliver("r", "live", Qos::AtLeastOnce));
  REQUIRE(later->run_until([&] { return !later->arrived.empty(); }));
  CHECK(later->payloads() == std::vector<std::string>{"live"});
}

CONTRACT("more than the window holds waits, and the window is kept to") {
  ScriptedBroker broker;
  Script& script = broker.connection();
  script.expect<wire::Connect>().reply(wire::Connack{});
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 3; ++i) script.expect<wire::Publish>();
    script.delay(30ms);
    for (int i = 0; i < 3; ++i) {
      wire::PublishReply ack;
      ack.type = wire::PacketType::Puback;
      ack.packet_id = static_cast<std::uint16_t>(round * 3 + i + 1);
      script.reply(ack);
    }
  }
  script.expect<wire::Disconnect>().expect_end();
  broker.start();
  ClientConfig config = config_for(subject.version, broker.port());
  config.max_inflight = 3;
  Party sender(subject.engine, config);
  REQUIRE(sender.connect());
  std::size_t accepted = 0;
  unsigned full = 0;
  while (accepted < 12 && sender.ended == 0) {
    if (sender.publish("w", std::to_string(accepted), Qos::AtLeastOnce) ==
        PublishStatus::Accepted) {
      ++accepted;
      CHECK(sender.client().pending() <= 3);
      continue;
    }
    ++full;
    const unsigned before = sender.writable;
    REQUIRE(sender.run_until([&] { return sender.writable > before || sender.ended > 0; }));
  }
  CHECK(full >= 3);
  CHECK(sender.leave());
  CHECK(sender.outcomes.size() == 12);
  broker.finish();
  INFO(broker.report());
  CHECK(broker.mismatches().empty());
}

CONTRACT("without a connection QoS 0 is not taken, and QoS 1 is queued up to the limit") {
  Mosquitto broker;
  ClientConfig config = config_for(subject.version, broker.port());
  config.reconnect.enabled = true;
  config.reconnect.minimum = 20ms;
  config.queue_size = 2;
  Party sender(subject.engine, config);
  sender.start();
  CHECK(sender.publish("o", "none", Qos::AtMostOnce) == PublishStatus::Full);
  CHECK(sender.publish("o", "one", Qos::AtLeastOnce) == PublishStatus::Accepted);
  CHECK(sender.publish("o", "two", Qos::ExactlyOnce) == PublishStatus::Accepted);
  CHECK(sender.publish("o", "three", Qos::AtLeastOnce) == PublishStatus::Full);
  CHECK(sender.client().pending() == 2);
  const auto receiver = other_side(broker.port(), {"o"});
  REQUIRE(sender.run_until([&] { return sender.outcomes.size() == 2; }));
  REQUIRE(receiver->run_until([&] { return receiver->arrived.size() == 2; }));
  CHECK(receiver->payloads() == std::vector<std::string>{"one", "two"});
  CHECK(sender.writable > 0);
}

CONTRACT("a full queue drops the oldest, or refuses, when asked to") {
  for (const WhenFull how : {WhenFull::DropOldest, WhenFull::Error}) {
    ClientConfig config = config_for(subject.version, closed_port());
    config.queue_size = 1;
    config.when_full = how;
    Party sender(subject.engine, config);
    sender.start();
    CHECK(sender.publish("o", "one", Qos::AtLeastOnce) == PublishStatus::Accepted);
    const PublishStatus second = sender.publish("o", "two", Qos::AtLeastOnce);
    if (how == WhenFull::Error) {
      CHECK(second == PublishStatus::Refused);
      continue;
    }
    CHECK(second == PublishStatus::Accepted);
    REQUIRE(sender.outcomes.size() == 1);
    CHECK(sender.outcomes[0].token == 1);
    CHECK_FALSE(sender.outcomes[0].outcome.ok);
    CHECK(sender.client().counts().dropped == 1);
  }
}

CONTRACT("a message that is never acknowledged ends in time") {
  const Mosquitto broker;
  RelayOptions options;
  options.target_port = broker.port();
  Hosted<Relay> relay([&](EventLoop& loop) { return std::move(*Relay::start(loop, options)); });
  RelaySwallow swallow;
  relay.call([&](Relay& r) { r.add(swallow); });
  ClientConfig config = config_for(subject.version, relay.call([](Relay& r) { return r.port(); }));
  config.publish_timeout = 300ms;
  Party sender(subject.engine, config);
  REQUIRE(sender.connect());
  REQUIRE(sender.publish("t", "x", Qos::AtLeastOnce) == PublishStatus::Accepted);
  REQUIRE(sender.run_until_ended());
  REQUIRE(sender.end_error);
  CHECK(sender.error().kind == ErrorKind::Timeout);
  CHECK(sender.error().cause == Cause::PubTimeout);
}

CONTRACT_MQTT5("a refused message is told with its reason, and the others go on") {
  ScriptedBroker broker;
  wire::PublishReply refusal;
  refusal.reason = wire::ReasonCode::NotAuthorized;
  wire::PublishReply nobody;
  nobody.reason = wire::ReasonCode::NoMatchingSubscribers;
  broker.connection()
      .expect<wire::Connect>()
      .reply(wire::Connack{})
      .expect<wire::Publish>()
      .reply(refusal)
      .expect<wire::Publish>()
      .reply(nobody)
      .expect<wire::Disconnect>()
      .expect_end();
  broker.start();
  Party sender(subject.engine, config_for(subject.version, broker.port()));
  REQUIRE(sender.connect());
  CHECK_FALSE(sender.deliver("denied", "x", Qos::AtLeastOnce));
  REQUIRE(sender.outcomes.size() == 1);
  CHECK(sender.outcomes[0].outcome.reason == wire::ReasonCode::NotAuthorized);
  CHECK(sender.outcomes[0].outcome.error.cause == Cause::PubDenied);
  CHECK(sender.outcomes[0].outcome.error.kind == ErrorKind::Permission);
  CHECK(sender.deliver("unheard", "x", Qos::AtLeastOnce));
  // Of an acknowledgement that is no refusal Paho does not tell the reason.
  const bool told = sender.outcomes[1].outcome.reason == wire::ReasonCode::NoMatchingSubscribers;
  CHECK(told == (subject.engine == Engine::Native));
  CHECK(sender.leave());
  broker.finish();
  INFO(broker.report());
  CHECK(broker.mismatches().empty());
}

CONTRACT_MQTT5("properties of messages pass both ways") {
  const Mosquitto broker;
  wire::Properties properties;
  properties.add(wire::PropertyId::PayloadFormatIndicator, 1);
  properties.add(wire::PropertyId::ContentType, Bytes("text/plain"));
  properties.add(wire::PropertyId::ResponseTopic, Bytes("answer/here"));
  properties.add(wire::PropertyId::CorrelationData, Bytes("\0\1\2", 3));
  properties.add_user_property("k", "v");
  properties.add_user_property("k", "");
  Party receiver(subject.engine, config_for(subject.version, broker.port()));
  REQUIRE(receiver.connect());
  wire::Properties identified;
  identified.add(wire::PropertyId::SubscriptionIdentifier, 321);
  Subscription subscription;
  subscription.filter = "p";
  receiver.client().subscribe({subscription}, 1, identified);
  REQUIRE(receiver.run_until([&] { return !receiver.subscribed.empty(); }));
  Party sender(subject.engine, config_for(subject.version, broker.port()));
  REQUIRE(sender.connect());
  REQUIRE(sender.deliver("p", "x", Qos::AtMostOnce, false, properties));
  REQUIRE(receiver.run_until([&] { return !receiver.arrived.empty(); }));
  const std::string encoded = receiver.arrived[0].properties;
  const wire::PropertiesView got(encoded);
  using wire::PropertyId;
  CHECK(got.number(PropertyId::PayloadFormatIndicator) == 1U);
  CHECK(got.text(PropertyId::ContentType) == Bytes("text/plain"));
  CHECK(got.text(PropertyId::ResponseTopic) == Bytes("answer/here"));
  CHECK(got.text(PropertyId::CorrelationData) == Bytes("\0\1\2", 3));
  CHECK(got.number(PropertyId::SubscriptionIdentifier) == 321U);
  std::string pairs;
  for (const wire::Property& property : got) {
    if (property.info->id != PropertyId::UserProperty) continue;
    pairs += std::string(property.key) + "=" + std::string(property.value) + ";";
  }
  CHECK(pairs == "k=v;k=;");
}

CONTRACT("a message that takes longer than every time-out to leave is acknowledged in the end") {
  const Mosquitto broker;
  Hosted<Relay> relay([&broker](EventLoop& loop) {
    RelayOptions options;
    options.target_port = broker.port();
    auto made = Relay::start(loop, options);
    if (!made) throw std::runtime_error(made.error().message);
    (*made)->set_rate(RelayDirection::ToTarget, 20'000);
    return std::move(*made);
  });
  ClientConfig config =
      config_for(subject.version, relay.call([](Relay& object) { return object.port(); }));
  config.publish_timeout = 1s;
  Party party(subject.engine, config);
  REQUIRE(party.connect());
  const TimePoint begun = monotonic_now();
  CHECK(party.deliver("slow", std::string(60'000, 'x'), Qos::AtLeastOnce));
  CHECK(monotonic_now() - begun > 2500ms);
  CHECK(party.leave());
}
