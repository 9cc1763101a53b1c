// A payload as a person reads it: decoded, in one line, safe for a terminal.
#pragma once

#include <string>

#include "base/bytes.hpp"

namespace mqtk::inspect {

struct PayloadPart {
  Bytes topic;
  Bytes payload;         ///< as much as is known
  std::size_t size = 0;  ///< of the whole
  Bytes content_type;
};

/// At most about `most` octets of it, with the size of the whole where that is more. The decoder is
/// named unless it is text or JSON: "[cbor] {"a":7}".
std::string payload_view(const PayloadPart& part, std::size_t most);

}  // namespace mqtk::inspect
