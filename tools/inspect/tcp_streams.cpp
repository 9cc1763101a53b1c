#include "inspect/tcp_streams.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace mqtk::inspect {

namespace {

constexpr std::size_t kMostWaiting = 16U << 20U;  ///< octets behind a gap
constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint16_t kIpv6 = 0x86DD;

/// The network layer's packet, whatever is around it; empty: neither IPv4 nor IPv6.
Bytes network_layer(const CapturedFrame& frame) {
  Bytes data = frame.octets;
  const auto skip = [&data](std::size_t size) { data.remove_prefix(std::min(size, data.size())); };
  const auto type_at = [&data](std::size_t at) {
    return data.size() >= at + 2 ? read_u16(data.data() + at) : std::uint16_t{0};
  };
  std::uint16_t type = 0;
  switch (frame.link_type) {
    case 1:  // Ethernet, with VLAN tags
      type = type_at(12);
      skip(14);
      while (type == 0x8100 || type == 0x88A8) {
        type = type_at(2);
        skip(4);
      }
      break;
    case 113:  // Linux cooked
      type = type_at(14);
      skip(16);
      break;
    case 276:
      type = type_at(0);
      skip(20);
      break;
    case 0:  // BSD loopback
    case 108:
      skip(4);
      [[fallthrough]];
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      type = !data.empty() && u8(data[0]) >> 4U == 6 ? kIpv6 : kIpv4;
      break;
    default:
      break;
  }
  return type == kIpv4 || type == kIpv6 ? data : Bytes();
}

/// What TCP is made of, with the addresses; false when this is something else.
bool transport_layer(Bytes ip, TcpSegment& out, Bytes& tcp) {
  if (ip.size() < 20) return false;
  if (u8(ip[0]) >> 4U == 4) {
    const std::size_t head = (u8(ip[0]) & 15U) * std::size_t{4};
    const std::size_t total = read_u16(ip.data() + 2);
    const bool fragment = (read_u16(ip.data() + 6) & 0x3FFFU) != 0;
    if (head < 20 || ip.size() < head || u8(ip[9]) != 6 || fragment) return false;
    out.from.address = ip.substr(12, 4);
    out.to.address = ip.substr(16, 4);
    // Behind the packet, Ethernet may have filled up; 0: the network card cuts segments itself.
    tcp = total >= head && total <= ip.size() ? ip.substr(head, total - head) : ip.substr(head);
    return true;
  }
  if (u8(ip[0]) >> 4U != 6 || ip.size() < 40) return false;
  out.from.address = ip.substr(8, 16);
  out.to.address = ip.substr(24, 16);
  const std::size_t length = read_u16(ip.data() + 4);
  unsigned next = u8(ip[6]);
  Bytes rest = ip.substr(40);
  if (length != 0 && length <= rest.size()) rest = rest.substr(0, length);
  // Hop-by-hop, routing and destination options.
  while (next == 0 || next == 43 || next == 60) {
    if (rest.size() < 8) return false;
    const std::size_t size = (std::size_t{u8(rest[1])} + 1) * 8;
    next = u8(rest[0]);
    if (size > rest.size()) return false;
    rest.remove_prefix(size);
  }
  tcp = rest;
  return next == 6;
}

}  // namespace

std::string to_string(const TcpEnd& end) {
  std::string out;
  std::array<char, 16> piece{};
  if (end.address.size() == 4) {
    for (const char c : end.address) {
      out += (out.empty() ? "" : ".") + std::to_string(u8(c));
    }
  } else {
    for (std::size_t i = 0; i + 1 < end.address.size(); i += 2) {
      std::snprintf(piece.data(), piece.size(), "%s%x", i == 0 ? "[" : ":",
                    unsigned{read_u16(end.address.data() + i)});
      out += piece.data();
    }
    out += "]";
  }
  return out + ":" + std::to_string(end.port);
}

