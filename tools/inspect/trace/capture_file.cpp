#include "inspect/trace/capture_file.hpp"

#include <algorithm>

namespace mqtk::inspect {

namespace {

constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
constexpr std::uint32_t kByteOrder = 0x1A2B3C4D;
constexpr std::uint32_t kInterface = 1;
constexpr std::uint32_t kOldPacket = 2;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kRawIp = 101;
/// What a TCP segment may hold within an IPv4 packet.
constexpr std::size_t kLargestSegment = 65'000;

/// Numbers in the byte order of the machine that wrote the capture.
class Order {
 public:
  explicit Order(bool big) : big_(big) {}
  std::uint16_t u16(const char* p) const {
    return big_ ? read_u16(p) : static_cast<std::uint16_t>(u8(p[0]) | (u8(p[1]) << 8));
  }
  std::uint32_t u32(const char* p) const {
    if (big_) return read_u32(p);
    return u8(p[0]) | (std::uint32_t{u8(p[1])} << 8) | (std::uint32_t{u8(p[2])} << 16) |
           (std::uint32_t{u8(p[3])} << 24);
  }

 private:
  bool big_;
};

WallTime wall(std::uint64_t ticks, std::uint64_t per_second) {
  const std::uint64_t seconds = ticks / per_second;
  const std::uint64_t rest = ticks % per_second;
  // Beyond what nanoseconds since 1970 can say, the time is nonsense anyway.
  if (seconds > 9'000'000'000ULL) return {};
  return WallTime(std::chrono::seconds(seconds) +
                  std::chrono::nanoseconds(static_cast<std::int64_t>(
                      static_cast<double>(rest) * 1e9 / static_cast<double>(per_second))));
}

struct PcapMagic {
  bool big = false;
  bool nanoseconds = false;
};

bool read_pcap_magic(Bytes content, PcapMagic& out) {
  if (content.size() < 4) return false;
  for (const bool big : {false, true}) {
    const std::uint32_t magic = Order(big).u32(content.data());
    if (magic != 0xA1B2C3D4 && magic != 0xA1B23C4D) continue;
    out = {big, magic == 0xA1B23C4D};
    return true;
  }
  return false;
}

Capture read_pcap(Bytes content, const PcapMagic& magic) {
  Capture out;
  if (content.size() < 24) {
    out.damage = "the capture ends in the middle of its head";
    return out;
  }
  const Order order(magic.big);
  const std::uint32_t link_type = order.u32(content.data() + 20) & 0xFFFFU;
  std::size_t at = 24;
  while (content.size() - at >= 16) {
    const char* const head = content.data() + at;
    const std::size_t size = order.u32(head + 8);
    if (size > content.size() - at - 16) break;
    const std::uint64_t unit = magic.nanoseconds ? 1'000'000'000 : 1'000'000;
    out.frames.push_back({wall(order.u32(head) * unit + order.u32(head + 4), unit), link_type,
                          content.substr(at + 16, size)});
    at += 16 + size;
  }
  if (at != content.size()) out.damage = "the capture ends in the middle of a packet";
  return out;
}

struct Interface {
  std::uint32_t link_type = 0;
  std::uint64_t per_second = 1'000'000;
};

std::uint64_t resolution(unsigned octet) {
  if ((octet & 0x80U) != 0) return std::uint64_t{1} << std::min(octet & 0x7FU, 62U);
  std::uint64_t out = 1;
  for (unsigned i = 0; i < std::min(octet, 18U); ++i) out *= 10;
  return out;
}

Interface read_interface(Bytes body, const Order& order) {
  Interface out;
  if (body.size() < 8) return out;
  out.link_type = order.u16(body.data());
  for (std::size_t at = 8; body.size() - at >= 4;) {
    const std::uint16_t code = order.u16(body.data() + at);
    const std::size_t size = order.u16(body.data() + at + 2);
    if (code == 0 || size > body.size() - at - 4) break;
    if (code == 9 && size == 1) out.per_second = resolution(u8(body[at + 4]));
    at = std::min(body.size(), at + 4 + (size + 3) / 4 * 4);
  }
  return out;
}

class PcapngReader {
 public:
  explicit PcapngReader(Bytes content) : content_(content) {}

  Capture read() {
    while (rest().size() >= 12 && block()) {
    }
    if (out_.damage.empty() && !rest().empty()) {
      out_.damage = "the capture ends in the middle of a block";
    }
    return std::move(out_);
  }

 private:
  Bytes rest() const { return content_.substr(at_); }
  bool damaged(const char* what) {
    out_.damage = what;
    return false;
  }

  bool block() {
    const char* const head = content_.data() + at_;
    // The same in both orders.
    const bool section = read_u32(head) == kSectionHeader;
    if (section) {
      if (Order(false).u32(head + 8) == kByteOrder) {
        order_ = Order(false);
      } else if (Order(true).u32(head + 8) == kByteOrder) {
        order_ = Order(true);
      } else {
        return damaged("a section has no byte order");
      }
      interfaces_.clear();
    }
    const std::size_t size = order_.u32(head + 4);
    if (size < 12 || size % 4 != 0) return damaged("a block has an impossible length");
    if (size > rest().size()) return damaged("the capture ends in the middle of a block");
    const Bytes body = content_.substr(at_ + 8, size - 12);
    const std::uint32_t type = order_.u32(head);
    if (!section && type == kInterface) interfaces_.push_back(read_interface(body, order_));
    if (!section && (type == kEnhancedPacket || type == kOldPacket)) {
      packet(body, type == kOldPacket);
    }
    if (!section && type == kSimplePacket && body.size() > 4 && !interfaces_.empty()) {
      const std::size_t length = order_.u32(body.data());
      out_.frames.push_back({{}, interfaces_[0].link_type, body.substr(4, length)});
    }
    at_ += size;
    return true;
  }

  void packet(Bytes body, bool old) {
    if (body.size() < 20) return;
    const std::uint32_t number = old ? order_.u16(body.data()) : order_.u32(body.data());
    if (number >= interfaces_.size()) return;
    const Interface& interface = interfaces_[number];
    const std::uint64_t ticks =
        (std::uint64_t{order_.u32(body.data() + 4)} << 32U) | order_.u32(body.data() + 8);
    const std::size_t size = order_.u32(body.data() + 12);
    out_.frames.push_back(
        {wall(ticks, interface.per_second), interface.link_type, body.substr(20, size)});
  }

  Bytes content_;
  std::size_t at_ = 0;
  Order order_{false};
  std::vector<Interface> interfaces_;
  Capture out_;
};

void append_le32(std::string& out, std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) out += octet((value >> shift) & 0xFFU);
}

std::uint16_t checksum(Bytes data) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < data.size(); i += 2) sum += read_u16(data.data() + i);
  if (data.size() % 2 != 0) sum += static_cast<std::uint32_t>(u8(data.back())) << 8U;
  while ((sum >> 16U) != 0) sum = (sum & 0xFFFFU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

void append_block(std::string& out, std::uint32_t type, std::string_view body) {
  const auto padded = (body.size() + 3) / 4 * 4;
  append_le32(out, type);
  append_le32(out, static_cast<std::uint32_t>(padded + 12));
  out += body;
  out.append(padded - body.size(), '\0');
  append_le32(out, static_cast<std::uint32_t>(padded + 12));
}

constexpr unsigned kFin = 1;
constexpr unsigned kSyn = 2;
constexpr unsigned kPush = 8;
constexpr unsigned kAck = 16;

}  // namespace

bool is_capture(Bytes content) {
  PcapMagic magic;
  return read_pcap_magic(content, magic) ||
         (content.size() >= 4 && read_u32(content.data()) == kSectionHeader);
}

Result<Capture> read_capture(Bytes content) {
  PcapMagic magic;
  if (read_pcap_magic(content, magic)) return read_pcap(content, magic);
  if (is_capture(content)) return PcapngReader(content).read();
  return fail(ErrorKind::BadInput, "this is neither pcap nor pcapng");
}

namespace {

constexpr std::uint32_t kOptionComment = 1;

/// An option and the end of options.
void append_comment(std::string& out, std::string_view text) {
  append_le32(out, kOptionComment | static_cast<std::uint32_t>(text.size()) << 16U);
  out += text;
  out.append((4 - text.size() % 4) % 4, '\0');
  append_le32(out, 0);
}

}  // namespace

std::string pcapng_head() {
  std::string section;
  append_le32(section, kByteOrder);
  append_le32(section, 1);  // version 1.0
  section.append(8, '\xFF');
  append_comment(section, "holds passwords and payloads as they were sent");
  std::string interface;
  append_le32(interface, kRawIp);
  append_le32(interface, 0);
  std::string out;
  append_block(out, kSectionHeader, section);
  append_block(out, kInterface, interface);
  return out;
}

CaptureStream::CaptureStream(std::uint64_t connection, std::uint16_t broker_port) {
  // TEST-NET-1 and a port each, so that Wireshark tells the connections apart.
  addresses_[0] = 0xC0000201;
  addresses_[1] = 0xC0000202;
  ports_[0] = static_cast<std::uint16_t>(10'000 + connection % 50'000);
  ports_[1] = broker_port;
}

void CaptureStream::segment(std::string& out, Side side, unsigned flags, Bytes octets,
                            WallTime time) {
  const auto from = static_cast<std::size_t>(side);
  const std::size_t to = 1 - from;
  std::string tcp;
  append_u16(tcp, ports_[from]);
  append_u16(tcp, ports_[to]);
  append_u32(tcp, next_[from]);
  append_u32(tcp, (flags & kAck) != 0 ? next_[to] : 0);
  append_u16(tcp, static_cast<std::uint16_t>(0x5000U | flags));
  append_u16(tcp, 65'535);
  append_u32(tcp, 0);
  tcp += octets;
  std::string pseudo;
  append_u32(pseudo, addresses_[from]);
  append_u32(pseudo, addresses_[to]);
  append_u16(pseudo, 6);
  append_u16(pseudo, static_cast<std::uint16_t>(tcp.size()));
  const std::uint16_t sum = checksum(pseudo + tcp);
  tcp[16] = octet(sum >> 8U);
  tcp[17] = octet(sum & 0xFFU);
  std::string ip = {'\x45', '\0'};
  append_u16(ip, static_cast<std::uint16_t>(20 + tcp.size()));
  append_u32(ip, 0x00004000);
  append_u32(ip, 0x40060000);
  append_u32(ip, addresses_[from]);
  append_u32(ip, addresses_[to]);
  const std::uint16_t ip_sum = checksum(ip);
  ip[10] = octet(ip_sum >> 8U);
  ip[11] = octet(ip_sum & 0xFFU);
  ip += tcp;
  const auto ticks =
      static_cast<std::uint64_t>(time.time_since_epoch() / std::chrono::microseconds(1));
  std::string body;
  append_le32(body, 0);
  append_le32(body, static_cast<std::uint32_t>(ticks >> 32U));
  append_le32(body, static_cast<std::uint32_t>(ticks & 0xFFFF'FFFFU));
  append_le32(body, static_cast<std::uint32_t>(ip.size()));
  append_le32(body, static_cast<std::uint32_t>(ip.size()));
  body += ip;
  append_block(out, kEnhancedPacket, body);
  next_[from] += static_cast<std::uint32_t>(octets.size());
  if ((flags & (kSyn | kFin)) != 0) ++next_[from];
}

void CaptureStream::open(std::string& out, WallTime time) {
  segment(out, Side::Client, kSyn, {}, time);
  segment(out, Side::Broker, kSyn | kAck, {}, time);
  segment(out, Side::Client, kAck, {}, time);
}

void CaptureStream::say(std::string& out, Side side, Bytes octets, WallTime time) {
  while (!octets.empty()) {
    const Bytes piece = octets.substr(0, kLargestSegment);
    segment(out, side, kPush | kAck, piece, time);
    octets.remove_prefix(piece.size());
  }
}

void CaptureStream::close(std::string& out, Side side, WallTime time) {
  segment(out, side, kFin | kAck, {}, time);
}

}  // namespace mqtk::inspect
