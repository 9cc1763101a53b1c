// One violation a line, and the rule that the refusal names.
#include "support/catch.hpp"
#include "unit/wire/golden.hpp"

namespace mqtk::test {

namespace {

constexpr auto kMalformed = ReasonCode::MalformedPacket;
constexpr auto kProtocol = ReasonCode::ProtocolError;

struct Violation {
  std::string_view why;
  ProtocolVersion version;
  std::string_view first;  ///< the first octet
  std::string_view body;
  std::string_view rule;
  ReasonCode reason = kMalformed;
};

void check_all(const std::vector<Violation>& violations) {
  for (const Violation& violation : violations) {
    CAPTURE(violation.why, violation.body, static_cast<int>(violation.version));
    const std::string first = bytes_of(violation.first);
    const BodyCopy body(bytes_of(violation.body));
    const auto decoded =
        decode({u8(first[0]), body.bytes(), body.bytes().size() + 2}, violation.version);
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().rule == violation.rule);
    CHECK(decoded.error().reason == violation.reason);
    CHECK_FALSE(decoded.error().what.empty());
    CHECK_FALSE(decoded.error().what.ends_with('.'));
  }
}

}  // namespace

TEST_CASE("reserved flags of the fixed header") {
  const std::string_view connect = "0004 'MQTT' 04 02 003C 0000";
  check_all({
      {"CONNECT", V311, "11", connect, "MQTT-2.2.2-2"},
      {"CONNACK", V311, "21", "00 00", "MQTT-2.2.2-2"},
      {"CONNACK", V5, "28", "00 00 00", "MQTT-2.1.3-1"},
      {"PUBACK", V311, "41", "0001", "MQTT-2.2.2-2"},
      {"PUBACK", V5, "42", "0001", "MQTT-2.1.3-1"},
      {"PUBREC", V311, "52", "0001", "MQTT-2.2.2-2"},
      {"PUBREL", V311, "60", "0001", "MQTT-3.6.1-1"},
      {"PUBREL with DUP", V311, "6A", "0001", "MQTT-3.6.1-1"},
      {"PUBREL with RETAIN", V31, "63", "0001", "MQTT-3.6.1-1"},
      {"PUBCOMP", V31, "71", "0001", "MQTT-2.2.2-2"},
      {"SUBSCRIBE", V311, "80", "0001 0001 'a' 00", "MQTT-3.8.1-1"},
      {"SUBSCRIBE with DUP", V5, "8A", "0001 00 0001 'a' 00", "MQTT-3.8.1-1"},
      {"SUBACK", V311, "92", "0001 00", "MQTT-2.2.2-2"},
      {"UNSUBSCRIBE", V311, "A0", "0001 0001 'a'", "MQTT-3.10.1-1"},
      {"UNSUBACK", V311, "B2", "0001", "MQTT-2.2.2-2"},
      {"PINGREQ", V311, "C1", "", "MQTT-2.2.2-2"},
      {"PINGRESP", V5, "D8", "", "MQTT-2.1.3-1"},
      {"DISCONNECT", V311, "E1", "", "MQTT-3.14.1-1"},
      {"AUTH", V5, "F1", "", "MQTT-3.15.1-1"},
      {"packet type 0", V311, "00", "", "2.1.2"},
      {"AUTH before MQTT 5", V311, "F0", "", "2.2.1"},
  });
}

