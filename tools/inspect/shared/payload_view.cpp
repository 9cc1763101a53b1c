#include "inspect/shared/payload_view.hpp"

#include "output/terminal_text.hpp"
#include "payload/decoder.hpp"

namespace mqtk::inspect {

std::string payload_view(const PayloadPart& part, std::size_t most) {
  std::string storage;
  const DecodedPayload decoded =
      decode_payload(Decoder::Auto, {part.topic, part.payload, part.content_type}, storage);
  const bool as_it_is = decoded.decoder == Decoder::Raw || decoded.decoder == Decoder::Json;
  std::string out = as_it_is ? "" : "[" + std::string(name(decoded.decoder)) + "] ";
  const Bytes shown = decoded.decoder == Decoder::Hex ? Bytes(storage = to_hex(part.payload))
                      : !decoded.json.empty()         ? decoded.json
                                                      : part.payload;
  out += terminal_text(shown.substr(0, most));
  if (shown.size() > most || part.size > part.payload.size()) {
    out += " ... (" + std::to_string(part.size) + " octets)";
  }
  return out;
}

}  // namespace mqtk::inspect
