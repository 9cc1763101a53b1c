#include "inspect/trace/tcp_streams.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace mqtk::inspect {

namespace {

constexpr std::size_t kMostWaiting = 16U << 20U;  ///< octets behind a gap
/// A gap whose octets were acknowledged may still be filled when frames were captured out of order.
constexpr auto kLongestDisorder = std::chrono::milliseconds(20);
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
    if (total > ip.size()) out.cut = total - ip.size();
    return true;
  }
  if (u8(ip[0]) >> 4U != 6 || ip.size() < 40) return false;
  out.from.address = ip.substr(8, 16);
  out.to.address = ip.substr(24, 16);
  const std::size_t length = read_u16(ip.data() + 4);
  unsigned next = u8(ip[6]);
  Bytes rest = ip.substr(40);
  if (length > rest.size()) out.cut = length - rest.size();
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
  out.acknowledged = read_u32(tcp.data() + 8);
  out.fin = (u8(tcp[13]) & 1U) != 0;
  out.syn = (u8(tcp[13]) & 2U) != 0;
  out.reset = (u8(tcp[13]) & 4U) != 0;
  out.ack = (u8(tcp[13]) & 16U) != 0;
  out.octets = tcp.substr(head);
  return out;
}

TcpStreams::Stream& TcpStreams::stream(const TcpSegment& segment, WallTime time) {
  const auto key = std::minmax(segment.from, segment.to);
  const auto found = streams_.find(key);
  const bool opens = segment.syn && !segment.ack;
  // The same addresses again, for a new connection.
  const bool again = opens && found != streams_.end() &&
                     (found->second.halves[0].position > 1 || found->second.halves[1].position > 1);
  if (found != streams_.end() && !again) return found->second;
  Stream& out = streams_[key];
  out.last = time;
  if (again) finish(out, Ending::Closed);
  out = Stream{};
  out.number = ++connections_;
  // Without a beginning: who says CONNECT or GET is the client, else who has the higher port.
  const bool says_hello = !segment.octets.empty() &&
                          (u8(segment.octets[0]) == 0x10 || segment.octets.starts_with("GET "));
  const bool from_client = opens || (!(segment.syn && segment.ack) &&
                                     (says_hello || segment.from.port >= segment.to.port));
  out.begun = segment.syn || says_hello;
  out.client = from_client ? segment.from : segment.to;
  out.server = from_client ? segment.to : segment.from;
  return out;
}

void TcpStreams::deliver(Stream& stream, bool from_client, Bytes octets, std::uint64_t missing,
                         WallTime time) {
  Half& half = stream.halves[from_client ? 0 : 1];
  half.next += static_cast<std::uint32_t>(missing + octets.size());
  half.position += missing + octets.size();
  half.end = std::max(half.end, half.position);
  listener_.on_piece({stream.number, stream.client, stream.server, from_client, stream.begun,
                      missing, octets, time});
}

void TcpStreams::deliver_later(Stream& stream, bool from_client, WallTime time) {
  Half& half = stream.halves[from_client ? 0 : 1];
  while (!half.later.empty() && half.later.begin()->first <= half.position) {
    const auto node = half.later.extract(half.later.begin());
    half.waiting -= node.mapped().size();
    half.waiting_since = time;
    const std::uint64_t old = half.position - node.key();
    if (old >= node.mapped().size()) continue;
    deliver(stream, from_client, Bytes(node.mapped()).substr(old), 0, time);
  }
}

void TcpStreams::skip_gap(Stream& stream, bool from_client, WallTime time) {
  Half& half = stream.halves[from_client ? 0 : 1];
  const std::uint64_t to = half.later.empty() ? half.end : half.later.begin()->first;
  deliver(stream, from_client, {}, to - half.position, time);
  deliver_later(stream, from_client, time);
}

void TcpStreams::end(Stream& stream, bool from_client, Ending how, WallTime time) {
  Half& half = stream.halves[from_client ? 0 : 1];
  if (std::exchange(half.ended, true)) return;
  while (half.position < half.end) skip_gap(stream, from_client, time);
  listener_.on_ending(stream.number, from_client, how, time);
}

void TcpStreams::add(const CapturedFrame& frame) {
  const auto segment = tcp_segment(frame);
  if (!segment) return;
  Stream& stream = this->stream(*segment, frame.time);
  stream.last = frame.time;
  if (segment->cut > 0) ++cut_frames_;
  const bool from_client = segment->from == stream.client;
  take(stream, from_client, *segment, frame.time);
  Half& half = stream.halves[from_client ? 0 : 1];
  if (half.closed && half.position >= half.end) {
    end(stream, from_client, Ending::Closed, frame.time);
  }
  if (segment->reset) {
    end(stream, !from_client, Ending::Reset, frame.time);
    end(stream, from_client, Ending::Reset, frame.time);
  }
  // What the other side has received, and we have not, will not come again.
  Half& other = stream.halves[from_client ? 1 : 0];
  if (!segment->ack || other.later.empty() || other.ended) return;
  const auto received = static_cast<std::int32_t>(segment->acknowledged - other.next);
  const auto gap = static_cast<std::int64_t>(other.later.begin()->first - other.position);
  if (received > gap && frame.time - other.waiting_since > kLongestDisorder) {
    skip_gap(stream, !from_client, frame.time);
  }
}

void TcpStreams::take(Stream& stream, bool from_client, const TcpSegment& segment, WallTime time) {
  Half& half = stream.halves[from_client ? 0 : 1];
  std::uint32_t sequence = segment.sequence;
  if (segment.syn) ++sequence;
  if (!half.known) {
    if (!segment.syn && segment.octets.empty()) return;
    half.known = true;
    half.next = sequence;
  }
  if (half.ended) return;
  const auto ahead = static_cast<std::int32_t>(sequence - half.next);
  Bytes octets = segment.octets;
  const std::int64_t begin = static_cast<std::int64_t>(half.position) + ahead;
  const std::int64_t end = begin + static_cast<std::int64_t>(octets.size() + segment.cut);
  if (end > 0) half.end = std::max(half.end, static_cast<std::uint64_t>(end));
  half.closed = half.closed || segment.fin;
  if (octets.empty()) return;
  if (ahead > 0) {
    if (half.later.empty()) half.waiting_since = time;
    auto& later = half.later[static_cast<std::uint64_t>(begin)];
    if (later.size() < octets.size()) {
      half.waiting += octets.size() - later.size();
      later = octets;
    }
    while (half.waiting > kMostWaiting) skip_gap(stream, from_client, time);
    return;
  }
  // A repetition, perhaps with something new behind it.
  const auto known = static_cast<std::size_t>(-static_cast<std::int64_t>(ahead));
  if (known >= octets.size()) return;
  octets.remove_prefix(known);
  deliver(stream, from_client, octets, 0, time);
  deliver_later(stream, from_client, time);
  // A repetition would be cut like this one.
  if (segment.cut > 0 && half.later.empty()) skip_gap(stream, from_client, time);
}

void TcpStreams::finish(Stream& stream, Ending how) {
  for (const bool from_client : {true, false}) {
    const Half& half = stream.halves[from_client ? 0 : 1];
    end(stream, from_client, half.closed ? Ending::Closed : how, stream.last);
  }
}

void TcpStreams::finish() {
  for (auto& [ends, stream] : streams_) finish(stream, Ending::CaptureEnds);
}

}  // namespace mqtk::inspect