TEST_CASE("lengths") {
  check_all({
      {"octets after PINGREQ", V311, "C0", "00", "2.2.3"},
      {"octets after PINGRESP", V5, "D0", "00", "2.1.4"},
      {"octets after DISCONNECT", V311, "E0", "00", "2.2.3"},
      {"a reason in a 3.1.1 PUBACK", V311, "40", "0001 00", "2.2.3"},
      {"a short PUBACK", V311, "40", "00", "2.2.3"},
      {"an empty PUBACK", V5, "40", "", "2.1.4"},
      {"octets after the properties of PUBACK", V5, "40", "0001 00 00 00", "2.1.4"},
      {"codes in a 3.1.1 UNSUBACK", V311, "B0", "0001 00", "2.2.3"},
      {"a CONNACK of one octet", V311, "20", "00", "2.2.3"},
      {"a CONNACK of three octets", V311, "20", "00 00 00", "2.2.3"},
      {"a MQTT 3 CONNACK that accepts", V5, "20", "00 00", "2.1.4"},
      {"octets after CONNECT", V311, "10", "0004 'MQTT' 04 02 003C 0000 00", "2.2.3"},
      {"octets after CONNECT", V5, "10", "0004 'MQTT' 05 02 003C 00 0000 00", "2.1.4"},
      {"a topic past the end", V311, "30", "0005 'abcd'", "2.2.3"},
      {"a topic past the end", V5, "30", "0005 'abcd'", "2.1.4"},
      {"no packet identifier", V311, "32", "0001 'a' 00", "2.2.3"},
      {"no property length", V5, "30", "0001 'a'", "2.1.4"},
      {"properties past the end", V5, "30", "0001 'a' 05 01 01", "2.1.4"},
      {"a filter without options", V311, "82", "0001 0001 'a'", "2.2.3"},
      {"a filter past the end", V311, "A2", "0001 0002 'a'", "2.2.3"},
  });
}

TEST_CASE("variable byte integers") {
  check_all({
      {"a longer property length than needed", V5, "30", "0001 'a' 80 00", "MQTT-1.5.5-1"},
      {"a property length of five octets", V5, "30", "0001 'a' FF FF FF FF 01", "1.5.5"},
      {"a property length without end", V5, "30", "0001 'a' FF FF", "2.1.4"},
      {"a longer subscription identifier than needed", V5, "82", "0001 03 0B 85 00 0001 'a' 00",
       "MQTT-1.5.5-1"},
      {"a subscription identifier of five octets", V5, "82",
       "0001 06 0B FF FF FF FF 01 0001 'a' 00", "1.5.5"},
  });
}

TEST_CASE("packet identifiers of 0") {
  check_all({
      {"PUBLISH", V311, "32", "0001 'a' 0000", "MQTT-2.3.1-1"},
      {"PUBLISH", V5, "34", "0001 'a' 0000 00", "MQTT-2.2.1-3"},
      {"PUBACK", V311, "40", "0000", "MQTT-2.3.1-1"},
      {"PUBREL", V5, "62", "0000", "2.2.1"},
      {"SUBSCRIBE", V311, "82", "0000 0001 'a' 00", "MQTT-2.3.1-1"},
      {"SUBSCRIBE", V5, "82", "0000 00 0001 'a' 00", "MQTT-2.2.1-3"},
      {"SUBACK", V311, "90", "0000 00", "MQTT-2.3.1-1"},
      {"UNSUBSCRIBE", V5, "A2", "0000 00 0001 'a'", "MQTT-2.2.1-3"},
      {"UNSUBACK", V311, "B0", "0000", "MQTT-2.3.1-1"},
  });
}

