// Captures: TCP put together again, MQTT in WebSocket, and damage of every kind.
#include <algorithm>
#include <random>

#include "inspect/trace/capture_trace.hpp"
#include "support/catch.hpp"

namespace mqtk::inspect {

namespace {

const WallTime kTime{std::chrono::seconds(1'700'000'000)};

std::string connect_octets() {
  std::string out;
  wire::Connect hello;
  hello.client_id = "device";
  wire::encode(hello, out);
  return out;
}

/// The names of the packets and incidents that are found, "!" behind one with a violation.
std::vector<std::string> packets_in(const std::string& capture,
                                    std::vector<std::string>* notes = nullptr) {
  std::vector<std::string> out;
  CaptureTrace trace([&out](const TracedPacket& packet) {
    std::string what = packet.incident == Incident::None ? "octets" : packet.why;
    if (packet.is_packet) {
      what = wire::name(static_cast<wire::PacketType>(u8(packet.octets[0]) >> 4U));
      if (packet.incident != Incident::None) what += " cut short: " + packet.why;
    }
    out.push_back(what + (packet.violations.empty() ? "" : "!"));
  });
  static_cast<void>(trace.read(capture));
  if (notes != nullptr) *notes = trace.notes("FILE");
  return out;
}

std::string message_octets(Bytes payload) {
  std::string out;
  wire::Publish message;
  message.topic = "sensors/1";
  message.payload = payload;
  wire::encode(message, wire::ProtocolVersion::V311, out);
  return out;
}

std::string websocket_frame(Bytes payload, bool masked, unsigned first = 0x82) {
  std::string out(1, octet(first));
  out += octet((masked ? 0x80U : 0U) | static_cast<unsigned>(payload.size()));
  const std::string mask = "\x11\x22\x33\x44";
  if (masked) out += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out += masked ? octet(u8(payload[i]) ^ unsigned{u8(mask[i % 4])}) : payload[i];
  }
  return out;
}

/// Blocks of a pcapng file, so that they can be put in another order.
std::vector<std::string> blocks_of(const std::string& capture) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < capture.size();) {
    const std::size_t size = u8(capture[at + 4]) | (std::size_t{u8(capture[at + 5])} << 8U);
    out.push_back(capture.substr(at, size));
    at += size;
  }
  return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("what was written is read again, octet by octet, in any order and with repetitions") {
  const std::string hello = connect_octets();
  std::string capture = pcapng_head();
  CaptureStream stream(1, 1883);
  stream.open(capture, kTime);
  for (const char c : hello) stream.say(capture, Side::Client, Bytes(&c, 1), kTime);
  stream.say(capture, Side::Broker, Bytes("\x20\x02\0\0", 4), kTime);
  CHECK(packets_in(capture) == Names{"CONNECT", "CONNACK"});

  auto blocks = blocks_of(capture);
  std::swap(blocks[8], blocks[12]);
  std::swap(blocks[7], blocks[10]);
  blocks.insert(blocks.begin() + 14, blocks[9]);
  std::string shuffled;
  for (const std::string& block : blocks) shuffled += block;
  CHECK(packets_in(shuffled) == Names{"CONNECT", "CONNACK"});
}

TEST_CASE("what was not captured is said, and what follows is shown from the next packet on") {
  std::string capture = pcapng_head();
  CaptureStream stream(1, 1883);
  stream.open(capture, kTime);
  const auto say = [&](Side side, const std::string& octets) {
    stream.say(capture, side, octets, kTime);
  };
  say(Side::Client, connect_octets());                        // block 5
  say(Side::Broker, std::string("\x20\x02\0\0", 4));          // block 6
  say(Side::Client, message_octets("first"));                 // block 7
  say(Side::Client, message_octets("second").substr(0, 15));  // block 8
  say(Side::Client, message_octets("second").substr(15));     // block 9
  say(Side::Client, message_octets("third"));                 // block 10
  say(Side::Broker, std::string("\xD0\0", 2));                // of a PINGREQ that is not there
  CHECK(packets_in(capture) ==
        Names{"CONNECT", "CONNACK", "PUBLISH", "PUBLISH", "PUBLISH", "PINGRESP!"});
  const auto without = [&](std::size_t block, Names* notes) {
    auto blocks = blocks_of(capture);
    blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(block));
    std::string out;
    for (const std::string& each : blocks) out += each;
    return packets_in(out, notes);
  };
  Names notes;
  CHECK(without(7, &notes) == Names{"CONNECT", "CONNACK", "PINGRESP", "18 octets were not captured",
                                    "PUBLISH", "PUBLISH"});
  CHECK(notes == Names{"connection #1: 18 octets were not captured; rules about what may follow "
                       "what are not judged there"});
  CHECK(without(8, &notes) ==
        Names{"CONNECT", "CONNACK", "PUBLISH", "PINGRESP", "15 octets were not captured",
              "4 octets were passed over, in which no packet begins", "PUBLISH"});
  CHECK(without(9, nullptr) == Names{"CONNECT", "CONNACK", "PUBLISH", "PINGRESP",
                                     "PUBLISH cut short: a gap follows after 15 of 19 octets",
                                     "4 octets were not captured", "PUBLISH"});
}

TEST_CASE("a connection that ends inside a packet is reported with its end") {
  struct Case {
    const char* end;
    std::optional<Side> closed_by;
  };
  for (const Case& each :
       {Case{"the connection was closed", Side::Client}, Case{"the capture ends", std::nullopt}}) {
    std::string capture = pcapng_head();
    CaptureStream stream(1, 1883);
    stream.open(capture, kTime);
    stream.say(capture, Side::Client, connect_octets() + message_octets("never whole").substr(0, 9),
               kTime);
    if (each.closed_by) stream.close(capture, *each.closed_by, kTime);
    CHECK(packets_in(capture) == Names{"CONNECT", "PUBLISH cut short: " + std::string(each.end) +
                                                      " after 9 of 24 octets"});
  }
  CHECK(packets_in("30 17 00 0a") ==
        Names{"PUBLISH cut short: the input ends after 4 of 25 octets"});
}

TEST_CASE("frames of which a part was captured are a gap, and counted") {
  std::string capture = pcapng_head();
  CaptureStream stream(1, 1883);
  stream.open(capture, kTime);
  stream.say(capture, Side::Client, connect_octets(), kTime);
  auto blocks = blocks_of(capture);
  // The captured length of the last frame, in little endian, behind number and time.
  std::string& last = blocks.back();
  last[20] = octet(u8(last[20]) - 5U);
  std::string cut;
  for (const std::string& block : blocks) cut += block;
  stream.say(cut, Side::Client, message_octets("whole"), kTime);
  Names notes;
  CHECK(packets_in(cut, &notes) == Names{"CONNECT cut short: a gap follows after " +
                                             std::to_string(connect_octets().size() - 5) + " of " +
                                             std::to_string(connect_octets().size()) + " octets",
                                         "5 octets were not captured", "PUBLISH"});
  REQUIRE(notes.size() == 2);
  CHECK(notes[1].find("1 frame was captured in part only") == 0);
}

TEST_CASE("the middle of a connection breaks no rule by what was said before") {
  std::string capture = pcapng_head();
  CaptureStream stream(1, 1883);
  std::string beginning;
  stream.open(beginning, kTime);
  stream.say(beginning, Side::Client, connect_octets(), kTime);
  stream.say(capture, Side::Client, message_octets("half").substr(5), kTime);
  stream.say(capture, Side::Broker, std::string("\x40\x02\0\x07", 4), kTime);
  stream.say(capture, Side::Client, std::string("\xC0\0", 2), kTime);
  Names notes;
  CHECK(packets_in(capture, &notes) ==
        Names{"the beginning of the connection was not captured, nor the version of MQTT that it "
              "uses",
              "PUBACK", "12 octets were passed over, in which no packet begins", "PINGREQ"});
  CHECK(notes == Names{"connection #1: the beginning was not captured"});
}

TEST_CASE("MQTT in WebSocket") {
  std::string capture = pcapng_head();
  CaptureStream stream(1, 80);
  stream.open(capture, kTime);
  const std::string hello = connect_octets();
  stream.say(capture, Side::Client, "GET /mqtt HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", kTime);
  stream.say(
      capture, Side::Broker,
      "HTTP/1.1 101 Switching Protocols\r\n\r\n" + websocket_frame(Bytes("\x20\x02\0\0", 4), false),
      kTime);
  // One packet in two frames, a ping of WebSocket between them.
  stream.say(capture, Side::Client,
             websocket_frame(Bytes(hello).substr(0, 5), true, 0x02) +
                 websocket_frame("x", true, 0x89) +
                 websocket_frame(Bytes(hello).substr(5), true, 0x80),
             kTime);
  stream.say(capture, Side::Client, websocket_frame(Bytes("\xC0\0", 2), true), kTime);
  const Names found = packets_in(capture);
  CHECK(found == Names{"CONNACK", "CONNECT", "PINGREQ"});

  stream.say(capture, Side::Client, websocket_frame(Bytes("\xC0\0", 2), true).substr(0, 3), kTime);
  stream.close(capture, Side::Client, kTime);
  CHECK(packets_in(capture).back() ==
        "the connection was closed after 3 octets of a frame of WebSocket");
}

TEST_CASE("TLS is named with the command that decrypts it") {
  std::string capture = pcapng_head();
  CaptureStream stream(1, 8883);
  stream.open(capture, kTime);
  stream.say(capture, Side::Client, Bytes("\x16\x03\x01\x00\x05hello", 10), kTime);
  Names notes;
  CHECK(packets_in(capture, &notes).empty());
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].find("tshark -r FILE -o tls.keylog_file:KEYS -d tls.port==8883,mqtt") !=
        std::string::npos);
}

