#include "inspect/trace/stream.hpp"

#include <algorithm>
#include <utility>

#include "wire/topic.hpp"

namespace mqtk::inspect {

namespace {

constexpr std::size_t kMostKept = 64 * 1024;  ///< of a packet that is cut short

/// Octets that `octets`, the beginning of a packet, announce for the whole; 0: not told yet.
std::size_t announced(Bytes octets) {
  std::size_t length = 0;
  for (std::size_t i = 1; i < octets.size() && i <= 4; ++i) {
    length |= static_cast<std::size_t>(u8(octets[i]) & 0x7FU) << (7 * (i - 1));
    if ((u8(octets[i]) & 0x80U) == 0) return 1 + i + length;
  }
  return 0;
}

/// The first part of a message that does not fit into one segment.
bool begins_long_message(Bytes octets) {
  if (octets.empty() || u8(octets[0]) >> 4U != static_cast<unsigned>(wire::PacketType::Publish) ||
      (u8(octets[0]) & 6U) == 6) {
    return false;
  }
  std::size_t head = 1;
  while (head < octets.size() && (u8(octets[head]) & 0x80U) != 0) ++head;
  const Bytes rest = octets.substr(std::min(octets.size(), head + 1));
  if (announced(octets) <= octets.size() || rest.size() < 2) return false;
  const std::size_t topic = read_u16(rest.data());
  return topic > 0 && topic + 2 <= rest.size() && !wire::check_topic_name(rest.substr(2, topic));
}

/// Whether whole packets that `side` may send stand here, one behind the other.
bool begins_packets(Side side, Bytes octets, wire::ProtocolVersion version) {
  if (begins_long_message(octets)) return true;
  wire::Framer framer;
  wire::Frame frame;
  for (std::size_t whole = 0;; ++whole) {
    const auto status =
        octets.empty() ? wire::Framer::Status::NeedMore : framer.next(octets, frame);
    if (status == wire::Framer::Status::NeedMore) return whole > 0;
    if (status == wire::Framer::Status::Malformed) return false;
    const bool v5 = wire::decode(frame, wire::ProtocolVersion::V5).has_value();
    if (!is_sent_by(side, frame.type(), true) || (!v5 && !wire::decode(frame, version))) {
      return false;
    }
  }
}

std::string octets_text(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " octet" : " octets");
}

}  // namespace

std::string_view name(Incident incident) {
  switch (incident) {
    case Incident::CutShort:
      return "cut_short";
    case Incident::Gap:
      return "gap";
    case Incident::NoBeginning:
      return "no_beginning";
    case Incident::PassedOver:
      return "passed_over";
    case Incident::None:
      break;
  }
  return "none";
}

void TraceStream::tell(TracedPacket packet) {
  packet.connection = connection_;
  sink_(packet);
}

void TraceStream::tell(Incident incident, Side side, std::string why, WallTime time) {
  TracedPacket packet;
  packet.time = time;
  packet.from = side;
  packet.is_packet = false;
  packet.incident = incident;
  packet.why = std::move(why);
  tell(std::move(packet));
}

void TraceStream::keep(Direction& direction, Bytes octets) {
  direction.tail += octets.substr(0, kMostKept - std::min(kMostKept, direction.tail.size()));
  direction.kept += octets.size();
}

void TraceStream::feed(Side side, Bytes octets, WallTime time) {
  Direction& direction = directions_[static_cast<std::size_t>(side)];
  if (direction.searching && !found(side, octets, time)) return;
  TracedPacket packet;
  packet.time = time;
  packet.from = side;
  while (!octets.empty() && !direction.broken) {
    wire::Frame frame;
    const Bytes before = octets;
    const auto status = direction.framer.next(octets, frame);
    if (status == wire::Framer::Status::NeedMore) return keep(direction, before);
    direction.tail.clear();
    direction.kept = 0;
    if (status == wire::Framer::Status::Malformed) {
      direction.broken = true;
      octets = before;
      packet.violations = {Conversation::broken(direction.framer.malformed())};
      break;
    }
    const std::string whole = packet_octets(frame);
    packet.octets = whole;
    packet.violations = conversation_.add(side, frame);
    packet.version = conversation_.version();
    tell(packet);
  }
  if (!direction.broken) return;
  packet.is_packet = false;
  packet.octets = octets;
  tell(std::move(packet));
}

bool TraceStream::found(Side side, Bytes octets, WallTime time) {
  Direction& direction = directions_[static_cast<std::size_t>(side)];
  if (!begins_packets(side, octets, conversation_.version())) {
    direction.passed += octets.size();
    return false;
  }
  direction.searching = false;
  if (const auto passed = std::exchange(direction.passed, 0); passed > 0) {
    tell(Incident::PassedOver, side,
         octets_text(passed) + " were passed over, in which no packet begins", time);
  }
  return true;
}

void TraceStream::skip(Side side, std::uint64_t missing, WallTime time) {
  Direction& direction = directions_[static_cast<std::size_t>(side)];
  cut_short(side, "a gap follows", time);
  tell(Incident::Gap, side, octets_text(missing) + " were not captured", time);
  direction.framer.reset();
  direction.broken = false;
  direction.searching = true;
  conversation_.miss();
}

void TraceStream::no_beginning(WallTime time) {
  tell(Incident::NoBeginning, Side::Client,
       "the beginning of the connection was not captured, nor the version of MQTT that it uses",
       time);
  conversation_.miss();
  for (Direction& direction : directions_) direction.searching = true;
}

void TraceStream::cut_short(Side side, std::string_view why, WallTime time) {
  Direction& direction = directions_[static_cast<std::size_t>(side)];
  if (direction.kept == 0) return;
  const std::size_t whole = announced(direction.tail);
  TracedPacket packet;
  packet.time = time;
  packet.from = side;
  packet.version = conversation_.version();
  packet.octets = direction.tail;
  packet.incident = Incident::CutShort;
  packet.why = std::string(why) + " after " + std::to_string(direction.kept) +
               (whole == 0 ? "" : " of " + std::to_string(whole)) + " octets";
  tell(packet);
  direction.tail.clear();
  direction.kept = 0;
}

void TraceStream::end(Side side, std::string_view why, WallTime time) {
  Direction& direction = directions_[static_cast<std::size_t>(side)];
  cut_short(side, why, time);
  if (const auto passed = std::exchange(direction.passed, 0); passed > 0) {
    tell(Incident::PassedOver, side,
         octets_text(passed) + " were passed over, in which no packet begins", time);
  }
}

void TraceStream::end_in_frame(Side side, std::string_view why, std::size_t octets, WallTime time) {
  tell(Incident::CutShort, side,
       std::string(why) + " after " + octets_text(octets) + " of a frame of WebSocket", time);
}

}  // namespace mqtk::inspect
