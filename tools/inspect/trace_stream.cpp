#include "inspect/trace_stream.hpp"

namespace mqtk::inspect {

void TraceStream::tell(TracedPacket packet) {
  violations_ += packet.violations.size();
  sink_(packet);
}

void TraceStream::feed(Side side, Bytes octets, WallTime time) {
  Direction& direction = directions_[static_cast<std::size_t>(side)];
  TracedPacket packet;
  packet.time = time;
  packet.connection = connection_;
  packet.from = side;
  while (!octets.empty() && !direction.broken) {
    wire::Frame frame;
    const Bytes before = octets;
    const auto status = direction.framer.next(octets, frame);
    if (status == wire::Framer::Status::NeedMore) return;
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

}  // namespace mqtk::inspect
