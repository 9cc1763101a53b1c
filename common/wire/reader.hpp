// Takes fields off the front of a packet's body. After the first fault every read yields nothing,
// so a decoder reads straight through and asks once, in finish(). Only for the .cpp files of wire/.
#pragma once

#include <cstdint>
#include <utility>

#include "base/bytes.hpp"
#include "wire/malformed.hpp"
#include "wire/properties.hpp"
#include "wire/types.hpp"

namespace mqtk::wire {

class Reader {
 public:
  Reader(Bytes body, ProtocolVersion version) : left_(body), version_(version) {}

  bool ok() const { return fault_.what.empty(); }
  bool at_end() const { return left_.empty(); }
  Bytes left() const { return left_; }
  ProtocolVersion version() const { return version_; }
  bool v5() const { return version_ == ProtocolVersion::V5; }
  /// From here on, for CONNECT, which names its version itself.
  void set_version(ProtocolVersion version) { version_ = version; }

  /// Keeps the first fault only.
  void refuse(std::string_view rule, std::string_view what,
              ReasonCode reason = ReasonCode::MalformedPacket);
  /// With the rule as MQTT 3.1.1 and MQTT 5 number it.
  void refuse(std::string_view rule_v3, std::string_view rule_v5, std::string_view what,
              ReasonCode reason = ReasonCode::MalformedPacket) {
    refuse(v5() ? rule_v5 : rule_v3, what, reason);
  }

  std::uint8_t byte();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint32_t varint();
  Bytes binary();
  /// A UTF-8 encoded string.
  Bytes text();
  /// Not 0; `rule` names where MQTT 5 says so.
  std::uint16_t packet_id(std::string_view rule_v5);
  /// Nothing before MQTT 5.
  PropertiesView properties(PropertyPlace place);
  /// All that is left.
  Bytes rest() { return take(ok() ? left_.size() : 0); }

  /// The decoded packet, when nothing was wrong and nothing is left.
  template <typename T>
  Decoded<T> finish(T packet) {
    if (ok() && !at_end())
      refuse("2.2.3", "2.1.4", "octets are left over at the end of the packet");
    if (!ok()) return Unexpected<Malformed>{fault_};
    return packet;
  }

 private:
  bool has(std::size_t size);
  Bytes take(std::size_t size) {
    const Bytes taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }

  Bytes left_;
  ProtocolVersion version_;
  Malformed fault_;
};

}  // namespace mqtk::wire