TEST_CASE("CONNECT") {
  const auto version = ReasonCode::UnsupportedProtocolVersion;
  check_all({
      {"protocol name", V311, "10", "0004 'MQTS' 04 02 003C 0000", "MQTT-3.1.2-1", version},
      {"protocol name of 3.1 with the level of 3.1.1", V311, "10",
       "0006 'MQIsdp' 04 02 003C 0001 'c'", "MQTT-3.1.2-2", version},
      {"protocol name of 3.1.1 with the level of 3.1", V311, "10", "0004 'MQTT' 03 02 003C 0000",
       "MQTT-3.1.2-2", version},
      {"level 6", V311, "10", "0004 'MQTT' 06 02 003C 0000", "MQTT-3.1.2-2", version},
      {"level of a bridge", V311, "10", "0004 'MQTT' 84 02 003C 0000", "MQTT-3.1.2-2", version},
      {"reserved connect flag", V311, "10", "0004 'MQTT' 04 03 003C 0000", "MQTT-3.1.2-3"},
      {"reserved connect flag", V5, "10", "0004 'MQTT' 05 03 003C 00 0000", "MQTT-3.1.2-3"},
      {"will QoS 3", V311, "10", "0004 'MQTT' 04 1E 003C 0000 0001 'w' 0000", "MQTT-3.1.2-14"},
      {"will QoS 3", V31, "10", "0006 'MQIsdp' 03 1E 003C 0001 'c' 0001 'w' 0000", "MQTT-3.1.2-14"},
      {"will QoS 3", V5, "10", "0004 'MQTT' 05 1E 003C 00 0000 00 0001 'w' 0000", "MQTT-3.1.2-12"},
      {"QoS without a will", V311, "10", "0004 'MQTT' 04 0A 003C 0000", "MQTT-3.1.2-13"},
      {"QoS without a will", V5, "10", "0004 'MQTT' 05 0A 003C 00 0000", "MQTT-3.1.2-11"},
      {"retain without a will", V311, "10", "0004 'MQTT' 04 22 003C 0000", "MQTT-3.1.2-15"},
      {"retain without a will", V5, "10", "0004 'MQTT' 05 22 003C 00 0000", "MQTT-3.1.2-13"},
      {"password without user name", V311, "10", "0004 'MQTT' 04 42 003C 0000 0001 'p'",
       "MQTT-3.1.2-22"},
      {"user name missing", V311, "10", "0004 'MQTT' 04 82 003C 0000", "2.2.3"},
      {"client identifier with NUL", V311, "10", "0004 'MQTT' 04 02 003C 0001 00", "MQTT-1.5.3-2"},
      {"user name not UTF-8", V5, "10", "0004 'MQTT' 05 82 003C 00 0000 0001 FF", "MQTT-1.5.4-1"},
      {"wildcard in the will topic", V311, "10", "0004 'MQTT' 04 06 003C 0000 0001 '+' 0000",
       "MQTT-4.7.1-1"},
      {"wildcard in the will topic", V5, "10", "0004 'MQTT' 05 06 003C 00 0000 00 0001 '+' 0000",
       "MQTT-4.7.0-1"},
      {"empty will topic", V311, "10", "0004 'MQTT' 04 06 003C 0000 0000 0000", "MQTT-4.7.3-1"},
      {"will property in CONNECT", V5, "10", "0004 'MQTT' 05 02 003C 05 18 00000001 0000",
       "MQTT-2.2.2-2"},
      {"connect property in the will", V5, "10",
       "0004 'MQTT' 05 06 003C 00 0000 03 21 0001 0001 'w' 0000", "MQTT-2.2.2-2"},
      {"authentication data without method", V5, "10", "0004 'MQTT' 05 02 003C 04 16 0001 00 0000",
       "3.1.2.11.10", kProtocol},
  });
}

TEST_CASE("CONNACK, DISCONNECT and AUTH") {
  check_all({
      {"reserved CONNACK flag", V311, "20", "02 00", "3.2.2.1"},
      {"reserved CONNACK flag", V5, "20", "80 00 00", "MQTT-3.2.2-1"},
      {"reserved flag in the form of MQTT 3", V5, "20", "02 05", "3.2.2.1"},
      {"session present but refused", V311, "20", "01 05", "MQTT-3.2.2-4"},
      {"session present but refused", V5, "20", "01 87 00", "MQTT-3.2.2-6"},
      {"session present in the form of MQTT 3", V5, "20", "01 05", "MQTT-3.2.2-4"},
      {"code not listed", V5, "20", "00 01 00", "MQTT-3.2.2-8"},
      {"code of another packet", V5, "20", "00 8E 00", "MQTT-3.2.2-8"},
      {"code of another packet", V5, "E0", "84", "MQTT-3.14.2-1"},
      {"code not listed", V5, "E0", "7F 00", "MQTT-3.14.2-1"},
      {"property of another packet", V5, "E0", "00 03 21 0001", "MQTT-2.2.2-2"},
      {"code of another packet", V5, "F0", "87 04 15 0001 'm'", "MQTT-3.15.2-1"},
      {"AUTH without method", V5, "F0", "18 00", "3.15.2.2.2", kProtocol},
      {"AUTH without property length", V5, "F0", "18", "2.1.4"},
  });
}

