// The pieces that every encoder of wire/ appends. Only for the .cpp files of wire/.
#pragma once

#include <string>

#include "wire/codec.hpp"

namespace mqtk::wire {

/// A string or binary field with its two-octet length; value.size() <= kMaxFieldSize.
inline void append_field(std::string& out, Bytes value) {
  append_u16(out, static_cast<std::uint16_t>(value.size()));
  out.append(value);
}

}  // namespace mqtk::wire
