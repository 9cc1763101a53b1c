#include "wire/codec.hpp"
#include "wire/reader.hpp"
#include "wire/topic.hpp"

namespace mqtk::wire {

// decode_connect.cpp
Decoded<Connect> decode_connect(const Frame& frame);

namespace {

constexpr std::string_view kWrongFlags = "reserved flags are not as they must be";
constexpr std::string_view kWrongReason = "the reason code is not one of this packet";

bool is_failure_code(char code) {
  return u8(code) >= 0x80;
}

// MQTT 5 has no codes 1 to 5: a server that does not know MQTT 5 and answers as MQTT 3 does
// (3.2.2.2 asks for that; NATS, ActiveMQ and aedes do) sends them in two octets without properties.
// The code goes through.
bool is_v3_refusal(Bytes body) {
  return body.size() == 2 && u8(body[1]) >= 1 && u8(body[1]) <= 5;
}

Decoded<Connack> decode_connack(const Frame& frame, ProtocolVersion version) {
  if (version == ProtocolVersion::V5 && is_v3_refusal(frame.body)) version = ProtocolVersion::V311;
  Reader reader(frame.body, version);
  const std::uint8_t flags = reader.byte();
  Connack packet;
  packet.code = reader.byte();
  if (version != ProtocolVersion::V31) {  // 3.1 ignores the octet
    packet.session_present = (flags & 1U) != 0;
    if ((flags & 0xFEU) != 0) reader.refuse("3.2.2.1", "MQTT-3.2.2-1", "reserved flags are set");
    if (packet.session_present && packet.code != 0) {
      reader.refuse("MQTT-3.2.2-4", "MQTT-3.2.2-6",
                    "a session is present although the code is not 0");
    }
  }
  if (reader.v5() && !allowed(static_cast<ReasonCode>(packet.code), PacketType::Connack)) {
    reader.refuse("MQTT-3.2.2-8", kWrongReason);
  }
  packet.properties = reader.properties(PropertyPlace::Connack);
  return reader.finish(packet);
}

void check_filter(Reader& reader, Bytes filter) {
  const auto shared = reader.v5() ? SharedFilters::Known : SharedFilters::Unknown;
  if (!reader.ok()) return;
  if (const auto fault = check_topic_filter(filter, shared))
    reader.refuse(fault->rule, fault->what);
}

SubscriptionRequest read_request(Reader& reader) {
  SubscriptionRequest request;
  request.filter = reader.text();
  unsigned options = reader.byte();
  check_filter(reader, request.filter);
  if (reader.version() == ProtocolVersion::V31) options &= 3U;  // 3.1 ignores the rest
  if ((options & 3U) == 3) {
    reader.refuse("MQTT-3.8.3-4", "3.8.3.1", "the requested QoS is 3", ReasonCode::ProtocolError);
  }
  if ((options & (reader.v5() ? 0xC0U : 0xFCU)) != 0) {
    reader.refuse("MQTT-3.8.3-4", "MQTT-3.8.3-5",
                  "reserved bits of the subscription options are set");
  }
  request.qos = static_cast<Qos>(options & 3U);
  request.no_local = (options & 4U) != 0;
  request.retain_as_published = (options & 8U) != 0;
  const unsigned handling = (options >> 4U) & 3U;
  if (handling == 3) reader.refuse("3.8.3.1", "retain handling is 3", ReasonCode::ProtocolError);
  request.retain_handling = static_cast<RetainHandling>(handling);
  if (request.no_local && split_shared(request.filter)) {
    reader.refuse("MQTT-3.8.3-4", "no local is set on a shared subscription",
                  ReasonCode::ProtocolError);
  }
  return request;
}

Decoded<Subscribe> decode_subscribe(const Frame& frame, ProtocolVersion version) {
  Reader reader(frame.body, version);
  Subscribe packet;
  packet.packet_id = reader.packet_id("MQTT-2.2.1-3");
  packet.properties = reader.properties(PropertyPlace::Subscribe);
  if (reader.at_end()) reader.refuse("MQTT-3.8.3-3", "MQTT-3.8.3-2", "there is no topic filter");
  while (reader.ok() && !reader.at_end()) packet.requests.push_back(read_request(reader));
  return reader.finish(std::move(packet));
}

Decoded<Suback> decode_suback(const Frame& frame, ProtocolVersion version) {
  Reader reader(frame.body, version);
  Suback packet;
  packet.packet_id = reader.packet_id("2.2.1");
  packet.properties = reader.properties(PropertyPlace::Suback);
  if (reader.at_end()) reader.refuse("3.9.3", "3.9.3", "there is no return code");
  packet.codes = reader.rest();
  for (char code : packet.codes) {
    // MQTT 3.1.1 knows only 0x80; brokers that share their code with MQTT 5 send others (ejabberd
    // 0x8F).
    const bool known = reader.v5() ? allowed(static_cast<ReasonCode>(u8(code)), PacketType::Suback)
                                   : u8(code) <= 2 || is_failure_code(code);
    if (!known) reader.refuse("MQTT-3.9.3-2", kWrongReason);
  }
  return reader.finish(packet);
}

Decoded<Unsubscribe> decode_unsubscribe(const Frame& frame, ProtocolVersion version) {
  Reader reader(frame.body, version);
  Unsubscribe packet;
  packet.packet_id = reader.packet_id("MQTT-2.2.1-3");
  packet.properties = reader.properties(PropertyPlace::Unsubscribe);
  if (reader.at_end()) reader.refuse("MQTT-3.10.3-2", "there is no topic filter");
  while (reader.ok() && !reader.at_end()) {
    packet.filters.push_back(reader.text());
    check_filter(reader, packet.filters.back());
  }
  return reader.finish(std::move(packet));
}

Decoded<Unsuback> decode_unsuback(const Frame& frame, ProtocolVersion version) {
  Reader reader(frame.body, version);
  Unsuback packet;
  packet.packet_id = reader.packet_id("2.2.1");
  if (!reader.v5()) return reader.finish(packet);
  packet.properties = reader.properties(PropertyPlace::Unsuback);
  if (reader.at_end()) reader.refuse("3.11.3", "there is no reason code");
  packet.codes = reader.rest();
  for (char code : packet.codes) {
    if (!allowed(static_cast<ReasonCode>(u8(code)), PacketType::Unsuback)) {
      reader.refuse("MQTT-3.11.3-2", kWrongReason);
    }
  }
  return reader.finish(packet);
}

Decoded<Disconnect> decode_disconnect(const Frame& frame, ProtocolVersion version) {
  Reader reader(frame.body, version);
  Disconnect packet;
  if (!reader.v5() || reader.at_end()) return reader.finish(packet);
  packet.reason = static_cast<ReasonCode>(reader.byte());
  if (!allowed(packet.reason, PacketType::Disconnect)) reader.refuse("MQTT-3.14.2-1", kWrongReason);
  if (!reader.at_end()) packet.properties = reader.properties(PropertyPlace::Disconnect);
  return reader.finish(packet);
}

Decoded<Auth> decode_auth(const Frame& frame, ProtocolVersion version) {
  Reader reader(frame.body, version);
  Auth packet;
  if (!reader.v5()) return malformed("2.2.1", "packet type 15 is reserved");
  if (reader.at_end()) return packet;
  packet.reason = static_cast<ReasonCode>(reader.byte());
  if (!allowed(packet.reason, PacketType::Auth)) reader.refuse("MQTT-3.15.2-1", kWrongReason);
  packet.properties = reader.properties(PropertyPlace::Auth);
  if (reader.ok() && !packet.properties.find(PropertyId::AuthenticationMethod)) {
    reader.refuse("3.15.2.2.2", "the authentication method is missing", ReasonCode::ProtocolError);
  }
  return reader.finish(packet);
}

template <typename T>
Decoded<Packet> widen(Decoded<T> decoded) {
  if (!decoded) return Unexpected<Malformed>{decoded.error()};
  return Packet(std::move(*decoded));
}

// What every packet but PUBLISH and its replies has in its low nibble.
bool flags_are_right(const Frame& frame, ProtocolVersion version) {
  const bool request =
      frame.type() == PacketType::Subscribe || frame.type() == PacketType::Unsubscribe;
  unsigned flags = frame.flags();
  if (request && version == ProtocolVersion::V31) flags &= 7U;  // DUP is legal in 3.1
  return flags == (request ? 2U : 0U);
}

std::string_view flags_rule(PacketType type, ProtocolVersion version) {
  switch (type) {
    case PacketType::Subscribe:
      return "MQTT-3.8.1-1";
    case PacketType::Unsubscribe:
      return "MQTT-3.10.1-1";
    case PacketType::Disconnect:
      return "MQTT-3.14.1-1";
    case PacketType::Auth:
      return "MQTT-3.15.1-1";
    default:
      return version == ProtocolVersion::V5 ? "MQTT-2.1.3-1" : "MQTT-2.2.2-2";
  }
}

}  // namespace

Decoded<Packet> decode(const Frame& frame, ProtocolVersion version) {
  switch (frame.type()) {
    case PacketType::Publish:
      return widen(decode_publish(frame, version));
    case PacketType::Puback:
    case PacketType::Pubrec:
    case PacketType::Pubrel:
    case PacketType::Pubcomp:
      return widen(decode_publish_reply(frame, version));
    default:
      break;
  }
  if (!flags_are_right(frame, version)) {
    return malformed(flags_rule(frame.type(), version), kWrongFlags);
  }
  switch (frame.type()) {
    case PacketType::Connect:
      return widen(decode_connect(frame));
    case PacketType::Connack:
      return widen(decode_connack(frame, version));
    case PacketType::Subscribe:
      return widen(decode_subscribe(frame, version));
    case PacketType::Suback:
      return widen(decode_suback(frame, version));
    case PacketType::Unsubscribe:
      return widen(decode_unsubscribe(frame, version));
    case PacketType::Unsuback:
      return widen(decode_unsuback(frame, version));
    case PacketType::Pingreq:
      return widen(Reader(frame.body, version).finish(Pingreq{}));
    case PacketType::Pingresp:
      return widen(Reader(frame.body, version).finish(Pingresp{}));
    case PacketType::Disconnect:
      return widen(decode_disconnect(frame, version));
    case PacketType::Auth:
      return widen(decode_auth(frame, version));
    default:
      return malformed("2.1.2", "packet type 0 is reserved");
  }
}

}  // namespace mqtk::wire