TEST_CASE("PUBLISH") {
  check_all({
      {"QoS 3", V311, "36", "0001 'a' 0001", "MQTT-3.3.1-4"},
      {"QoS 3", V5, "3E", "0001 'a' 0001 00", "MQTT-3.3.1-4"},
      {"DUP with QoS 0", V311, "38", "0001 'a'", "MQTT-3.3.1-2"},
      {"DUP with QoS 0", V5, "38", "0001 'a' 00", "MQTT-3.3.1-2"},
      {"empty topic", V311, "30", "0000", "MQTT-4.7.3-1"},
      {"empty topic without alias", V5, "30", "0000 00", "3.3.2.1", kProtocol},
      {"empty topic without alias", V5, "30", "0000 02 01 01", "3.3.2.1", kProtocol},
      {"'+' in the topic", V311, "30", "0003 'a/+'", "MQTT-3.3.2-2"},
      {"'#' in the topic", V5, "30", "0001 '#' 00", "MQTT-3.3.2-2"},
      {"'#' late in a long topic", V311, "30", "000D 'abcdefghijk/#'", "MQTT-3.3.2-2"},
      {"NUL in the topic", V311, "30", "0003 'a' 00 'b'", "MQTT-4.7.3-2"},
      {"topic not UTF-8", V311, "30", "0002 C328", "MQTT-1.5.4-1"},
      {"surrogate in the topic", V5, "30", "0003 EDA080 00", "MQTT-1.5.4-1"},
      {"topic alias 0", V5, "30", "0001 'a' 03 23 0000", "MQTT-3.3.2-8",
       ReasonCode::TopicAliasInvalid},
      {"wildcard in the response topic", V5, "30", "0001 'a' 04 08 0001 '#'", "MQTT-3.3.2-14",
       kProtocol},
      {"empty response topic", V5, "30", "0001 'a' 03 08 0000", "MQTT-4.7.3-1", kProtocol},
      {"payload format 2", V5, "30", "0001 'a' 02 01 02", "2.2.2.2", kProtocol},
      {"property twice", V5, "30", "0001 'a' 04 01 01 01 01", "2.2.2.2", kProtocol},
      {"property that does not exist", V5, "30", "0001 'a' 02 04 00", "MQTT-2.2.2-2"},
      {"property identifier past the table", V5, "30", "0001 'a' 02 2B 00", "MQTT-2.2.2-2"},
      {"property identifier of two octets", V5, "30", "0001 'a' 03 81 00 01", "MQTT-2.2.2-2"},
      {"property of another packet", V5, "30", "0001 'a' 03 21 0001", "MQTT-2.2.2-2"},
      {"property cut by the property length", V5, "30", "0001 'a' 03 02 0000 0001", "2.1.4"},
      {"user property not UTF-8", V5, "30", "0001 'a' 07 26 0001 FF 0001 'v'", "MQTT-1.5.4-1"},
      {"content type with NUL", V5, "30", "0001 'a' 04 03 0001 00", "MQTT-1.5.4-2"},
      {"subscription identifier 0", V5, "30", "0001 'a' 02 0B 00", "2.2.2.2", kProtocol},
  });
}

