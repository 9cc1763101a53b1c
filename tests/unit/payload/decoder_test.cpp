#include "payload/decoder.hpp"

#include "support/catch.hpp"

using namespace mqtk;

namespace {

/// "decoder json" or "decoder (failure)".
std::string decoded(Decoder decoder, Bytes payload, Bytes topic = "t", Bytes content_type = {}) {
  std::string storage;
  const DecodedPayload result = decode_payload(
      decoder, {.topic = topic, .payload = payload, .content_type = content_type}, storage);
  std::string out(name(result.decoder));
  if (!result.json.empty()) out += ' ' + std::string(result.json);
  if (!result.failure.empty()) out += " (" + result.failure + ")";
  return out;
}

constexpr Bytes kCbor("\xA1\x61\x61\x01", 4);
constexpr Bytes kMsgpack("\x81\xA1\x61\x01", 4);

}  // namespace

TEST_CASE("auto finds out what a payload is") {
  CHECK(decoded(Decoder::Auto, "{\"b\":1.0}") == "json {\"b\":1.0}");
  CHECK(decoded(Decoder::Auto, "21.50") == "json 21.50");
  CHECK(decoded(Decoder::Auto, "on") == "raw");
  CHECK(decoded(Decoder::Auto, "") == "raw");
  CHECK(decoded(Decoder::Auto, kCbor) == "cbor {\"a\":1}");
  CHECK(decoded(Decoder::Auto, kMsgpack) == "msgpack {\"a\":1}");
  CHECK(decoded(Decoder::Auto, "\xD9\xD9\xF7\x18\xFF") == "cbor 255");
  CHECK(decoded(Decoder::Auto, "\xFF\xFE") == "hex");
  CHECK(decoded(Decoder::Auto, "\x81") == "hex");
}

TEST_CASE("Sparkplug is known by its topic alone") {
  const Bytes payload("\x18\x05", 2);
  CHECK(decoded(Decoder::Auto, payload, "spBv1.0/g/NDATA/n") == "sparkplug {\"seq\":5}");
  CHECK(decoded(Decoder::Auto, payload, "other/g/NDATA/n") == "raw");
  CHECK(decoded(Decoder::Sparkplug, payload, "other/g/NDATA/n") ==
        "raw (its topic is none of Sparkplug's)");
  CHECK(decoded(Decoder::Auto, "{\"online\":true}", "spBv1.0/STATE/host") ==
        "json {\"online\":true}");
  CHECK(decoded(Decoder::Auto, "hello", "spBv1.0/g/NDATA/n").starts_with("raw ("));
}

TEST_CASE("a content type says what it is") {
  CHECK(decoded(Decoder::Auto, "\x05", "t", "application/cbor") == "cbor 5");
  CHECK(decoded(Decoder::Auto, "\x05", "t", "application/senml+cbor") == "cbor 5");
  CHECK(decoded(Decoder::Auto, "\x05", "t", "Application/MsgPack; q=1") == "msgpack 5");
  CHECK(decoded(Decoder::Auto, "x", "t", "application/json") == "raw (it is no JSON)");
  CHECK(decoded(Decoder::Auto, "5", "t", "text/plain") == "json 5");
}

TEST_CASE("a decoder that was asked for and does not fit") {
  CHECK(decoded(Decoder::Json, "{") == "raw (it is no JSON)");
  CHECK(decoded(Decoder::Cbor, "\x18") == "raw (octet 1: it ends too early)");
  CHECK(decoded(Decoder::Msgpack, "\xC1") == "raw (octet 1: no value begins with this octet)");
  CHECK(decoded(Decoder::Hex, "{}") == "hex");
  CHECK(decoded(Decoder::Raw, "{}") == "raw");
}

TEST_CASE("the names are those of the option") {
  CHECK(name(Decoder::Auto) == "auto");
  CHECK(name(Decoder::Sparkplug) == "sparkplug");
  CHECK(name(Decoder::Raw) == "raw");
}
