#include "unit/wire/golden.hpp"

#include <deque>

#include "fuzz/hex_text.hpp"
#include "support/catch.hpp"

namespace mqtk::test {

std::string bytes_of(std::string_view hex_text) {
  std::string out;
  INFO("hex text: " << hex_text);
  REQUIRE(parse_hex_text(hex_text, out));
  return out;
}

BodyCopy::BodyCopy(Bytes body) : data_(new char[body.size()]), size_(body.size()) {
  body.copy(data_.get(), size_);
}

namespace {

// Octets that live as long as the program, since packets only look at them.
Bytes kept(std::string_view hex_text) {
  static std::deque<std::string> store;
  return store.emplace_back(bytes_of(hex_text));
}

PropertiesView properties(std::string_view hex_text) {
  return PropertiesView(kept(hex_text));
}

constexpr std::string_view kPair = "26 0001 'k' 0001 'v'";

void add_version_3(std::vector<Golden>& all) {
  all.push_back({"connect-v31",
                 V31,
                 "10 1F 0006 'MQIsdp' 03 CE 000A 0002 'c1' 0001 'w' 0003 'bye' 0001 'u' 0002 'pw'",
                 Connect{.version = V31,
                         .clean_start = true,
                         .keep_alive_s = 10,
                         .client_id = "c1",
                         .will = Will{.topic = "w", .payload = "bye", .qos = Qos::AtLeastOnce},
                         .username = "u",
                         .password = "pw"},
                 {24, 27}});
  all.push_back(
      {"connect-v311-least", V311, "10 0C 0004 'MQTT' 04 02 003C 0000", Connect{.version = V311}});
  all.push_back(
      {"connect-v311", V311,
       "10 1E 0004 'MQTT' 04 F4 FFFF 0003 'dev' 0001 'w' 0003 'bye' 0001 'u' 0002 'pw'",
       Connect{
           .version = V311,
           .clean_start = false,
           .keep_alive_s = 65535,
           .client_id = "dev",
           .will = Will{.topic = "w", .payload = "bye", .qos = Qos::ExactlyOnce, .retain = true},
           .username = "u",
           .password = "pw"}});
  all.push_back({"connack-v31", V31, "20 02 00 05", Connack{.code = 5}});
  all.push_back({"connack-v311-session", V311, "20 02 01 00", Connack{.session_present = true}});
  all.push_back({"connack-v311-refused", V311, "20 02 00 02", Connack{.code = 2}});
  for (const auto version : {V31, V311}) {
    all.push_back({version == V31 ? "publish-v31-qos0" : "publish-v311-qos0",
                   version,
                   "30 0A 0005 'a/b/c' 'hey'",
                   Publish{.topic = "a/b/c", .payload = "hey"},
                   {7, 8, 9}});
    all.push_back({version == V31 ? "publish-v31-qos1" : "publish-v311-qos1",
                   version,
                   "3B 0C 0005 'a/b/c' 1234 'hey'",
                   Publish{.topic = "a/b/c",
                           .payload = "hey",
                           .qos = Qos::AtLeastOnce,
                           .retain = true,
                           .dup = true,
                           .packet_id = 0x1234},
                   {9, 10, 11}});
    all.push_back({version == V31 ? "publish-v31-qos2" : "publish-v311-qos2", version,
                   "34 07 0003 'a/b' 0001",
                   Publish{.topic = "a/b", .qos = Qos::ExactlyOnce, .packet_id = 1}});
    all.push_back({version == V31 ? "subscribe-v31" : "subscribe-v311",
                   version,
                   "82 0E 000A 0003 'a/b' 01 0003 'c/#' 02",
                   Subscribe{.packet_id = 10,
                             .requests = {{.filter = "a/b", .qos = Qos::AtLeastOnce},
                                          {.filter = "c/#", .qos = Qos::ExactlyOnce}}},
                   {8}});
  }
  all.push_back({"puback-v311", V311, "40 02 0001",
                 PublishReply{.type = PacketType::Puback, .packet_id = 1}});
  all.push_back({"pubrec-v311", V311, "50 02 FFFF",
                 PublishReply{.type = PacketType::Pubrec, .packet_id = 65535}});
  all.push_back({"pubrel-v311", V311, "62 02 0102",
                 PublishReply{.type = PacketType::Pubrel, .packet_id = 258}});
  all.push_back({"pubcomp-v311", V311, "70 02 0001",
                 PublishReply{.type = PacketType::Pubcomp, .packet_id = 1}});
  all.push_back({"suback-v311",
                 V311,
                 "90 06 000A 00 01 02 80",
                 Suback{.packet_id = 10, .codes = kept("00 01 02 80")},
                 {3, 4, 5}});
  all.push_back({"unsubscribe-v311",
                 V311,
                 "A2 0C 000A 0003 'a/b' 0003 'c/d'",
                 Unsubscribe{.packet_id = 10, .filters = {"a/b", "c/d"}},
                 {7}});
  all.push_back({"unsuback-v311", V311, "B0 02 000A", Unsuback{.packet_id = 10}});
  all.push_back({"pingreq", V311, "C0 00", Pingreq{}});
  all.push_back({"pingresp", V311, "D0 00", Pingresp{}});
  all.push_back({"disconnect-v311", V311, "E0 00", Disconnect{}});
}

void add_connection_5(std::vector<Golden>& all) {
  all.push_back(
      {"connect-v5-least", V5, "10 0D 0004 'MQTT' 05 02 003C 00 0000", Connect{.version = V5}});
  const std::string_view connect =
      "11 0000000A 21 0014 27 00001000 22 0005 19 01 17 00 26 0001 'k' 0001 'v' 15 0002 'xy' 16 "
      "0003 010203";
  const std::string_view will =
      "18 00000005 01 01 02 0000003C 03 0001 't' 08 0001 'r' 09 0002 BEEF 26 0001 'k' 0001 'v'";
  all.push_back(
      {"connect-v5", V5,
       "10 65 0004 'MQTT' 05 F6 003C"
       "26 11 0000000A 21 0014 27 00001000 22 0005 19 01 17 00 26 0001 'k' 0001 'v'"
       "15 0002 'xy' 16 0003 010203 0002 'c5'"
       "20 18 00000005 01 01 02 0000003C 03 0001 't' 08 0001 'r' 09 0002 BEEF 26 0001 'k' 0001 'v'"
       "0001 'w' 0003 'bye' 0001 'u' 0002 'pw'",
       Connect{.version = V5,
               .client_id = "c5",
               .will = Will{.topic = "w",
                            .payload = "bye",
                            .qos = Qos::ExactlyOnce,
                            .retain = true,
                            .properties = properties(will)},
               .username = "u",
               .password = "pw",
               .properties = properties(connect)}});
  all.push_back({"connack-v5-least", V5, "20 03 00 00 00", Connack{}});
  all.push_back(
      {"connack-v5", V5,
       "20 41 01 00 3E 11 00000001 21 0001 24 01 25 00 27 00000100 12 0002 'id' 22 000A 1F 0002 "
       "'ok'"
       "26 0001 'k' 0001 'v' 28 01 29 00 2A 01 13 003C 1A 0001 'i' 1C 0001 's' 15 0001 'm' 16 0001 "
       "00",
       Connack{.session_present = true,
               .properties = properties(
                   "11 00000001 21 0001 24 01 25 00 27 00000100 12 0002 'id' 22 000A 1F 0002 'ok'"
                   "26 0001 'k' 0001 'v' 28 01 29 00 2A 01 13 003C 1A 0001 'i' 1C 0001 's'"
                   "15 0001 'm' 16 0001 00")}});
  all.push_back({"connack-v5-refused", V5, "20 03 00 87 00", Connack{.code = 0x87}});
  all.push_back({"connack-v5-in-v3-form", V5, "20 02 00 01", Connack{.code = 1}});
  all.push_back({"disconnect-v5-least", V5, "E0 00", Disconnect{}});
  all.push_back({"disconnect-v5-reason",
                 V5,
                 "E0 01 04",
                 Disconnect{.reason = ReasonCode::DisconnectWithWill},
                 {0}});
  all.push_back({"disconnect-v5",
                 V5,
                 "E0 0F 9D 0D 11 00000000 1F 0001 'r' 1C 0001 's'",
                 Disconnect{.reason = ReasonCode::ServerMoved,
                            .properties = properties("11 00000000 1F 0001 'r' 1C 0001 's'")},
                 {0, 1}});
  all.push_back({"auth-least", V5, "F0 00", Auth{}});
  all.push_back({"auth",
                 V5,
                 "F0 0A 18 08 15 0001 'm' 16 0001 'd'",
                 Auth{.reason = ReasonCode::ContinueAuthentication,
                      .properties = properties("15 0001 'm' 16 0001 'd'")},
                 {0}});
}

void add_messages_5(std::vector<Golden>& all) {
  all.push_back({"publish-v5-least",
                 V5,
                 "30 05 0001 't' 00 'x'",
                 Publish{.topic = "t", .payload = "x"},
                 {4}});
  all.push_back(
      {"publish-v5",
       V5,
       "32 2D 0003 'a/b' 0007"
       "23 01 01 02 0000003C 03 0001 't' 08 0001 'r' 09 0002 BEEF 0B FF7F 0B 01 23 0003"
       "26 0001 'k' 0001 'v' 'hi'",
       Publish{.topic = "a/b",
               .payload = "hi",
               .qos = Qos::AtLeastOnce,
               .packet_id = 7,
               .properties = properties("01 01 02 0000003C 03 0001 't' 08 0001 'r' 09 0002 BEEF"
                                        "0B FF7F 0B 01 23 0003 26 0001 'k' 0001 'v'")},
       {43, 44}});
  all.push_back({"publish-v5-alias", V5, "30 06 0000 03 23 0001",
                 Publish{.properties = properties("23 0001")}});
  all.push_back(
      {"puback-v5-reason",
       V5,
       "40 03 0001 10",
       PublishReply{
           .type = PacketType::Puback, .packet_id = 1, .reason = ReasonCode::NoMatchingSubscribers},
       {2}});
  all.push_back({"puback-v5",
                 V5,
                 "40 0B 0001 97 07 26 0001 'k' 0001 'v'",
                 PublishReply{.type = PacketType::Puback,
                              .packet_id = 1,
                              .reason = ReasonCode::QuotaExceeded,
                              .properties = properties(kPair)},
                 {2, 3}});
  all.push_back(
      {"pubrec-v5",
       V5,
       "50 03 0001 91",
       PublishReply{
           .type = PacketType::Pubrec, .packet_id = 1, .reason = ReasonCode::PacketIdentifierInUse},
       {2}});
  all.push_back({"pubrel-v5",
                 V5,
                 "62 03 0001 92",
                 PublishReply{.type = PacketType::Pubrel,
                              .packet_id = 1,
                              .reason = ReasonCode::PacketIdentifierNotFound},
                 {2}});
  all.push_back({"pubcomp-v5",
                 V5,
                 "70 0A 0001 92 06 1F 0003 'abc'",
                 PublishReply{.type = PacketType::Pubcomp,
                              .packet_id = 1,
                              .reason = ReasonCode::PacketIdentifierNotFound,
                              .properties = properties("1F 0003 'abc'")},
                 {2, 3}});
}

void add_subscriptions_5(std::vector<Golden>& all) {
  all.push_back({"subscribe-v5",
                 V5,
                 "82 18 0001 09 0B 05 26 0001 'k' 0001 'v' 0003 'a/+' 2D 0003 'b/#' 00",
                 Subscribe{.packet_id = 1,
                           .requests = {{.filter = "a/+",
                                         .qos = Qos::AtLeastOnce,
                                         .no_local = true,
                                         .retain_as_published = true,
                                         .retain_handling = RetainHandling::DoNotSend},
                                        {.filter = "b/#"}},
                           .properties = properties("0B 05 26 0001 'k' 0001 'v'")},
                 {18}});
  all.push_back({"subscribe-v5-shared", V5, "82 10 0001 00 000A '$share/g/+' 12",
                 Subscribe{.packet_id = 1,
                           .requests = {{.filter = "$share/g/+",
                                         .qos = Qos::ExactlyOnce,
                                         .retain_handling = RetainHandling::SendIfNew}}}});
  all.push_back({"suback-v5",
                 V5,
                 "90 06 0001 00 01 02 8F",
                 Suback{.packet_id = 1, .codes = kept("01 02 8F")},
                 {4, 5}});
  all.push_back({"unsubscribe-v5", V5, "A2 0F 0002 07 26 0001 'k' 0001 'v' 0003 'a/b'",
                 Unsubscribe{.packet_id = 2, .filters = {"a/b"}, .properties = properties(kPair)}});
  all.push_back(
      {"unsuback-v5",
       V5,
       "B0 0B 0002 06 1F 0003 'abc' 00 11",
       Unsuback{.packet_id = 2, .codes = kept("00 11"), .properties = properties("1F 0003 'abc'")},
       {10}});
}

}  // namespace

const std::vector<Golden>& golden_packets() {
  static const std::vector<Golden> packets = [] {
    std::vector<Golden> all;
    add_version_3(all);
    add_connection_5(all);
    add_messages_5(all);
    add_subscriptions_5(all);
    return all;
  }();
  return packets;
}

}  // namespace mqtk::test