TEST_CASE("PUBACK, PUBREC, PUBREL, PUBCOMP") {
  check_all({
      {"reason not listed", V5, "40", "0001 01", "MQTT-3.4.2-1"},
      {"reason of PUBREL in PUBACK", V5, "40", "0001 92", "MQTT-3.4.2-1"},
      {"reason of PUBREL in PUBREC", V5, "50", "0001 92", "MQTT-3.5.2-1"},
      {"reason of PUBACK in PUBREL", V5, "62", "0001 10", "MQTT-3.6.2-1"},
      {"reason of PUBACK in PUBCOMP", V5, "70", "0001 80 00", "MQTT-3.7.2-1"},
      {"property of another packet", V5, "40", "0001 00 02 24 01", "MQTT-2.2.2-2"},
      {"two reason strings", V5, "50", "0001 00 08 1F 0001 'a' 1F 0001 'b'", "2.2.2.2", kProtocol},
  });
}

TEST_CASE("SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK") {
  check_all({
      {"no filter", V311, "82", "0001", "MQTT-3.8.3-3"},
      {"no filter", V5, "82", "0001 00", "MQTT-3.8.3-2"},
      {"QoS 3", V311, "82", "0001 0001 'a' 03", "MQTT-3.8.3-4", kProtocol},
      {"QoS 3", V31, "82", "0001 0001 'a' 03", "MQTT-3.8.3-4", kProtocol},
      {"QoS 3", V5, "82", "0001 00 0001 'a' 03", "3.8.3.1", kProtocol},
      {"reserved option bits", V311, "82", "0001 0001 'a' 04", "MQTT-3.8.3-4"},
      {"reserved option bits", V5, "82", "0001 00 0001 'a' 40", "MQTT-3.8.3-5"},
      {"retain handling 3", V5, "82", "0001 00 0001 'a' 30", "3.8.3.1", kProtocol},
      {"no local on a shared subscription", V5, "82", "0001 00 000A '$share/g/a' 04",
       "MQTT-3.8.3-4", kProtocol},
      {"empty filter", V311, "82", "0001 0000 00", "MQTT-4.7.3-1"},
      {"'#' not last", V311, "82", "0001 0003 '#/a' 00", "MQTT-4.7.1-1"},
      {"'+' not alone", V5, "82", "0001 00 0002 'a+' 00", "MQTT-4.7.1-2"},
      {"shared without group", V5, "82", "0001 00 0009 '$share//a' 00", "MQTT-4.8.2-1"},
      {"filter not UTF-8", V311, "82", "0001 0001 80 00", "MQTT-1.5.3-1"},
      {"subscription identifier 0", V5, "82", "0001 02 0B 00 0001 'a' 00", "2.2.2.2", kProtocol},
      {"two subscription identifiers", V5, "82", "0001 04 0B 01 0B 02 0001 'a' 00", "2.2.2.2",
       kProtocol},
      {"code 3", V311, "90", "0001 03", "MQTT-3.9.3-2"},
      {"code 0x7F", V31, "90", "0001 7F", "MQTT-3.9.3-2"},
      {"code of another packet", V5, "90", "0001 00 90", "MQTT-3.9.3-2"},
      {"no code", V311, "90", "0001", "3.9.3"},
      {"no code", V5, "90", "0001 00", "3.9.3"},
      {"no filter", V311, "A2", "0001", "MQTT-3.10.3-2"},
      {"no filter", V5, "A2", "0001 00", "MQTT-3.10.3-2"},
      {"empty filter", V311, "A2", "0001 0000", "MQTT-4.7.3-1"},
      {"'#' not last", V5, "A2", "0001 00 0003 'a#b'", "MQTT-4.7.1-1"},
      {"reason string in UNSUBSCRIBE", V5, "A2", "0001 04 1F 0001 'r' 0001 'a'", "MQTT-2.2.2-2"},
      {"no code", V5, "B0", "0001 00", "3.11.3"},
      {"code of another packet", V5, "B0", "0001 00 01", "MQTT-3.11.3-2"},
  });
}

}  // namespace mqtk::test
