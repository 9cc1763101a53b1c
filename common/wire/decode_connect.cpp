// CONNECT: the one packet that differs most between the versions.
#include "wire/codec.hpp"
#include "wire/reader.hpp"
#include "wire/topic.hpp"

namespace mqtk::wire {

Decoded<Connect> decode_connect(const Frame& frame);

namespace {

struct Flags {
  bool username = false;
  bool password = false;
  bool will_retain = false;
  unsigned will_qos = 0;
  bool will = false;
  bool clean_start = false;
};

ProtocolVersion read_version(Reader& reader) {
  const Bytes protocol = reader.text();
  const std::uint8_t level = reader.byte();
  if (!reader.ok()) return ProtocolVersion::V311;
  const auto unsupported = ReasonCode::UnsupportedProtocolVersion;
  if (protocol == "MQIsdp") {
    if (level != 3)
      reader.refuse("MQTT-3.1.2-2", "the protocol level is not that of MQIsdp", unsupported);
    return ProtocolVersion::V31;
  }
  if (protocol != "MQTT") {
    reader.refuse("MQTT-3.1.2-1", "the protocol name is neither MQTT nor MQIsdp", unsupported);
  } else if (level != 4 && level != 5) {
    reader.refuse("MQTT-3.1.2-2", "the protocol level is not known", unsupported);
  }
  return level == 5 ? ProtocolVersion::V5 : ProtocolVersion::V311;
}

// 3.1 disregards the reserved bit, and the bits of a will that is not there.
Flags read_flags(Reader& reader) {
  const unsigned octet = reader.byte();
  const bool strict = reader.version() != ProtocolVersion::V31;
  Flags flags;
  flags.username = (octet & 0x80U) != 0;
  flags.password = (octet & 0x40U) != 0;
  flags.will_retain = (octet & 0x20U) != 0;
  flags.will_qos = (octet >> 3U) & 3U;
  flags.will = (octet & 0x04U) != 0;
  flags.clean_start = (octet & 0x02U) != 0;
  if (strict && (octet & 1U) != 0)
    reader.refuse("MQTT-3.1.2-3", "the reserved connect flag is set");
  if (flags.will && flags.will_qos == 3) {
    reader.refuse("MQTT-3.1.2-14", "MQTT-3.1.2-12", "the QoS of the will is 3");
  }
  if (strict && !flags.will && flags.will_qos != 0) {
    reader.refuse("MQTT-3.1.2-13", "MQTT-3.1.2-11", "there is a QoS but no will");
  }
  if (strict && !flags.will && flags.will_retain) {
    reader.refuse("MQTT-3.1.2-15", "MQTT-3.1.2-13", "retain is set but there is no will");
  }
  if (!reader.v5() && flags.password && !flags.username) {
    reader.refuse("MQTT-3.1.2-22", "there is a password but no user name");
  }
  return flags;
}

Will read_will(Reader& reader, const Flags& flags) {
  Will will{.qos = static_cast<Qos>(flags.will_qos), .retain = flags.will_retain};
  will.properties = reader.properties(PropertyPlace::Will);
  will.topic = reader.text();
  will.payload = reader.binary();
  if (!reader.ok()) return will;
  if (const auto fault = check_topic_name(will.topic)) {
    const bool wildcard = fault->rule == "MQTT-3.3.2-2";
    reader.refuse(wildcard ? "MQTT-4.7.1-1" : fault->rule, wildcard ? "MQTT-4.7.0-1" : fault->rule,
                  fault->what);
  }
  return will;
}

}  // namespace

Decoded<Connect> decode_connect(const Frame& frame) {
  Reader reader(frame.body, ProtocolVersion::V311);
  Connect packet;
  packet.version = read_version(reader);
  reader.set_version(packet.version);
  const Flags flags = read_flags(reader);
  packet.clean_start = flags.clean_start;
  packet.keep_alive_s = reader.u16();
  packet.properties = reader.properties(PropertyPlace::Connect);
  packet.client_id = reader.text();
  if (flags.will) packet.will = read_will(reader, flags);
  // In 3.1 a flag may be set although the string is missing: the Remaining Length decides.
  const auto present = [&](bool flag) {
    return flag && !(reader.version() == ProtocolVersion::V31 && reader.at_end());
  };
  if (present(flags.username)) packet.username = reader.text();
  if (present(flags.password)) packet.password = reader.binary();
  return reader.finish(packet);
}

}  // namespace mqtk::wire
