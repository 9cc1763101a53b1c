// A payload through every decoder: what comes out is JSON, not much longer than what went in, and
// the same once more after another layout.
#include <algorithm>
#include <string>

#include "fuzz/fuzz.hpp"
#include "output/json_layout.hpp"
#include "output/json_reader.hpp"
#include "payload/condition.hpp"
#include "payload/decoder.hpp"
#include "payload/json_path.hpp"

namespace {

using namespace mqtk;

constexpr std::size_t kMaxSize = std::size_t{1} << 20;
/// A character may become \uXXXX, a few octets a metric with its names.
constexpr std::size_t kGrowth = 40;

void check_json(Bytes json) {
  MQTK_FUZZ_REQUIRE(is_json(json));
  std::string line;
  append_json_line(line, json);
  MQTK_FUZZ_REQUIRE(is_json(line));
  MQTK_FUZZ_REQUIRE(line.find('\n') == std::string::npos);
  std::string indented;
  MQTK_FUZZ_REQUIRE(append_json_indented(indented, json, {}) == json.size());
  std::string again;
  append_json_line(again, indented);
  MQTK_FUZZ_REQUIRE(again == line);
  std::string cut;
  append_json_indented(cut, json, {.color = true, .limit = 20});
  static const JsonPath path = *JsonPath::parse(".a[0]");
  const Bytes found = path.find(json);
  MQTK_FUZZ_REQUIRE(found.empty() || is_json(found));
  static const Condition condition = *Condition::parse(".a > 1");
  condition.holds({.topic = "t", .payload = json, .json = [json] { return json; }});
}

void check(Decoder decoder, Bytes topic, Bytes payload) {
  const test::ExactCopy copy(payload);
  std::string storage;
  const DecodedPayload result = decode_payload(
      decoder, {.topic = topic, .payload = copy.bytes(), .content_type = {}}, storage);
  MQTK_FUZZ_REQUIRE(result.decoder != Decoder::Auto);
  MQTK_FUZZ_REQUIRE(storage.size() <= kGrowth * (payload.size() + 1));
  if (!result.json.empty()) check_json(result.json);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes payload(reinterpret_cast<const char*>(data), std::min(size, kMaxSize));
  for (const Decoder decoder : {Decoder::Auto, Decoder::Json, Decoder::Cbor, Decoder::Msgpack}) {
    check(decoder, "t", payload);
  }
  check(Decoder::Sparkplug, "spBv1.0/g/NDATA/n", payload);
  return 0;
}
