// QoS 1 and 2 across lost connections: a small correct broker on the other side, and a cut at every
// point where one is possible, before or after each packet was delivered.
#include <deque>
#include <set>

#include "support/catch.hpp"
#include "unit/protocol/harness.hpp"

namespace mqtk::test {

using wire::PacketType;
using wire::ProtocolVersion;
using wire::Qos;

namespace {

// The broker's half of a session: what it has received and what it still has to deliver.
class ModelBroker {
 public:
  explicit ModelBroker(ProtocolVersion version) : version_(version) {}

  // From the client to the broker's applications.
  std::map<std::string, int> received;
  // Deliveries to the client.
  struct Delivery {
    std::uint16_t id;
    Qos qos;
    std::string payload;
    bool sent = false;
    bool released = false;
  };
  std::deque<Delivery> deliveries;

  std::vector<std::string> accept(bool keeps_session) {
    if (!keeps_session) {
      stored_.clear();
      deliveries.clear();
    }
    std::vector<std::string> answers;
    wire::Connack connack;
    connack.session_present = keeps_session && connected_before_;
    connected_before_ = true;
    answers.push_back(encoded(connack));
    for (Delivery& delivery : deliveries) answers.push_back(send(delivery));
    return answers;
  }

  std::vector<std::string> take(const wire::Packet& packet) {
    if (const auto* publish = std::get_if<wire::Publish>(&packet)) {
      if (publish->qos == Qos::AtLeastOnce) {
        ++received[std::string(publish->payload)];
        return {reply(PacketType::Puback, publish->packet_id)};
      }
      if (stored_.insert(publish->packet_id).second) ++received[std::string(publish->payload)];
      return {reply(PacketType::Pubrec, publish->packet_id)};
    }
    if (const auto* got = std::get_if<wire::PublishReply>(&packet)) {
      const auto delivery = std::find_if(deliveries.begin(), deliveries.end(),
                                         [&](const Delivery& d) { return d.id == got->packet_id; });
      switch (got->type) {
        case PacketType::Pubrel:
          stored_.erase(got->packet_id);
          return {reply(PacketType::Pubcomp, got->packet_id)};
        case PacketType::Puback:
        case PacketType::Pubcomp:
          if (delivery != deliveries.end()) deliveries.erase(delivery);
          return {};
        case PacketType::Pubrec:
          if (delivery != deliveries.end()) delivery->released = true;
          return {reply(PacketType::Pubrel, got->packet_id)};
        default:
          break;
      }
    }
    return {};
  }

 private:
  template <typename T>
  std::string encoded(const T& packet) {
    std::string bytes;
    wire::encode(wire::Packet(packet), version_, bytes);
    return bytes;
  }
  std::string reply(PacketType type, std::uint16_t id) {
    return encoded(wire::PublishReply{type, id, wire::ReasonCode::Success, {}});
  }
  std::string send(Delivery& delivery) {
    if (delivery.released) return reply(PacketType::Pubrel, delivery.id);
    wire::Publish publish;
    publish.topic = "in";
    publish.payload = delivery.payload;
    publish.qos = delivery.qos;
    publish.packet_id = delivery.id;
    publish.dup = std::exchange(delivery.sent, true);
    return encoded(publish);
  }

