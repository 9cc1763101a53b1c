// Violations of the protocol, each named by its rule.
#include "inspect/trace/conversation.hpp"

#include <algorithm>

#include "inspect/trace/packet_fields.hpp"
#include "support/catch.hpp"

namespace mqtk::inspect {

namespace {

using wire::ProtocolVersion;
using wire::Qos;
constexpr auto V311 = ProtocolVersion::V311;
constexpr auto V5 = ProtocolVersion::V5;

/// A conversation packet by packet; the rules that the last one broke.
class Talk {
 public:
  explicit Talk(ProtocolVersion version) : version_(version) {}

  Talk& client(const wire::Packet& packet) { return add(Side::Client, encoded(packet)); }
  Talk& broker(const wire::Packet& packet) { return add(Side::Broker, encoded(packet)); }
  Talk& client(const std::string& hex) { return add(Side::Client, octets(hex)); }
  Talk& broker(const std::string& hex) { return add(Side::Broker, octets(hex)); }
  /// CONNECT and CONNACK as they should be.
  Talk& connected(wire::PropertiesView declared = {}, wire::PropertiesView wishes = {}) {
    wire::Connect hello;
    hello.version = version_;
    hello.client_id = "c";
    hello.properties = wishes;
    client(hello);
    CHECK(rules().empty());
    wire::Connack accepted;
    accepted.properties = declared;
    broker(accepted);
    CHECK(rules().empty());
    return *this;
  }
  std::vector<std::string> rules() const {
    std::vector<std::string> out;
    for (const Violation& violation : last_) out.push_back(violation.rule);
    return out;
  }

 private:
  std::string encoded(const wire::Packet& packet) const {
    std::string out;
    wire::encode(packet, version_, out);
    return out;
  }
  static std::string octets(const std::string& hex) {
    std::string out;
    REQUIRE(from_hex(hex, out));
    return out;
  }
  Talk& add(Side side, const std::string& packet) {
    wire::Framer framer;
    wire::Frame frame;
    Bytes rest = packet;
    REQUIRE(framer.next(rest, frame) == wire::Framer::Status::Frame);
    last_ = conversation_.add(side, frame);
    return *this;
  }

