// Why bytes are not a legal packet: the rule that was broken, in the specification's numbering.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "wire/reason_codes.hpp"

namespace mqtk::wire {

struct Malformed {
  ReasonCode reason = ReasonCode::MalformedPacket;
  std::string_view rule{};  ///< e.g. "MQTT-3.3.1-4" or a section, "1.5.5"; static storage
  std::string_view what{};  ///< one lower-case sentence without full stop; static storage
};

template <typename T>
using Decoded = Expected<T, Malformed>;

inline Unexpected<Malformed> malformed(std::string_view rule, std::string_view what,
                                       ReasonCode reason = ReasonCode::MalformedPacket) {
  return {Malformed{reason, rule, what}};
}

}  // namespace mqtk::wire
