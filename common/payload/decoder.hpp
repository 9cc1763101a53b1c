// What a payload says, as JSON text or as it is, and which decoder found it out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace mqtk {

enum class Decoder : std::uint8_t { Auto, Json, Cbor, Msgpack, Sparkplug, Hex, Raw };

/// In the order of Decoder, separated by spaces, as options list them.
inline constexpr std::string_view kDecoderNames = "auto json cbor msgpack sparkplug hex raw";
std::string_view name(Decoder decoder);

struct PayloadInput {
  Bytes topic;
  Bytes payload;
  /// MQTT 5's content type; empty: not said.
  Bytes content_type;
};

struct DecodedPayload {
  Decoder decoder = Decoder::Raw;  ///< never Auto; Raw when the one asked for has failed
  /// JSON text, of Json to Sparkplug only; a view of the payload or of `storage`.
  Bytes json;
  /// Why the decoder that was asked for could not be used; empty: it was.
  std::string failure;
};

/// Auto goes by the topic (Sparkplug), by the content type, and by what the payload is: JSON,
/// other UTF-8 text (Raw), a list or map of CBOR or MessagePack, anything else (Hex). `storage` is
/// overwritten and must live as long as the result.
DecodedPayload decode_payload(Decoder decoder, const PayloadInput& input, std::string& storage);

}  // namespace mqtk
