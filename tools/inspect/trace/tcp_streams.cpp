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

std::optional<TcpSegment> tcp_segment(const CapturedFrame& frame, PassedOver& passed) {
  const auto layer = find_tcp(frame, passed);
  if (!layer) return std::nullopt;
  const Bytes tcp = layer->tcp;
  passed = {};
  if (tcp.size() < 20) return std::nullopt;
  const std::size_t head = (u8(tcp[12]) >> 4U) * std::size_t{4};
  if (head < 20 || head > tcp.size()) return std::nullopt;
  TcpSegment out;
  out.from.address = layer->source;
  out.to.address = layer->destination;
  out.cut = layer->cut;
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
  PassedOver passed;
  const auto segment = tcp_segment(frame, passed);
  if (!segment) {
    ++passed_[passed];
    return;
  }
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
