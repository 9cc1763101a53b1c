#include "support/catch.hpp"
#include "unit/protocol/harness.hpp"

namespace mqtk::test {

using Accept = ClientState::Accept;
using wire::PacketType;
using wire::PropertyId;
using wire::ProtocolVersion;
using wire::Qos;
using wire::ReasonCode;

TEST_CASE("CONNECT carries every setting") {
  const auto version = GENERATE(ProtocolVersion::V31, ProtocolVersion::V311, ProtocolVersion::V5);
  SessionSettings settings = settings_for(version);
  settings.username = "u";
  settings.password = "p";
  settings.keep_alive_s = 17;
  settings.will = SessionSettings::Will{"w", "gone", Qos::AtLeastOnce, true, {}};
  Harness harness(settings);
  harness.state.connection_opened(harness.now);
  int seen = 0;
  Harness::for_each_packet(harness.take(), version, [&](const wire::Packet& packet) {
    const auto& connect = std::get<wire::Connect>(packet);
    ++seen;
    CHECK(connect.version == version);
    CHECK(connect.client_id == "c");
    CHECK(connect.clean_start);
    CHECK(connect.keep_alive_s == 17);
    CHECK(connect.username == Bytes("u"));
    CHECK(connect.password == Bytes("p"));
    REQUIRE(connect.will.has_value());
    CHECK(connect.will->topic == "w");
    CHECK(connect.will->payload == "gone");
    CHECK(connect.will->retain);
  });
  CHECK(seen == 1);
}

TEST_CASE("messages of every QoS go out and are acknowledged once") {
  const auto version = GENERATE(ProtocolVersion::V31, ProtocolVersion::V311, ProtocolVersion::V5);
  Harness harness(settings_for(version));
  REQUIRE(harness.connect());
  CHECK(harness.publish(Qos::AtMostOnce, 1) == Accept::Sent);
  CHECK(harness.publish(Qos::AtLeastOnce, 2) == Accept::Sent);
  CHECK(harness.publish(Qos::ExactlyOnce, 3) == Accept::Sent);
  CHECK(harness.take_text() == "PUBLISH, PUBLISH1, PUBLISH2");
  CHECK(harness.state.inflight() == 2);
  REQUIRE(harness.reply(PacketType::Pubrec, 2));
  CHECK(harness.take_text() == "PUBREL2");
  REQUIRE(harness.reply(PacketType::Puback, 1));
  REQUIRE(harness.reply(PacketType::Pubcomp, 2));
  CHECK(harness.acknowledged == std::map<std::uint64_t, int>{{2, 1}, {3, 1}});
  CHECK(harness.state.inflight() == 0);
}

TEST_CASE("the answer to a PINGREQ confirms the QoS 0 messages before it") {
  Harness harness(settings_for(ProtocolVersion::V311));
  REQUIRE(harness.connect());
  harness.state.confirm_qos0(harness.now);
  CHECK(harness.take_text().empty());  // there is nothing to confirm
  CHECK(harness.publish(Qos::AtMostOnce, 1) == Accept::Sent);
  harness.state.confirm_qos0(harness.now);
  harness.state.confirm_qos0(harness.now);
  CHECK(harness.take_text() == "PUBLISH, PINGREQ");
  CHECK(harness.publish(Qos::AtMostOnce, 2) == Accept::Sent);
  harness.state.confirm_qos0(harness.now);
  CHECK(harness.take_text() == "PUBLISH, PINGREQ");
  CHECK(harness.state.unconfirmed_qos0() == 2);
  REQUIRE(harness.feed(wire::Pingresp{}));
  REQUIRE(harness.feed(wire::Pingresp{}));
  CHECK(harness.state.unconfirmed_qos0() == 0);
  harness.state.confirm_qos0(harness.now);
  CHECK(harness.take_text().empty());
}

TEST_CASE("messages come in at every QoS and are answered") {
  const auto version = GENERATE(ProtocolVersion::V311, ProtocolVersion::V5);
  Harness harness(settings_for(version));
  REQUIRE(harness.connect());
  REQUIRE(harness.deliver(Qos::AtMostOnce, 0, "a"));
  REQUIRE(harness.deliver(Qos::AtLeastOnce, 5, "b"));
  REQUIRE(harness.deliver(Qos::ExactlyOnce, 6, "c"));
  CHECK(harness.messages == std::vector<std::string>{"a", "b", "c"});
  CHECK(harness.take_text() == "PUBACK5, PUBREC6");
  REQUIRE(harness.reply(PacketType::Pubrel, 6));
  CHECK(harness.take_text() == "PUBCOMP6");
}

TEST_CASE("the window is the smaller of ours and the server's") {
  SessionSettings settings = settings_for(ProtocolVersion::V5);
  settings.max_inflight = 5;
  Harness harness(settings);
  wire::Properties limits;
  limits.add(PropertyId::ReceiveMaximum, 2);
  REQUIRE(harness.connect(false, limits));
  CHECK(harness.publish(Qos::AtLeastOnce, 1) == Accept::Sent);
  CHECK(harness.publish(Qos::ExactlyOnce, 2) == Accept::Sent);
  CHECK(harness.publish(Qos::AtLeastOnce, 3) == Accept::WindowFull);
  CHECK(harness.publish(Qos::AtMostOnce, 4) == Accept::Sent);
  REQUIRE(harness.reply(PacketType::Puback, 1));
  CHECK(harness.publish(Qos::AtLeastOnce, 3) == Accept::Sent);
}

TEST_CASE("limits of CONNACK are respected") {
  Harness harness(settings_for(ProtocolVersion::V5));
  wire::Properties limits;
  limits.add(PropertyId::MaximumQos, 1);
  limits.add(PropertyId::RetainAvailable, 0);
  limits.add(PropertyId::MaximumPacketSize, 100);
  limits.add(PropertyId::ServerKeepAlive, 7);
  limits.add(PropertyId::AssignedClientIdentifier, Bytes("given"));
  REQUIRE(harness.connect(false, limits));
  CHECK(harness.publish(Qos::ExactlyOnce, 1) == Accept::QosNotSupported);
  CHECK(harness.publish(Qos::AtLeastOnce, 1, std::string(200, 'x')) == Accept::TooLarge);
  ClientState::Outgoing retained;
  retained.topic = "t";
  retained.retain = true;
  CHECK(harness.state.publish(retained, 1, harness.now) == Accept::RetainNotSupported);
  CHECK(harness.state.limits().keep_alive_s == 7);
  CHECK(harness.state.settings().client_id == "given");
}

TEST_CASE("a refusal ends the connection without a fault") {
  Harness harness(settings_for(ProtocolVersion::V311));
  harness.state.connection_opened(harness.now);
  wire::Connack connack;
  connack.code = 5;
  CHECK(harness.feed(connack));
  CHECK(harness.connacks == std::vector<std::uint8_t>{5});
  CHECK_FALSE(harness.state.connected());
  CHECK_FALSE(harness.state.fault());
}

TEST_CASE("PUBACK and PUBREC that refuse end the exchange") {
  Harness harness(settings_for(ProtocolVersion::V5));
  REQUIRE(harness.connect());
  harness.publish(Qos::AtLeastOnce, 1);
  harness.publish(Qos::ExactlyOnce, 2);
  harness.take();
  REQUIRE(harness.reply(PacketType::Puback, 1, ReasonCode::NotAuthorized));
  REQUIRE(harness.reply(PacketType::Pubrec, 2, ReasonCode::QuotaExceeded));
  CHECK(harness.take_text().empty());
  CHECK(harness.reasons ==
        std::vector<ReasonCode>{ReasonCode::NotAuthorized, ReasonCode::QuotaExceeded});
  CHECK(harness.state.inflight() == 0);
}

TEST_CASE("keep-alive: PINGREQ after silence, a missing PINGRESP is a fault") {
  SessionSettings settings = settings_for(ProtocolVersion::V311);
  settings.keep_alive_s = 30;
  settings.ping_timeout = 10s;
  Harness harness(settings);
  REQUIRE(harness.connect());
  CHECK(harness.state.next_tick() == harness.now + 30s);
  harness.now += 29s;
  CHECK(harness.tick());
  CHECK(harness.take_text().empty());
  harness.now += 1s;
  CHECK(harness.tick());
  CHECK(harness.take_text() == "PINGREQ");
  harness.now += 5s;
  REQUIRE(harness.feed(wire::Pingresp{}));
  CHECK(harness.state.next_tick() == harness.now + 25s);
  harness.now += 25s;
  CHECK(harness.tick());
  harness.now += 10s;
  CHECK_FALSE(harness.tick());
  REQUIRE(harness.state.fault());
  CHECK(harness.state.fault()->kind == ProtocolFault::Kind::NoPingresp);
}

TEST_CASE("keep-alive goes on while nothing is read, and the answer may wait") {
  SessionSettings settings = settings_for(ProtocolVersion::V311);
  settings.keep_alive_s = 30;
  Harness harness(settings);
  REQUIRE(harness.connect());
  harness.state.set_reading(false, harness.now);
  for (int i = 0; i < 4; ++i) {
    harness.now += 30s;
    REQUIRE(harness.tick());
    CHECK(harness.take_text() == "PINGREQ");
  }
  harness.state.set_reading(true, harness.now);
  harness.now += 9s;
  CHECK(harness.tick());
  for (int i = 0; i < 4; ++i) CHECK(harness.feed(wire::Pingresp{}));
  CHECK_FALSE(harness.feed(wire::Pingresp{}));
}

TEST_CASE("keep-alive 0 sends nothing") {
  SessionSettings settings = settings_for(ProtocolVersion::V311);
  settings.keep_alive_s = 0;
  Harness harness(settings);
  REQUIRE(harness.connect());
  CHECK(harness.state.next_tick() == kNever);
}

TEST_CASE("a QoS 0 stream learns what has arrived") {
  SessionSettings settings = settings_for(ProtocolVersion::V311);
  Harness harness(settings);
  REQUIRE(harness.connect());
  harness.publish(Qos::AtMostOnce, 0);
  harness.publish(Qos::AtMostOnce, 0);
  CHECK(harness.state.unconfirmed_qos0() == 2);
  harness.now = harness.state.next_tick();
  REQUIRE(harness.tick());
  CHECK(harness.take_text() == "PUBLISH, PUBLISH, PINGREQ");
  harness.publish(Qos::AtMostOnce, 0);
  REQUIRE(harness.feed(wire::Pingresp{}));
  CHECK(harness.state.unconfirmed_qos0() == 1);
}

TEST_CASE("topic aliases work in both directions and end with the connection") {
  SessionSettings settings = settings_for(ProtocolVersion::V5);
  settings.topic_alias_maximum = 3;
  Harness harness(settings);
  wire::Properties limits;
  limits.add(PropertyId::TopicAliasMaximum, 2);
  REQUIRE(harness.connect(false, limits));

  wire::Properties alias;
  alias.add(PropertyId::TopicAlias, 1);
  ClientState::Outgoing message;
  message.topic = "long/topic";
  message.properties = alias;
  std::vector<std::string> sent;
  const auto send = [&] {
    CHECK(harness.state.publish(message, 9, harness.now) == Accept::Sent);
    Harness::for_each_packet(harness.take(), ProtocolVersion::V5, [&](const wire::Packet& packet) {
      sent.emplace_back(std::get<wire::Publish>(packet).topic);
    });
  };
  send();
  send();
  CHECK(sent == std::vector<std::string>{"long/topic", ""});
  message.qos = Qos::AtLeastOnce;
  send();
  CHECK(sent.back().empty());
  wire::Properties beyond;
  beyond.add(PropertyId::TopicAlias, 3);
  message.properties = beyond;
  CHECK(harness.state.publish(message, 9, harness.now) == Accept::BadTopicAlias);

  wire::Publish in;
  in.topic = "x";
  wire::Properties three;
  three.add(PropertyId::TopicAlias, 3);
  in.properties = three;
  REQUIRE(harness.feed(in));
  in.topic = "";
  REQUIRE(harness.feed(in));
  CHECK(harness.topics == std::vector<std::string>{"x", "x"});

  // What is sent again names its topic in full.
  harness.lose();
  sent.clear();
  harness.state.set_clean_start(false);
  REQUIRE(harness.connect(true));
  Harness::for_each_packet(harness.take(), ProtocolVersion::V5, [&](const wire::Packet& packet) {
    sent.emplace_back(std::get<wire::Publish>(packet).topic);
    CHECK_FALSE(std::get<wire::Publish>(packet).properties.find(PropertyId::TopicAlias));
  });
  CHECK(sent == std::vector<std::string>{"long/topic"});
  CHECK_FALSE(harness.feed(in));
}

TEST_CASE("subscriptions and their answers") {
  const auto version = GENERATE(ProtocolVersion::V311, ProtocolVersion::V5);
  Harness harness(settings_for(version));
  REQUIRE(harness.connect());
  harness.state.subscribe({{"a"}, {"b"}}, 7, {}, harness.now);
  harness.state.unsubscribe({"c"}, 8, {}, harness.now);
  CHECK(harness.take_text() == "SUBSCRIBE, UNSUBSCRIBE");
  REQUIRE(harness.feed(wire::Suback{1, Bytes("\x01\x80", 2), {}}));
  CHECK(harness.subacks[7] == std::string("\x01\x80", 2));
  REQUIRE(harness.feed(
      wire::Unsuback{2, version == ProtocolVersion::V5 ? Bytes("\0", 1) : Bytes(), {}}));
  CHECK(harness.unsubacks == std::vector<std::uint64_t>{8});
}

TEST_CASE("a large payload is never copied, not even to be sent again") {
  SessionSettings settings = settings_for(ProtocolVersion::V311, false);
  Harness harness(settings);
  REQUIRE(harness.connect());
  const auto owner = std::make_shared<const std::string>(1'000'000, 'x');
  ClientState::Outgoing message;
  message.topic = "t";
  message.payload = *owner;
  message.owner = owner;
  message.qos = Qos::AtLeastOnce;
  const auto payload_is_shared = [&] {
    harness.out.consume(harness.out.front().size());
    return harness.out.front().data() == owner->data() &&
           harness.out.front().size() == owner->size();
  };
  REQUIRE(harness.state.publish(message, 1, harness.now) == Accept::Sent);
  CHECK(payload_is_shared());
  harness.lose();
  REQUIRE(harness.connect(true));
  CHECK(payload_is_shared());
  REQUIRE(harness.reply(PacketType::Puback, 1));
  harness.out.clear();
  message.owner.reset();
  CHECK(owner.use_count() == 1);
}

}  // namespace mqtk::test
