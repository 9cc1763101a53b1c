// A stream in one piece and the same stream in small pieces give the same frames. The first octet
// decides on the pieces, the second on the largest packet.
#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/fuzz.hpp"
#include "wire/framer.hpp"

namespace {

using namespace mqtk;
using namespace mqtk::wire;

struct Seen {
  std::vector<std::string> frames;
  std::string_view refused;
  std::size_t pending = 0;
  bool operator==(const Seen&) const = default;
};

// Feeds the stream in pieces of 1 to `largest` octets whose sizes follow from `seed`.
Seen run(Bytes stream, std::uint32_t max_packet, std::size_t largest, std::uint32_t seed) {
  Seen seen;
  Framer framer(max_packet);
  std::size_t fed = 0;
  std::size_t handed_out = 0;
  while (!stream.empty() && seen.refused.empty()) {
    seed = seed * 1664525U + 1013904223U;
    const test::ExactCopy piece(stream.substr(0, 1 + (seed >> 8U) % largest));
    stream.remove_prefix(piece.bytes().size());
    fed += piece.bytes().size();
    Bytes input = piece.bytes();
    for (;;) {
      Frame frame;
      const auto status = framer.next(input, frame);
      if (status == Framer::Status::Malformed) {
        seen.refused = framer.malformed().what;
        MQTK_FUZZ_REQUIRE(!seen.refused.empty());
        MQTK_FUZZ_REQUIRE(framer.next(input, frame) == Framer::Status::Malformed);
        break;
      }
      if (status == Framer::Status::NeedMore) {
        MQTK_FUZZ_REQUIRE(input.empty());
        break;
      }
      MQTK_FUZZ_REQUIRE(frame.size <= max_packet);
      MQTK_FUZZ_REQUIRE(frame.size >= frame.body.size() + 2 && frame.size <= frame.body.size() + 5);
      handed_out += frame.size;
      seen.frames.push_back(std::string(1, octet(frame.first)).append(frame.body));
    }
    if (seen.refused.empty()) {
      seen.pending = framer.pending();
      MQTK_FUZZ_REQUIRE(fed == handed_out + framer.pending());
      MQTK_FUZZ_REQUIRE(framer.pending() < std::max<std::size_t>(max_packet, 5));
    }
  }
  if (!seen.refused.empty()) seen.pending = 0;
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const Bytes stream(reinterpret_cast<const char*>(data + 2), size - 2);
  const std::uint32_t max_packet = data[1] < 128 ? 2U + data[1] : std::uint32_t{1} << 20U;
  const Seen whole = run(stream, max_packet, stream.size() + 1, data[0]);
  MQTK_FUZZ_REQUIRE(run(stream, max_packet, 1, 0) == whole);
  MQTK_FUZZ_REQUIRE(run(stream, max_packet, 1U + data[0] % 16U, data[0]) == whole);
  return 0;
}
