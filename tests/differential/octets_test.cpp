// Every kind of packet that Paho sends, with all that may stand in it, is read by our decoder and
// written by our encoder to the same octets.
#include <set>

#include "contract/contract.hpp"
#include "differential/octets.hpp"
#include "support/mosquitto.hpp"

using namespace mqtk;
using namespace mqtk::test;
using wire::PacketType;
using wire::PropertyId;
using wire::ProtocolVersion;
using wire::Qos;

namespace {

ClientConfig full_config(ProtocolVersion version, std::uint16_t port) {
  ClientConfig config = config_for(version, port);
  config.client_id = "octets";
  config.keep_alive_s = 1;
  add_all_that_connect_carries(config);
  if (version != ProtocolVersion::V5) return config;
  config.max_packet_size = 200'000;
  config.will->properties.add(PropertyId::CorrelationData, Bytes("\0\xFF", 2));
  config.disconnect_properties.add(PropertyId::ReasonString, Bytes("bye"));
  return config;
}

wire::Properties message_properties(ProtocolVersion version) {
  wire::Properties properties;
  if (version != ProtocolVersion::V5) return properties;
  properties.add(PropertyId::PayloadFormatIndicator, 1);
  properties.add(PropertyId::MessageExpiryInterval, 99);
  properties.add(PropertyId::ContentType, Bytes("text/plain"));
  properties.add(PropertyId::ResponseTopic, Bytes("back"));
  properties.add(PropertyId::CorrelationData, Bytes("\0\1", 2));
  properties.add_user_property("a", "1");
  properties.add_user_property("a", "2");
  return properties;
}

// Sends one of everything; false when something had no answer.
bool send_everything(Party& party, ProtocolVersion version) {
  const wire::Properties properties = message_properties(version);
  if (!party.connect() || party.subscribe({"o/1"}, Qos::ExactlyOnce).empty() ||
      party.subscribe({"o/2", "o/+/x", "o/#"}, Qos::AtLeastOnce).empty()) {
    return false;
  }
  std::size_t sent = 0;
  for (const std::size_t size : {0U, 1U, 121U, 200U, 20'000U, 100'000U}) {
    for (const Qos qos : {Qos::AtMostOnce, Qos::AtLeastOnce, Qos::ExactlyOnce}) {
      if (!party.deliver("o/1", std::string(size, 'x'), qos, size == 1, properties)) return false;
      ++sent;
    }
  }
  if (!party.run_until([&] { return party.arrived.size() >= sent; })) return false;
  party.client().unsubscribe({"o/2"}, 1);
  party.client().unsubscribe({"o/1", "o/#"}, 2);
  return party.run_until([&] { return party.unsubscribed.size() == 2; });
}

void check(Engine engine, ProtocolVersion version) {
  const Mosquitto broker;
  Hosted<Relay> relay = recording_relay(broker.port());
  Party party(engine, full_config(version, relay.call([](Relay& it) { return it.port(); })));
  REQUIRE(send_everything(party, version));
  std::vector<RelayRecord> sent;
  std::set<PacketType> types;
  const auto seen = [&](PacketType type) {
    sent = sent_through(relay);
    for (const RelayRecord& record : sent) types.insert(record.type);
    return types.contains(type);
  };
  CHECK(party.run_until([&] { return seen(PacketType::Pingreq); }));
  CHECK(party.leave());
  CHECK(party.run_until([&] { return seen(PacketType::Disconnect); }));
  for (const std::string& other : other_octets(sent, version)) FAIL_CHECK(other);
  CHECK(types == std::set{PacketType::Connect, PacketType::Publish, PacketType::Puback,
                          PacketType::Pubrec, PacketType::Pubrel, PacketType::Pubcomp,
                          PacketType::Subscribe, PacketType::Unsubscribe, PacketType::Pingreq,
                          PacketType::Disconnect});
}

}  // namespace

TEST_CASE("octets of Paho are those of our encoder (3.1)") {
  check(Engine::Paho, ProtocolVersion::V31);
}
TEST_CASE("octets of Paho are those of our encoder (3.1.1)") {
  check(Engine::Paho, ProtocolVersion::V311);
}
TEST_CASE("octets of Paho are those of our encoder (5)") {
  check(Engine::Paho, ProtocolVersion::V5);
}