  ProtocolVersion version_;
  Conversation conversation_;
  std::vector<Violation> last_;
};

using Rules = std::vector<std::string>;

wire::Publish message(Qos qos, std::uint16_t id = 0, Bytes topic = "a") {
  wire::Publish out;
  out.topic = topic;
  out.qos = qos;
  out.packet_id = id;
  return out;
}

wire::Subscribe subscription(std::uint16_t id, Bytes filter) {
  wire::Subscribe out;
  out.packet_id = id;
  out.requests.push_back({.filter = filter});
  return out;
}

wire::PublishReply reply(wire::PacketType type, std::uint16_t id) {
  return {.type = type, .packet_id = id};
}

wire::Suback suback(std::uint16_t id, Bytes codes) {
  wire::Suback out;
  out.packet_id = id;
  out.codes = codes;
  return out;
}

}  // namespace

TEST_CASE("a conversation that follows the rules breaks none") {
  for (const ProtocolVersion version : {V311, V5}) {
    Talk talk(version);
    talk.connected();
    CHECK(talk.client(subscription(1, "a/#")).rules().empty());
    CHECK(talk.broker(suback(1, Bytes("\x02", 1))).rules().empty());
    CHECK(talk.client(message(Qos::ExactlyOnce, 1)).rules().empty());
    CHECK(talk.broker(reply(wire::PacketType::Pubrec, 1)).rules().empty());
    CHECK(talk.client(reply(wire::PacketType::Pubrel, 1)).rules().empty());
    CHECK(talk.broker(reply(wire::PacketType::Pubcomp, 1)).rules().empty());
    CHECK(talk.broker(message(Qos::AtLeastOnce, 1)).rules().empty());
    CHECK(talk.client(reply(wire::PacketType::Puback, 1)).rules().empty());
    CHECK(talk.client(wire::Pingreq{}).rules().empty());
    CHECK(talk.broker(wire::Pingresp{}).rules().empty());
    wire::Publish again = message(Qos::AtLeastOnce, 7);
    CHECK(talk.client(again).rules().empty());
    again.dup = true;
    CHECK(talk.client(again).rules().empty());
    CHECK(talk.client(wire::Disconnect{}).rules().empty());
  }
}

TEST_CASE("what is wrong with one packet by itself") {
  struct Case {
    const char* hex;
    const char* rule;
  };
  // Sent by a client after CONNECT and CONNACK of 3.1.1.
  const Case cases[] = {
      {"36020001", "MQTT-3.3.1-4"},    // QoS 3
      {"3803000161", "MQTT-3.3.1-2"},  // DUP at QoS 0
      {"300300012b", "MQTT-3.3.2-2"},  // a topic with a wildcard
      {"30020000", "MQTT-4.7.3-1"},    // an empty topic
      {"3205000161"
       "0000",
       "MQTT-2.3.1-1"},                  // packet identifier 0
      {"3004000261ff", "MQTT-1.5.3-1"},  // not UTF-8
      {"300400026100", "MQTT-4.7.3-2"},  // NUL in a topic
      {"80060001000161"
       "00",
       "MQTT-3.8.1-1"},              // flags of SUBSCRIBE
      {"82020001", "MQTT-3.8.3-3"},  // no filter
      {"82060001000161"
       "03",
       "MQTT-3.8.3-4"},                          // QoS 3 asked for
      {"82080001000361236200", "MQTT-4.7.1-2"},  // '#' not last
      {"82070001000261"
       "2b00",
       "MQTT-4.7.1-3"},               // '+' beside a letter
      {"a2020001", "MQTT-3.10.3-2"},  // nothing to unsubscribe from
      {"60020001", "MQTT-3.6.1-1"},   // flags of PUBREL
  };
  for (const Case& each : cases) {
    Talk talk(V311);
    talk.connected();
    const Rules rules = talk.client(std::string(each.hex)).rules();
    INFO(each.hex << " expects " << each.rule << ", got " << (rules.empty() ? "none" : rules[0]));
    CHECK(std::count(rules.begin(), rules.end(), each.rule) == 1);
  }
  Talk talk(V311);
  CHECK(talk.client(std::string("100c00044d515454040300"
                                "3c0000"))
            .rules() == Rules{"MQTT-3.1.2-3"});
}

TEST_CASE("what may not follow what") {
  CHECK(Talk(V311).client(wire::Pingreq{}).rules() == Rules{"MQTT-3.1.0-1"});
  CHECK(Talk(V5).connected().client(wire::Connect{.version = V5}).rules() == Rules{"MQTT-3.1.0-2"});
  CHECK(Talk(V311).client(wire::Connect{}).broker(wire::Pingresp{}).rules() ==
        Rules{"MQTT-3.2.0-1", "3.13"});
  CHECK(Talk(V5).connected().broker(wire::Connack{}).rules() == Rules{"MQTT-3.2.0-2"});
  CHECK(Talk(V311).connected().client(wire::Disconnect{}).client(wire::Pingreq{}).rules() ==
        Rules{"MQTT-3.14.4-2"});
  CHECK(Talk(V5).connected().client(wire::Disconnect{}).client(wire::Pingreq{}).rules() ==
        Rules{"MQTT-3.14.4-1"});
  const wire::Connack present{.session_present = true};
  wire::Connect hello;
  CHECK(Talk(V311).client(hello).broker(present).rules() == Rules{"MQTT-3.2.2-1"});
  hello.version = V5;
  CHECK(Talk(V5).client(hello).broker(present).rules() == Rules{"MQTT-3.2.2-2"});
  hello = wire::Connect{};
  hello.clean_start = false;
  CHECK(Talk(V311).client(hello).rules() == Rules{"MQTT-3.1.3-7"});
}

TEST_CASE("packet identifiers and answers") {
  CHECK(Talk(V311)
            .connected()
            .client(message(Qos::AtLeastOnce, 3))
            .client(message(Qos::AtLeastOnce, 3))
            .rules() == Rules{"MQTT-2.3.1-2"});
  CHECK(Talk(V5)
            .connected()
            .client(message(Qos::AtLeastOnce, 3))
            .client(subscription(3, "x"))
            .rules() == Rules{"MQTT-2.2.1-3"});
  CHECK(Talk(V5)
            .connected()
            .broker(message(Qos::AtLeastOnce, 3))
            .broker(message(Qos::AtLeastOnce, 3))
            .rules() == Rules{"MQTT-2.2.1-4"});
  CHECK(Talk(V311).connected().broker(reply(wire::PacketType::Puback, 9)).rules() ==
        Rules{"MQTT-4.3.2-2"});
  CHECK(Talk(V5).connected().broker(reply(wire::PacketType::Pubrec, 9)).rules() ==
        Rules{"MQTT-4.3.3-8"});
  CHECK(Talk(V5).connected().client(reply(wire::PacketType::Pubrel, 9)).rules() ==
        Rules{"MQTT-4.3.3-4"});
  CHECK(Talk(V311).connected().broker(suback(4, Bytes("\0", 1))).rules() == Rules{"MQTT-3.8.4-2"});
  CHECK(Talk(V311)
            .connected()
            .client(subscription(4, "x"))
            .broker(suback(4, Bytes("\0\0", 2)))
            .rules() == Rules{"MQTT-3.8.4-5"});
  CHECK(Talk(V5)
            .connected()
            .client(subscription(4, "x"))
            .broker(suback(4, Bytes("\0\0", 2)))
            .rules() == Rules{"MQTT-3.8.4-6"});
}

TEST_CASE("limits that the other side has declared") {
  wire::Properties low;
  low.add(wire::PropertyId::MaximumQos, 1);
  low.add(wire::PropertyId::RetainAvailable, std::uint32_t{0});
  low.add(wire::PropertyId::ReceiveMaximum, 1);
  low.add(wire::PropertyId::TopicAliasMaximum, 2);
  low.add(wire::PropertyId::MaximumPacketSize, 40);
  const auto talk = [&low] { return Talk(V5).connected(low.view()); };
  CHECK(talk().client(message(Qos::ExactlyOnce, 1)).rules() == Rules{"MQTT-3.2.2-11"});
  wire::Publish retained = message(Qos::AtMostOnce);
  retained.retain = true;
  CHECK(talk().client(retained).rules() == Rules{"MQTT-3.2.2-14"});
  CHECK(talk().client(message(Qos::AtLeastOnce, 1)).client(message(Qos::AtLeastOnce, 2)).rules() ==
        Rules{"MQTT-3.3.4-7"});
  wire::Properties alias;
  alias.add(wire::PropertyId::TopicAlias, 3);
  wire::Publish aliased = message(Qos::AtMostOnce);
  aliased.properties = alias.view();
  CHECK(talk().client(aliased).rules() == Rules{"MQTT-3.3.2-9"});
  CHECK(talk().broker(aliased).rules() == Rules{"MQTT-3.3.2-11"});
  CHECK(talk().client(message(Qos::AtMostOnce, 0, std::string(60, 'x'))).rules() ==
        Rules{"MQTT-3.2.2-15"});
  wire::Properties identifier;
  identifier.add(wire::PropertyId::SubscriptionIdentifier, 1);
  wire::Publish with_identifier = message(Qos::AtMostOnce);
  with_identifier.properties = identifier.view();
  CHECK(talk().client(with_identifier).rules() == Rules{"MQTT-3.3.4-6"});
  wire::Subscribe shared = subscription(1, "$share/g/x");
  shared.requests[0].no_local = true;
  CHECK(talk().client(shared).rules() == Rules{"MQTT-3.8.3-4"});
  wire::Properties small;
  small.add(wire::PropertyId::MaximumPacketSize, 30);
  small.add(wire::PropertyId::ReceiveMaximum, 1);
  Talk other(V5);
  other.connected({}, small.view());
  CHECK(other.broker(message(Qos::AtMostOnce, 0, std::string(60, 'x'))).rules() ==
        Rules{"MQTT-3.1.2-24"});
  other.broker(message(Qos::AtLeastOnce, 1));
  CHECK(other.broker(message(Qos::AtLeastOnce, 2)).rules() == Rules{"MQTT-3.3.4-9"});
}

TEST_CASE("fields say where they stand, and where a packet is cut short") {
  std::string packet;
  wire::Publish publish = message(Qos::AtLeastOnce, 258, "ab");
  publish.payload = "xyz";
  wire::encode(publish, V311, packet);
  const auto fields = packet_fields(packet, V311);
  REQUIRE(fields.size() == 8);
  CHECK(fields[5].name == "topic");
  CHECK(fields[5].at == 2);
  CHECK(fields[5].size == 4);
  CHECK(fields[5].value == "ab");
  CHECK(fields[6].value == "258");
  CHECK(fields[7].name == "payload");
  CHECK(fields[7].at == 8);
  const auto cut = packet_fields(Bytes(packet).substr(0, 5), V311);
  CHECK(cut.back().name == "cut_short");
  // Every octet of a whole packet belongs to a field.
  std::size_t end = 0;
  for (const PacketField& field : fields) {
    CHECK(field.at <= end);
    end = std::max(end, field.at + field.size);
  }
  CHECK(end == packet.size());
}

}  // namespace mqtk::inspect