TEST_CASE("classic pcap, in either byte order, with Ethernet around IPv6") {
  const std::string hello = connect_octets();
  std::string tcp;
  append_u16(tcp, 40'000);
  append_u16(tcp, 1883);
  append_u32(tcp, 5);
  append_u32(tcp, 0);
  append_u16(tcp, 0x5018);
  tcp.append(6, '\0');
  tcp += hello;
  std::string frame(12, '\x02');
  append_u16(frame, 0x8100);
  append_u16(frame, 7);
  append_u16(frame, 0x86DD);
  append_u32(frame, 0x60000000);
  append_u16(frame, static_cast<std::uint16_t>(tcp.size()));
  frame += '\x06';
  frame += '\x40';
  frame += std::string(32, '\x01') + tcp + "padding";
  for (const bool big : {true, false}) {
    const auto number = [big](std::uint32_t value) {
      std::string out;
      append_u32(out, value);
      if (!big) std::reverse(out.begin(), out.end());
      return out;
    };
    std::string capture = number(0xA1B2C3D4) + std::string(16, '\0') + number(1);
    capture += number(1) + number(2) + number(static_cast<std::uint32_t>(frame.size())) +
               number(static_cast<std::uint32_t>(frame.size())) + frame;
    CHECK(packets_in(capture) == Names{"CONNECT"});
  }
}

TEST_CASE("a damaged capture is read as far as it goes, and never crashes the reader") {
  std::string capture = pcapng_head();
  CaptureStream stream(1, 1883);
  stream.open(capture, kTime);
  stream.say(capture, Side::Client, connect_octets() + std::string("\xC0\0", 2), kTime);
  stream.say(capture, Side::Client, Bytes("\0\0", 2), kTime);
  for (std::size_t size = 0; size <= capture.size(); ++size) packets_in(capture.substr(0, size));
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = capture;
    for (int i = 0; i < 4; ++i) damaged[random() % damaged.size()] = octet(random() & 0xFFU);
    packets_in(damaged);
  }
  const Names found = packets_in(capture);
  CHECK(std::count(found.begin(), found.end(), "octets!") == 1);
}

}  // namespace mqtk::inspect