  ProtocolVersion version_;
  bool connected_before_ = false;
  std::set<std::uint16_t> stored_;
};

struct Outcome {
  std::map<std::string, int> at_broker;
  std::map<std::string, int> at_client;
  std::map<std::uint64_t, int> acknowledged;
  int steps = 0;
  bool finished = false;
};

// Runs three messages each way; the packets whose running numbers are in `cuts` are lost together
// with the connection they are on (and all that was under way).
Outcome play(ProtocolVersion version, Qos qos, bool keeps_session, const std::set<int>& cuts) {
  Harness client(settings_for(version, !keeps_session));
  ModelBroker broker(version);
  if (keeps_session) {
    for (std::uint16_t i = 1; i <= 3; ++i) {
      broker.deliveries.push_back({i, qos, "down" + std::to_string(i)});
    }
  }
  Outcome outcome;
  std::uint64_t next_token = 1;
  for (int connection = 0; connection < 10 && !outcome.finished; ++connection) {
    std::deque<std::string> to_client;
    client.state.connection_opened(client.now);
    bool cut = false;
    while (!cut) {
      // To the broker, packet by packet.
      Harness::for_each_packet(client.take(), version, [&](const wire::Packet& packet) {
        if (cut || (cut = cuts.count(outcome.steps++) > 0)) return;
        if (std::holds_alternative<wire::Connect>(packet)) {
          for (std::string& answer : broker.accept(keeps_session)) to_client.push_back(answer);
        } else {
          for (std::string& answer : broker.take(packet)) to_client.push_back(answer);
        }
      });
      if (cut) break;
      if (to_client.empty()) {
        if (client.state.connected() && next_token <= 3) {
          if (client.publish(qos, next_token, "up" + std::to_string(next_token)) ==
              ClientState::Accept::Sent) {
            ++next_token;
          }
          continue;
        }
        outcome.finished = client.state.inflight() == 0 && next_token == 4;
        break;
      }
      const std::string packet = to_client.front();
      to_client.pop_front();
      if ((cut = cuts.count(outcome.steps++) > 0)) break;
      REQUIRE(client.feed_raw(packet));
    }
    if (!outcome.finished) client.lose();
  }
  outcome.at_broker = broker.received;
  for (const std::string& message : client.messages) ++outcome.at_client[message];
  outcome.acknowledged = client.acknowledged;
  return outcome;
}

void check(const Outcome& outcome, Qos qos, bool keeps_session) {
  REQUIRE(outcome.finished);
  for (int i = 1; i <= 3; ++i) {
    CHECK(outcome.acknowledged.at(static_cast<std::uint64_t>(i)) == 1);
    const int up = outcome.at_broker.at("up" + std::to_string(i));
    if (qos == Qos::ExactlyOnce && keeps_session) {
      CHECK(up == 1);
    } else {
      CHECK(up >= 1);
    }
    if (!keeps_session) continue;
    const int down = outcome.at_client.at("down" + std::to_string(i));
    if (qos == Qos::ExactlyOnce) {
      CHECK(down == 1);
    } else {
      CHECK(down >= 1);
    }
  }
}

}  // namespace

TEST_CASE("one and two cuts at every point lose nothing and double nothing at QoS 2") {
  const auto version = GENERATE(ProtocolVersion::V311, ProtocolVersion::V5);
  const auto qos = GENERATE(Qos::AtLeastOnce, Qos::ExactlyOnce);
  const auto keeps_session = GENERATE(true, false);
  const Outcome whole = play(version, qos, keeps_session, {});
  check(whole, qos, keeps_session);
  REQUIRE(whole.steps >= 8);
  for (int first = 0; first < whole.steps; ++first) {
    INFO("cut at " << first);
    check(play(version, qos, keeps_session, {first}), qos, keeps_session);
    for (int second = first + 1; second < whole.steps + 12; ++second) {
      INFO("and at " << second);
      check(play(version, qos, keeps_session, {first, second}), qos, keeps_session);
    }
  }
}

TEST_CASE("what is sent again: order, identifiers, DUP with the session and without") {
  Harness harness(settings_for(ProtocolVersion::V311, false));
  REQUIRE(harness.connect());
  harness.publish(Qos::AtLeastOnce, 1);
  harness.publish(Qos::ExactlyOnce, 2);
  harness.publish(Qos::ExactlyOnce, 3);
  REQUIRE(harness.reply(PacketType::Pubrec, 3));
  harness.take();
  harness.lose();
  REQUIRE(harness.connect(true));
  CHECK(harness.take_text() == "PUBLISH1 dup, PUBLISH2 dup, PUBREL3");
  CHECK(harness.state.retransmitted() == 3);
  harness.lose();
  REQUIRE(harness.connect(false));
  CHECK(harness.take_text() == "PUBLISH1, PUBLISH2, PUBLISH3");
}

TEST_CASE("a smaller window after reconnecting holds the rest back") {
  SessionSettings settings = settings_for(ProtocolVersion::V5, false);
  Harness harness(settings);
  REQUIRE(harness.connect());
  for (std::uint64_t i = 1; i <= 4; ++i) harness.publish(Qos::AtLeastOnce, i);
  harness.take();
  harness.lose();
  wire::Properties limits;
  limits.add(wire::PropertyId::ReceiveMaximum, 2);
  REQUIRE(harness.connect(true, limits));
  CHECK(harness.take_text() == "PUBLISH1 dup, PUBLISH2 dup");
  REQUIRE(harness.reply(PacketType::Puback, 1));
  CHECK(harness.take_text() == "PUBLISH3 dup");
  CHECK(harness.publish(Qos::AtLeastOnce, 5) == ClientState::Accept::WindowFull);
}

TEST_CASE("a QoS 2 message that comes again after a reconnection is told once") {
  const auto version = GENERATE(ProtocolVersion::V311, ProtocolVersion::V5);
  Harness harness(settings_for(version, false));
  REQUIRE(harness.connect());
  REQUIRE(harness.deliver(Qos::ExactlyOnce, 9, "once"));
  harness.lose();
  REQUIRE(harness.connect(true));
  REQUIRE(harness.deliver(Qos::ExactlyOnce, 9, "once", true));
  CHECK(harness.messages == std::vector<std::string>{"once"});
  CHECK(harness.take_text() == "PUBREC9");
  REQUIRE(harness.reply(PacketType::Pubrel, 9));
  CHECK(harness.take_text() == "PUBCOMP9");
  // A PUBREL for what is not known is answered all the same, in MQTT 5 with the reason.
  REQUIRE(harness.reply(PacketType::Pubrel, 9));
  CHECK(harness.take_text() == (version == ProtocolVersion::V5 ? "PUBCOMP9 146" : "PUBCOMP9"));
}

}  // namespace mqtk::test