std::optional<TcpSegment> tcp_segment(const CapturedFrame& frame) {
  TcpSegment out;
  Bytes tcp;
  if (!transport_layer(network_layer(frame), out, tcp) || tcp.size() < 20) return std::nullopt;
  const std::size_t head = (u8(tcp[12]) >> 4U) * std::size_t{4};
  if (head < 20 || head > tcp.size()) return std::nullopt;
  out.from.port = read_u16(tcp.data());
  out.to.port = read_u16(tcp.data() + 2);
  out.sequence = read_u32(tcp.data() + 4);
  out.syn = (u8(tcp[13]) & 2U) != 0;
  out.ack = (u8(tcp[13]) & 16U) != 0;
  out.octets = tcp.substr(head);
  return out;
}

TcpStreams::Stream& TcpStreams::stream(const TcpSegment& segment) {
  const auto key = std::minmax(segment.from, segment.to);
  const auto found = streams_.find(key);
  const bool opens = segment.syn && !segment.ack;
  // The same addresses again, for a new connection.
  const bool again = opens && found != streams_.end() &&
                     (found->second.halves[0].position > 1 || found->second.halves[1].position > 1);
  if (found != streams_.end() && !again) return found->second;
  Stream& out = streams_[key];
  out = Stream{};
  out.number = ++connections_;
  // Without a beginning: who says CONNECT or GET is the client, else who has the higher port.
  const bool says_hello = !segment.octets.empty() &&
                          (u8(segment.octets[0]) == 0x10 || segment.octets.starts_with("GET "));
  const bool from_client = opens || (!(segment.syn && segment.ack) &&
                                     (says_hello || segment.from.port >= segment.to.port));
  out.client = from_client ? segment.from : segment.to;
  out.server = from_client ? segment.to : segment.from;
  return out;
}

void TcpStreams::deliver(Stream& stream, bool from_client, Bytes octets, WallTime time) {
  said_({stream.number, stream.client, stream.server, from_client, octets, time});
}

void TcpStreams::add(const CapturedFrame& frame) {
  const auto segment = tcp_segment(frame);
  if (!segment) return;
  Stream& stream = this->stream(*segment);
  const bool from_client = segment->from == stream.client;
  Half& half = stream.halves[from_client ? 0 : 1];
  std::uint32_t sequence = segment->sequence;
  if (segment->syn) ++sequence;
  if (!half.known) {
    if (!segment->syn && segment->octets.empty()) return;
    half.known = true;
    half.next = sequence;
  }
  Bytes octets = segment->octets;
  if (octets.empty()) return;
  const auto ahead = static_cast<std::int32_t>(sequence - half.next);
  if (ahead < 0) {
    // A repetition, perhaps with something new behind it.
    const auto known = static_cast<std::size_t>(-static_cast<std::int64_t>(ahead));
    if (known >= octets.size()) return;
    octets.remove_prefix(known);
  } else if (ahead > 0) {
    if (half.waiting + octets.size() > kMostWaiting) return;
    auto& later = half.later[half.position + static_cast<std::uint32_t>(ahead)];
    if (later.size() < octets.size()) {
      half.waiting += octets.size() - later.size();
      later = octets;
    }
    return;
  }
  const auto advance = [&half](std::size_t size) {
    half.next += static_cast<std::uint32_t>(size);
    half.position += size;
  };
  advance(octets.size());
  deliver(stream, from_client, octets, frame.time);
  while (!half.later.empty() && half.later.begin()->first <= half.position) {
    const auto node = half.later.extract(half.later.begin());
    half.waiting -= node.mapped().size();
    const std::uint64_t old = half.position - node.key();
    if (old >= node.mapped().size()) continue;
    const Bytes fresh = Bytes(node.mapped()).substr(old);
    advance(fresh.size());
    deliver(stream, from_client, fresh, frame.time);
  }
}

std::uint64_t TcpStreams::missing() const {
  std::uint64_t out = 0;
  for (const auto& [ends, stream] : streams_) {
    for (const Half& half : stream.halves) {
      if (!half.later.empty()) out += half.later.begin()->first - half.position;
    }
  }
  return out;
}

}  // namespace mqtk::inspect
