// Captures of every link layer and tunnel that is decoded, octet by octet, and what is said of the
// rest and of files that are no captures.
#include "inspect/trace/link_layer.hpp"

#include <random>

#include "inspect/trace/capture_trace.hpp"
#include "support/catch.hpp"

namespace mqtk::inspect {

namespace {

using Catch::Matchers::ContainsSubstring;

/// Octets from hex text; anything else in it is layout.
std::string octets(std::string_view text) {
  return octets_of_hex(text).value();
}

/// From port 40000 to 1883, PSH and ACK, with a CONNECT of 3.1.1 without client id.
const std::string kTcp = octets(
    "9c40 075b 00000005 00000000 5018 ffff 0000 0000"
    "10 0c 0004 4d515454 04 02 003c 0000");

/// 10.0.0.1 to 10.0.0.2 with `payload`, which is of this protocol.
std::string ipv4(unsigned protocol, const std::string& payload) {
  std::string out = octets("4500");
  append_u16(out, static_cast<std::uint16_t>(20 + payload.size()));
  out += octets("0000 4000 40");
  out += octet(protocol);
  return out + octets("0000 0a000001 0a000002") + payload;
}

std::string ipv6(unsigned next, const std::string& payload) {
  std::string out = octets("60000000");
  append_u16(out, static_cast<std::uint16_t>(payload.size()));
  out += octet(next);
  return out + octets("40") +
         octets("20010db8000000000000000000000001 20010db8000000000000000000000002") + payload;
}

std::string udp(std::uint16_t port, const std::string& payload) {
  std::string out = octets("c000");
  append_u16(out, port);
  append_u16(out, static_cast<std::uint16_t>(8 + payload.size()));
  return out + octets("0000") + payload;
}

const std::string kMacs = octets("020000000001 020000000002");

std::string ethernet(std::string_view type, const std::string& payload) {
  return kMacs + octets(type) + payload;
}

std::string pcap(std::uint32_t link_type, const std::vector<std::string>& frames) {
  std::string out = octets("a1b2c3d4 0002 0004 00000000 00000000 00040000");
  append_u32(out, link_type);
  for (const std::string& frame : frames) {
    out += octets("00000001 00000000");
    append_u32(out, static_cast<std::uint32_t>(frame.size()));
    append_u32(out, static_cast<std::uint32_t>(frame.size()));
    out += frame;
  }
  return out;
}

struct Reading {
  std::vector<std::string> packets;
  std::string notes;
  std::optional<Error> error;
};

Reading read(const std::string& content) {
  Reading out;
  CaptureTrace trace([&out](const TracedPacket& packet) {
    if (!packet.is_packet) return;
    out.packets.emplace_back(wire::name(static_cast<wire::PacketType>(u8(packet.octets[0]) >> 4U)));
  });
  if (auto done = trace.read(content); !done) out.error = done.error();
  for (const std::string& note : trace.notes("FILE")) out.notes += note + "\n";
  return out;
}

struct Layers {
  std::string name;
  std::uint32_t link_type;
  std::string frame;
};

std::vector<Layers> decoded_layers() {
  const std::string ip = ipv4(6, kTcp);
  const std::string inner = ethernet("0800", ip);
  const std::string snap = octets("aaaa03 000000 0800");
  const std::string wifi_addresses = std::string(18, '\2') + octets("1000");
  return {
      {"Ethernet", 1, inner},
      {"Ethernet, IPv6", 1, ethernet("86dd", ipv6(6, kTcp))},
      {"IPv6 with options before TCP", 1,
       ethernet("86dd", ipv6(0, octets("3c00 010400000000 0600 010400000000") + kTcp))},
      {"one VLAN", 1, ethernet("8100 0007 0800", ip)},
      {"QinQ", 1, ethernet("88a8 0064 8100 0007 0800", ip)},
      {"QinQ of old", 1, ethernet("9100 0064 8100 0007 0800", ip)},
      {"802.3 with LLC and SNAP", 1, ethernet("0042", snap + ip)},
      {"PPPoE", 1, ethernet("8864 11 00 0001 0042 0021", ip)},
      {"PPPoE, IPv6", 1, ethernet("8864 11 00 0001 0042 0057", ipv6(6, kTcp))},
      {"MPLS", 1, ethernet("8847 00010140", ip)},
      {"MPLS, two labels", 1, ethernet("8847 00010040 00011140", ip)},
      {"Ethernet over MPLS", 1, ethernet("8847 00011140 00000000", inner)},
      {"PPP", 9, octets("ff03 0021") + ip},
      {"PPP without address and control, with a short protocol", 9, octets("21") + ip},
      {"PPP in HDLC", 50, octets("ff03 0021") + ip},
      {"Cisco HDLC", 104, octets("0f00 0800") + ip},
      {"PPPoE as link type", 51, octets("11 00 0001 0042 0021") + ip},
      {"pppd, with a direction", 166, octets("0103 0021") + ip},
      {"PPP with a direction", 204, octets("01 ff03 0021") + ip},
      {"raw IP, 101", 101, ip},
      {"raw IP, 12", 12, ip},
      {"raw IPv4", 228, ip},
      {"raw IPv6", 229, ipv6(6, kTcp)},
      {"BSD loopback", 0, octets("02000000") + ip},
      {"OpenBSD loopback, IPv6", 108, octets("0000001e") + ipv6(6, kTcp)},
      {"Linux cooked", 113, octets("0000 0304 0006 000000000000 0000 0800") + ip},
      {"Linux cooked with a VLAN", 113,
       octets("0000 0001 0006 020000000001 0000 8100 0007 0800") + ip},
      {"Linux cooked, version 2", 276,
       octets("0800 0000 00000001 0304 00 06 0000000000000000") + ip},
      {"MPLS as link type", 219, octets("00010140") + ip},
      {"NFLOG", 239,
       octets("02 00 0001  0800 0100 08000300  0500 0a00 61000000  ") +
           [&ip] {
             std::string head = octets("0000 0900");
             head[0] = octet((ip.size() + 4) & 0xFFU);
             return head + ip;
           }()},
      {"PKTAP", 258, octets("6c000000 01000000 01000000") + std::string(96, '\0') + inner},
      {"PPI", 192, octets("00 00 0800 01000000") + inner},
      {"OpenBSD's packet filter", 117, octets("3d") + std::string(63, '\0') + ip},
      {"Wi-Fi", 105, octets("0801 0000") + std::string(18, '\2') + octets("1000") + snap + ip},
      {"Wi-Fi with radiotap and quality of service", 127,
       octets("00 00 0a00 00000000 0000  8801 0000") + wifi_addresses + octets("0000") + snap + ip},
      {"GRE", 1, ethernet("0800", ipv4(47, octets("0000 0800") + ip))},
      {"GRE with checksum, key and sequence", 1,
       ethernet("0800", ipv4(47, octets("b000 0800 00000000 00000001 00000002") + ip))},
      {"Ethernet over GRE", 1, ethernet("0800", ipv4(47, octets("0000 6558") + inner))},
      {"MPLS over GRE", 1, ethernet("0800", ipv4(47, octets("0000 8847 00010140") + ip))},
      {"PPTP", 1,
       ethernet("0800", ipv4(47, octets("3081 880b 0040 0001 00000001 00000000 ff03 0021") + ip))},
      {"ERSPAN", 1,
       ethernet("0800", ipv4(47, octets("1000 88be 00000001 10070001 00000000") + inner))},
      {"ERSPAN, first kind", 1, ethernet("0800", ipv4(47, octets("0000 88be") + inner))},
      {"IP in IP", 1, ethernet("0800", ipv4(4, ip))},
      {"IPv6 in IPv4", 1, ethernet("0800", ipv4(41, ipv6(6, kTcp)))},
      {"IPv4 in IPv6", 1, ethernet("86dd", ipv6(4, ip))},
      {"VXLAN", 1, ethernet("0800", ipv4(17, udp(4789, octets("08000000 00002a00") + inner)))},
      {"VXLAN with a VLAN within", 1,
       ethernet("0800",
                ipv4(17, udp(4789, octets("08000000 00002a00") + ethernet("8100 0007 0800", ip))))},
      {"VXLAN in IPv6", 1,
       ethernet("86dd", ipv6(17, udp(4789, octets("08000000 00002a00") + inner)))},
      {"VXLAN-GPE", 1, ethernet("0800", ipv4(17, udp(4790, octets("0c000001 00002a00") + ip)))},
      {"GENEVE with an option", 1,
       ethernet("0800", ipv4(17, udp(6081, octets("0100 6558 00002a00 01028000") + inner)))},
      {"GTP-U with an extension", 1,
       ethernet("0800", ipv4(17, udp(2152, octets("34ff 0040 00000001 00000085 01100100") + ip)))},
      {"IPsec without encryption", 1,
       ethernet("0800",
                ipv4(51, octets("0604 0000 00000001 00000001 000000000000000000000000") + kTcp))},
  };
}

}  // namespace

TEST_CASE("MQTT is found below every link layer and in every tunnel", "[link]") {
  for (const Layers& layers : decoded_layers()) {
    INFO(layers.name);
    const Reading found = read(pcap(layers.link_type, {layers.frame}));
    CHECK(found.packets == std::vector<std::string>{"CONNECT"});
    CHECK(!found.error);
    CHECK_THAT(found.notes, !ContainsSubstring("passed over"));
  }
}

TEST_CASE("a link layer cut at any octet, or damaged, ends no reader", "[link]") {
  std::mt19937 random(7);
  for (const Layers& layers : decoded_layers()) {
    INFO(layers.name);
    for (std::size_t size = 0; size < layers.frame.size(); ++size) {
      const Reading found = read(pcap(layers.link_type, {layers.frame.substr(0, size)}));
      CHECK(found.packets.size() <= 1);
    }
    for (int round = 0; round < 200; ++round) {
      std::string damaged = layers.frame;
      for (int i = 0; i < 3; ++i) damaged[random() % damaged.size()] = octet(random() & 0xFFU);
      CapturedFrame frame{{}, layers.link_type, damaged};
      PassedOver passed;
      const auto segment = find_tcp(frame, passed);
      if (segment) CHECK(segment->tcp.size() <= damaged.size());
    }
  }
}

TEST_CASE("tunnels in tunnels have an end", "[link]") {
  std::string frame = ipv4(6, kTcp);
  for (int i = 0; i < 100; ++i) frame = ipv4(4, frame);
  const Reading found = read(pcap(101, {frame}));
  CHECK(found.packets.empty());
  CHECK_THAT(found.notes, ContainsSubstring("1 packet with too many layers"));
}

TEST_CASE("what is passed over is said, with how many packets", "[link]") {
  const std::string fragment =
      octets("4500 0024 0001 2000 4006 0000 0a000001 0a000002") + kTcp.substr(0, 16);
  const std::string wifi = octets("0841 0000") + std::string(20, '\2') + std::string(16, '\7');
  const Reading found =
      read(pcap(1, {ethernet("0800", ipv4(6, kTcp)), ethernet("0806", std::string(28, '\1')),
                    ethernet("0800", ipv4(17, udp(53, "question"))),
                    ethernet("0800", ipv4(17, udp(53, "answer"))), ethernet("0800", fragment),
                    ethernet("0800", ipv4(50, std::string(40, '\7'))),
                    ethernet("8864 11 00 0001 0042 c021", std::string(8, '\1')),
                    ethernet("0801", "other"), ethernet("0800", ipv4(253, "experiment"))}));
  CHECK(found.packets == std::vector<std::string>{"CONNECT"});
  CHECK(!found.error);
  CHECK(found.notes ==
        "passed over: 1 packet of type 0x0801, 1 of ARP, 1 of PPP protocol 0xc021, 2 of UDP, 1 of "
        "IP protocol 253, 1 fragmented, 1 encrypted\n");
  CHECK_THAT(read(pcap(105, {wifi})).notes, ContainsSubstring("1 packet encrypted") &&
                                                ContainsSubstring("no MQTT was found in 1 packet"));
}

TEST_CASE("a capture of a link type that is not decoded is an error that names it", "[link]") {
  const std::string frame(64, '\1');
  Reading found = read(pcap(189, {frame, frame, frame}));
  REQUIRE(found.error);
  CHECK(found.error->kind == ErrorKind::BadInput);
  CHECK(found.error->message ==
        "no packet of this capture can be decoded: 3 packets of link type 189 (USB)");
  found = read(pcap(9999, {frame}));
  REQUIRE(found.error);
  CHECK_THAT(found.error->message, ContainsSubstring("1 packet of link type 9999"));
  found = read(pcap(1, {}));
  CHECK(!found.error);
  CHECK(found.notes == "no MQTT was found in 0 packets\n");
}

TEST_CASE("what is no capture and no MQTT is an error that says what it is", "[link]") {
  struct Case {
    std::string content;
    const char* message;
    const char* hint;
  };
  const std::vector<Case> cases = {
      {octets("1f8b0800 00000000 0003"), "compressed with gzip",
       "gzip -dc FILE | mqtt-inspect trace --read -"},
      {octets("28b52ffd 0458"), "compressed with zstd", "zstd -dc"},
      {octets("fd377a585a00"), "compressed with xz", "xz -dc"},
      {"BZh91AY&SY", "compressed with bzip2", "bzip2 -dc"},
      {octets("504b0304 1400"), "a zip archive", "unzip -p"},
      {std::string("snoop\0\0\0\0\0\0\2", 12), "snoop", "editcap"},
      {"Frame 1: 74 bytes on wire\n", "this is text", "hex text"},
      {"0000  10 0c 00 04 4d 51  zz\n", "this is text", "hex text"},
      {"", "empty", "pcapng"},
      {std::string(20, '\0'), "no packet begins so", "pcapng"},
  };
  for (const Case& each : cases) {
    INFO(each.message);
    const Reading found = read(each.content);
    REQUIRE(found.error);
    CHECK(found.error->kind == ErrorKind::BadInput);
    CHECK_THAT(found.error->message, ContainsSubstring(each.message));
    CHECK_THAT(found.error->hint, ContainsSubstring(each.hint));
    CHECK(found.packets.empty());
  }
  CHECK(read(octets("c000")).packets == std::vector<std::string>{"PINGREQ"});
  CHECK(read("c0 00 d0 00").packets == std::vector<std::string>{"PINGREQ", "PINGRESP"});
  CHECK_THAT(read(octets("a1b2c3d4 0002")).notes, ContainsSubstring("in the middle of its head"));
  CHECK_THAT(read(octets("0a0d0d0a 1c00")).notes, ContainsSubstring("in the middle of a block"));
}

TEST_CASE("the packet blocks of old pcapng files are read", "[link]") {
  const std::string ip = ipv4(6, kTcp);
  const auto block = [](std::uint32_t type, std::string body) {
    body.append((4 - body.size() % 4) % 4, '\0');
    std::string size;
    append_u32(size, static_cast<std::uint32_t>(body.size() + 12));
    std::string out;
    append_u32(out, type);
    return out + size + body + size;
  };
  std::string packet = octets("0000 0000 00000000 00000000");
  append_u32(packet, static_cast<std::uint32_t>(ip.size()));
  append_u32(packet, static_cast<std::uint32_t>(ip.size()));
  const std::string capture = block(0x0A0D0D0A, octets("1a2b3c4d 0001 0000 ffffffffffffffff")) +
                              block(1, octets("0065 0000 00000000")) + block(2, packet + ip);
  CHECK(read(capture).packets == std::vector<std::string>{"CONNECT"});
}

}  // namespace mqtk::inspect
