#include "payload/decoder.hpp"

#include <algorithm>

#include "base/result.hpp"
#include "output/json_reader.hpp"
#include "payload/cbor.hpp"
#include "payload/msgpack.hpp"
#include "payload/sparkplug.hpp"
#include "wire/utf8.hpp"

namespace mqtk {

namespace {

using Append = Result<void> (*)(std::string& out, Bytes data);

Append append_of(Decoder decoder) {
  switch (decoder) {
    case Decoder::Cbor:
      return append_cbor_as_json;
    case Decoder::Msgpack:
      return append_msgpack_as_json;
    case Decoder::Sparkplug:
      return append_sparkplug_as_json;
    case Decoder::Auto:
    case Decoder::Json:
    case Decoder::Hex:
    case Decoder::Raw:
      break;
  }
  return nullptr;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// Nothing when the media type names no format that we know.
std::optional<Decoder> decoder_of(Bytes content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  std::transform(type.begin(), type.end(), type.begin(), lower);
  while (type.ends_with(' ')) type.pop_back();
  if (type == "application/json" || type.ends_with("+json")) return Decoder::Json;
  if (type == "application/cbor" || type.ends_with("+cbor")) return Decoder::Cbor;
  for (const char* name : {"application/msgpack", "application/x-msgpack",
                           "application/vnd.msgpack", "application/messagepack"}) {
    if (type == name) return Decoder::Msgpack;
  }
  return std::nullopt;
}

/// Lists and maps only: nearly every octet alone is a number in both formats.
bool may_be_cbor(Bytes payload) {
  const unsigned first = u8(payload[0]);
  return (first >= 0x80 && first < 0xC0) || payload.starts_with("\xD9\xD9\xF7");
}

bool may_be_msgpack(Bytes payload) {
  const unsigned first = u8(payload[0]);
  return (first >= 0x80 && first < 0xA0) || (first >= 0xDC && first < 0xE0);
}

DecodedPayload decode_as(Decoder decoder, Bytes payload, std::string& storage) {
  DecodedPayload result{decoder, {}, {}};
  storage.clear();
  if (decoder == Decoder::Json) {
    if (is_json(payload)) {
      result.json = payload;
    } else {
      result.failure = "it is no JSON";
    }
  } else if (const Append append = append_of(decoder)) {
    if (auto done = append(storage, payload); done) {
      result.json = storage;
    } else {
      result.failure = std::move(done.error().message);
    }
  }
  if (!result.failure.empty()) result.decoder = Decoder::Raw;
  return result;
}

DecodedPayload find_out(const PayloadInput& input, std::string& storage) {
  const auto attempt = [&](Decoder decoder) { return decode_as(decoder, input.payload, storage); };
  if (is_sparkplug_topic(input.topic)) return attempt(Decoder::Sparkplug);
  if (const auto named = decoder_of(input.content_type)) return attempt(*named);
  if (input.payload.empty()) return attempt(Decoder::Raw);
  if (DecodedPayload json = attempt(Decoder::Json); json.failure.empty()) return json;
  if (wire::is_utf8(input.payload)) return attempt(Decoder::Raw);
  if (may_be_cbor(input.payload)) {
    if (DecodedPayload cbor = attempt(Decoder::Cbor); cbor.failure.empty()) return cbor;
  }
  if (may_be_msgpack(input.payload)) {
    if (DecodedPayload pack = attempt(Decoder::Msgpack); pack.failure.empty()) return pack;
  }
  return attempt(Decoder::Hex);
}

}  // namespace

std::string_view name(Decoder decoder) {
  std::string_view rest = kDecoderNames;
  for (unsigned i = 0; i < static_cast<unsigned>(decoder); ++i)
    rest.remove_prefix(rest.find(' ') + 1);
  return rest.substr(0, rest.find(' '));
}

DecodedPayload decode_payload(Decoder decoder, const PayloadInput& input, std::string& storage) {
  if (decoder == Decoder::Auto) return find_out(input, storage);
  if (decoder == Decoder::Sparkplug && !is_sparkplug_topic(input.topic)) {
    return {Decoder::Raw, {}, "its topic is none of Sparkplug's"};
  }
  return decode_as(decoder, input.payload, storage);
}

}  // namespace mqtk
