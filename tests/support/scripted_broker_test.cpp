#include "support/scripted_broker.hpp"

#include "support/catch.hpp"
#include "support/raw_client.hpp"

using namespace mqtk;
using namespace mqtk::test;
using wire::PacketType;

namespace {

wire::Publish message(std::uint16_t id) {
  wire::Publish packet;
  packet.topic = "a";
  packet.payload = "x";
  packet.qos = wire::Qos::AtLeastOnce;
  packet.packet_id = id;
  return packet;
}

wire::PublishReply reply(PacketType type) {
  wire::PublishReply packet;
  packet.type = type;
  return packet;
}

}  // namespace

TEST_CASE("scripted broker: plays an exchange, identifiers follow") {
  ScriptedBroker broker;
  broker.connection()
      .expect<wire::Connect>([](const wire::Connect& connect) {
        return connect.client_id == "raw" ? "" : "another client";
      })
      .reply(wire::Connack{})
      .expect(message(0))
      .delay(20ms)
      .reply(reply(PacketType::Puback))
      .send_raw(std::string("\xD0\x00", 2))
      .expect(PacketType::Disconnect)
      .expect_end();
  broker.start();
  {
    RawClient client(broker.port());
    CHECK(client.send(plain_connect(), wire::ProtocolVersion::V5));
    CHECK(client.receive_type() == "CONNACK");
    CHECK(client.send(wire::Pingreq{}));
    CHECK(client.receive_type() == "PINGRESP");
    CHECK(client.send(message(77)));
    CHECK(client.receive() == std::string("\x40\x02\x00\x4D", 4));
    CHECK(client.receive_type() == "PINGRESP");
    CHECK(client.send(wire::Disconnect{}));
  }
  CHECK(broker.finish());
  CHECK(broker.report().empty());
  CHECK(broker.received_types() == "CONNECT PINGREQ PUBLISH DISCONNECT");
}

TEST_CASE("scripted broker: versions are the client's") {
  ScriptedBroker broker;
  wire::Connack answer;
  wire::Properties properties;
  properties.add(wire::PropertyId::ReceiveMaximum, 5);
  answer.properties = properties;
  for (int i = 0; i < 2; ++i) broker.connection().expect<wire::Connect>().reply(answer).finish();
  broker.start();
  RawClient old(broker.port());
  CHECK(old.send(plain_connect()));
  CHECK(old.receive().size() == 4);
  CHECK(old.wait_end() == RawClient::End::Fin);
  RawClient current(broker.port());
  wire::Connect connect = plain_connect();
  connect.version = wire::ProtocolVersion::V5;
  CHECK(current.send(connect));
  CHECK(current.receive().size() == 8);
  CHECK(broker.finish());
  CHECK(broker.received().at(1).version == wire::ProtocolVersion::V5);
  CHECK(broker.received().at(1).connection == 2);
}

TEST_CASE("scripted broker: says where it was not as the script says") {
  ScriptedBroker broker;
  broker.connection().expect<wire::Connect>().reply(wire::Connack{}).expect(PacketType::Subscribe);
  broker.start();
  RawClient client(broker.port());
  CHECK(client.send(plain_connect()));
  CHECK(client.send(message(1)));
  CHECK_FALSE(broker.finish());
  CHECK(broker.report() ==
        "connection 1, step 3: expected SUBSCRIBE, got PUBLISH (3206000161000178)\n");
}

TEST_CASE("scripted broker: says what did not come") {
  ScriptedBroker broker;
  broker.connection().expect<wire::Connect>().reply(wire::Connack{}).expect(message(3));
  broker.connection().expect<wire::Connect>();
  broker.start();
  {
    RawClient client(broker.port());
    CHECK(client.send(plain_connect()));
    CHECK(client.receive_type() == "CONNACK");
  }
  CHECK_FALSE(broker.finish());
  CHECK(broker.report().find("connection 1, step 3: the connection ended") == 0);
  CHECK(broker.report().find("only 1 of 2 connections came") != std::string::npos);
}

TEST_CASE("scripted broker: a connection too many") {
  ScriptedBroker broker;
  broker.start();
  RawClient client(broker.port());
  CHECK(client.wait_end() != RawClient::End::None);
  CHECK_FALSE(broker.finish());
  CHECK(broker.report() == "connection 1 was not expected\n");
}

TEST_CASE("scripted broker: ends connections in every way") {
  ScriptedBroker broker;
  broker.connection().expect<wire::Connect>().reply(wire::Connack{}).finish();
  broker.connection().expect<wire::Connect>().reply(wire::Connack{}).close();
  broker.connection().expect<wire::Connect>().reply(wire::Connack{}).reset();
  broker.connection().expect<wire::Connect>().reply(wire::Connack{}).stall();
  broker.start();
  const RawClient::End ends[] = {RawClient::End::Fin, RawClient::End::Fin, RawClient::End::Reset,
                                 RawClient::End::None};
  for (const RawClient::End end : ends) {
    RawClient client(broker.port());
    CHECK(client.send(plain_connect()));
    CHECK(client.receive_type() == "CONNACK");
    CHECK(client.wait_end(end == RawClient::End::None ? 50ms : 10s) == end);
  }
  CHECK(broker.finish());
}

TEST_CASE("scripted broker: functions take part") {
  ScriptedBroker broker;
  int served = 0;
  broker.connection()
      .expect<wire::Connect>()
      .run([](const wire::Packet& packet, Peer& peer) {
        CHECK(std::get<wire::Connect>(packet).client_id == "raw");
        peer.send(wire::Connack{});
      })
      .serve([&served](const wire::Packet& packet, Peer& peer) {
        ++served;
        if (const auto* publish = std::get_if<wire::Publish>(&packet)) {
          wire::PublishReply answer = reply(PacketType::Puback);
          answer.packet_id = publish->packet_id;
          peer.send(answer);
        }
      });
  broker.further_connections().expect<wire::Connect>().close();
  broker.start();
  RawClient client(broker.port());
  CHECK(client.send(plain_connect()));
  CHECK(client.receive_type() == "CONNACK");
  for (std::uint16_t id = 1; id <= 3; ++id) {
    CHECK(client.send(message(id)));
    CHECK(client.receive_type() == "PUBACK");
  }
  RawClient other(broker.port());
  CHECK(other.send(plain_connect()));
  CHECK(other.wait_end() == RawClient::End::Fin);
  CHECK(broker.wait_received(PacketType::Publish, 3));
  CHECK(broker.wait_connections(2));
  CHECK(broker.finish());
  CHECK(served == 3);
}
