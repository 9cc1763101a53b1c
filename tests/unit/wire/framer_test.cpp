#include "support/catch.hpp"
#include "unit/wire/golden.hpp"

namespace mqtk::test {

namespace {

using Status = Framer::Status;

// All frames of `pieces`, each as first octet plus body.
std::vector<std::string> frames_of(Framer& framer, const std::vector<Bytes>& pieces) {
  std::vector<std::string> frames;
  for (Bytes piece : pieces) {
    const BodyCopy copy(piece);
    Bytes input = copy.bytes();
    Frame frame;
    for (;;) {
      const Status status = framer.next(input, frame);
      if (status != Status::Frame) {
        REQUIRE(status == Status::NeedMore);
        REQUIRE(input.empty());
        break;
      }
      frames.push_back(std::string(1, octet(frame.first)).append(frame.body));
    }
  }
  return frames;
}

std::string stream_of_all() {
  std::string stream;
  for (const Golden& golden : golden_packets()) stream += bytes_of(golden.bytes);
  return stream;
}

Malformed refusal_of(std::string_view hex_text, std::uint32_t max_packet_size = kMaxPacketSize) {
  const std::string bytes = bytes_of(hex_text);
  Malformed whole;
  for (const bool octet_by_octet : {false, true}) {
    CAPTURE(hex_text, octet_by_octet);
    Framer framer(max_packet_size);
    Frame frame;
    Status status = Status::NeedMore;
    for (Bytes left = bytes; !left.empty() && status == Status::NeedMore;) {
      const std::size_t size = octet_by_octet ? 1 : left.size();
      Bytes input = left.substr(0, size);
      left.remove_prefix(size);
      status = framer.next(input, frame);
    }
    REQUIRE(status == Status::Malformed);
    Bytes more = "\xC0\x00";
    CHECK(framer.next(more, frame) == Status::Malformed);
    if (octet_by_octet) CHECK(framer.malformed().what == whole.what);
    whole = framer.malformed();
  }
  return whole;
}

}  // namespace

TEST_CASE("frames of a stream in one piece lie in the given buffer") {
  const std::string stream = bytes_of("C0 00 30 04 0001 'a' 'x' D0 00");
  Framer framer;
  Bytes input = stream;
  Frame frame;
  REQUIRE(framer.next(input, frame) == Status::Frame);
  CHECK(frame.type() == PacketType::Pingreq);
  CHECK(frame.body.empty());
  CHECK(frame.size == 2);
  REQUIRE(framer.next(input, frame) == Status::Frame);
  CHECK(frame.type() == PacketType::Publish);
  CHECK(frame.flags() == 0);
  CHECK(frame.body.data() == stream.data() + 4);
  CHECK(frame.size == 6);
  REQUIRE(framer.next(input, frame) == Status::Frame);
  CHECK(frame.type() == PacketType::Pingresp);
  CHECK(framer.next(input, frame) == Status::NeedMore);
  CHECK(framer.pending() == 0);
}

TEST_CASE("a stream gives the same frames octet by octet and in any two pieces") {
  const std::string stream = stream_of_all();
  Framer whole;
  const auto expected = frames_of(whole, {stream});
  CHECK(expected.size() == golden_packets().size());

  std::vector<Bytes> octets;
  for (std::size_t i = 0; i < stream.size(); ++i) octets.push_back(Bytes(stream).substr(i, 1));
  Framer slow;
  CHECK(frames_of(slow, octets) == expected);
  CHECK(slow.pending() == 0);

  for (std::size_t at = 0; at <= stream.size(); ++at) {
    Framer framer;
    const bool same =
        frames_of(framer, {Bytes(stream).substr(0, at), Bytes(stream).substr(at)}) == expected;
    CAPTURE(at);
    REQUIRE(same);
  }
}

TEST_CASE("only the incomplete tail is kept") {
  Framer framer;
  Frame frame;
  const std::string bytes = bytes_of("C0 00 30 06 0001 'a'");
  Bytes input = bytes;
  REQUIRE(framer.next(input, frame) == Status::Frame);
  REQUIRE(framer.next(input, frame) == Status::NeedMore);
  CHECK(framer.pending() == 5);
  Bytes rest = "xyzC";
  REQUIRE(framer.next(rest, frame) == Status::Frame);
  CHECK(frame.body == bytes_of("0001 'axyz'"));
  CHECK(rest == "C");
  CHECK(framer.pending() == 0);
}

TEST_CASE("lengths at the borders of one to four octets") {
  for (const std::size_t size : {0U, 1U, 127U, 128U, 16383U, 16384U, 2097151U, 2097152U}) {
    CAPTURE(size);
    std::string stream = "\x30";
    append_varint(stream, static_cast<std::uint32_t>(size));
    CHECK(stream.size() == 1 + varint_size(static_cast<std::uint32_t>(size)));
    stream.append(size, 'x');
    Framer framer;
    const auto frames =
        frames_of(framer, {Bytes(stream).substr(0, 3),
                           Bytes(stream).substr(std::min<std::size_t>(3, stream.size()))});
    REQUIRE(frames.size() == 1);
    CHECK(frames[0].size() == 1 + size);
  }
  CHECK(varint_size(kMaxRemainingLength) == 4);
}

TEST_CASE("a large packet is followed by others without a trace") {
  std::string stream = "\x30";
  append_varint(stream, 300'000);
  stream.append(300'000, 'x');
  stream += bytes_of("C0 00 D0 00");
  for (const std::size_t at :
       {std::size_t{1}, std::size_t{3}, std::size_t{100'000}, std::size_t{300'005}}) {
    Framer framer;
    const auto frames = frames_of(framer, {Bytes(stream).substr(0, at), Bytes(stream).substr(at)});
    REQUIRE(frames.size() == 3);
    CHECK(frames[0].size() == 300'001);
    CHECK(frames[1] == "\xC0");
    CHECK(frames[2] == "\xD0");
  }
}

TEST_CASE("a length is refused as soon as it is known") {
  CHECK(refusal_of("30 80 00").rule == "MQTT-1.5.5-1");
  CHECK(refusal_of("30 FF 80 00").rule == "MQTT-1.5.5-1");
  CHECK(refusal_of("30 FF FF FF FF").rule == "1.5.5");
  CHECK(refusal_of("30 80 80 80 80 01").rule == "1.5.5");
  CHECK(refusal_of("00").rule == "2.1.2");
  CHECK(refusal_of("0F 00").rule == "2.1.2");
}

TEST_CASE("a packet larger than agreed is refused before it has come") {
  const Malformed why = refusal_of("30 0F", 16);
  CHECK(why.rule == "MQTT-3.1.2-24");
  CHECK(why.reason == ReasonCode::PacketTooLarge);
  CHECK(refusal_of("30 FF FF FF 7F", 1'000'000).reason == ReasonCode::PacketTooLarge);

  Framer framer(16);
  Frame frame;
  const std::string fits = "\x30\x0E" + std::string(14, 'x');
  Bytes input = fits;
  CHECK(framer.next(input, frame) == Status::Frame);
}

TEST_CASE("the largest packet of all is waited for") {
  Framer framer;
  Frame frame;
  const std::string head = bytes_of("30 FF FF FF 7F");
  Bytes input = head;
  CHECK(framer.next(input, frame) == Status::NeedMore);
  CHECK(framer.pending() == 5);
}

TEST_CASE("reset begins a new stream") {
  Framer framer;
  Frame frame;
  Bytes bad("\0", 1);
  REQUIRE(framer.next(bad, frame) == Status::Malformed);
  framer.reset();
  CHECK(framer.malformed().what.empty());
  Bytes part = "\x30\x05xx";
  REQUIRE(framer.next(part, frame) == Status::NeedMore);
  framer.reset();
  CHECK(framer.pending() == 0);
  Bytes ping("\xC0\0", 2);
  CHECK(framer.next(ping, frame) == Status::Frame);
}

}  // namespace mqtk::test
