// Messages that an earlier process left under way, and identifiers that the caller chooses.
#include "support/catch.hpp"
#include "unit/protocol/harness.hpp"

namespace mqtk::test {

namespace {

SessionSettings resuming(wire::ProtocolVersion version = wire::ProtocolVersion::V311) {
  SessionSettings settings;
  settings.version = version;
  settings.client_id = "outbox";
  settings.clean_start = false;
  return settings;
}

ClientState::Outgoing message(wire::Qos qos, std::uint16_t packet_id) {
  ClientState::Outgoing message;
  message.topic = "t";
  message.payload = "p";
  message.qos = qos;
  message.packet_id = packet_id;
  return message;
}

struct Listening : Harness {
  using Harness::Harness;
  void on_released(std::uint64_t token) override { released.push_back(token); }
  std::vector<std::uint64_t> released;
};

constexpr auto kOnce = wire::Qos::ExactlyOnce;
constexpr auto kAtLeastOnce = wire::Qos::AtLeastOnce;

}  // namespace

TEST_CASE("restored messages go on where they were when the session is there") {
  Listening client(resuming());
  CHECK(client.state.restore(message(kOnce, 7), true, 1, client.now));
  CHECK(client.state.restore(message(kOnce, 9), false, 2, client.now));
  CHECK(client.state.restore(message(kAtLeastOnce, 8), false, 3, client.now));
  CHECK_FALSE(client.state.restore(message(kOnce, 9), false, 4, client.now));
  client.state.connection_opened(client.now);
  client.take();
  wire::Connack connack;
  connack.session_present = true;
  REQUIRE(client.feed(connack));
  CHECK(client.take_text() == "PUBREL7, PUBLISH9 dup, PUBLISH8 dup");
  REQUIRE(client.reply(wire::PacketType::Pubcomp, 7));
  REQUIRE(client.reply(wire::PacketType::Pubrec, 9));
  CHECK(client.released == std::vector<std::uint64_t>{2});
  CHECK(client.take_text() == "PUBREL9");
  REQUIRE(client.reply(wire::PacketType::Pubcomp, 9));
  REQUIRE(client.reply(wire::PacketType::Puback, 8));
  CHECK(client.acknowledged[1] == 1);
  CHECK(client.acknowledged[2] == 1);
  CHECK(client.acknowledged[3] == 1);
  CHECK(client.state.inflight() == 0);
}

TEST_CASE("without the session restored messages are published anew") {
  Listening client(resuming(wire::ProtocolVersion::V5));
  CHECK(client.state.restore(message(kOnce, 7), true, 1, client.now));
  client.state.connection_opened(client.now);
  client.take();
  REQUIRE(client.feed(wire::Connack{}));
  CHECK(client.take_text() == "PUBLISH7");
}

TEST_CASE("a message goes out under the identifier that was chosen for it") {
  Listening client(resuming());
  REQUIRE(client.connect());
  client.take();
  CHECK(client.state.publish(message(kOnce, 65'535), 1, client.now) == ClientState::Accept::Sent);
  CHECK(client.state.publish(message(kAtLeastOnce, 300), 2, client.now) ==
        ClientState::Accept::Sent);
  CHECK(client.state.publish(message(kAtLeastOnce, 300), 3, client.now) ==
        ClientState::Accept::WindowFull);
  CHECK(client.publish(kAtLeastOnce, 4) == ClientState::Accept::Sent);
  CHECK(client.take_text() == "PUBLISH65535, PUBLISH300, PUBLISH1");
  REQUIRE(client.reply(wire::PacketType::Puback, 300));
  CHECK(client.state.publish(message(kAtLeastOnce, 300), 5, client.now) ==
        ClientState::Accept::Sent);
  // The same low bits as one that is in use.
  CHECK(client.state.publish(message(kAtLeastOnce, 300 + 1024), 6, client.now) ==
        ClientState::Accept::Sent);
  REQUIRE(client.reply(wire::PacketType::Puback, 300));
  REQUIRE(client.reply(wire::PacketType::Puback, 1324));
  CHECK(client.acknowledged[5] == 1);
  CHECK(client.acknowledged[6] == 1);
}

}  // namespace mqtk::test
