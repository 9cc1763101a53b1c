#include "faults/tap.hpp"

#include <algorithm>
#include <stdexcept>

#include "faults/stream.hpp"

namespace mqtk::test {

namespace {

constexpr std::size_t kNumberOctets = 8;

std::unique_ptr<Relay> make_relay(EventLoop& loop, std::uint16_t target, std::vector<Seen>& seen) {
  RelayOptions options;
  options.target_port = target;
  options.payload_octets = kNumberOctets;
  options.max_records = 0;
  auto relay = Relay::start(loop, options);
  if (!relay) throw std::runtime_error(relay.error().message);
  (*relay)->observe([&seen](const RelayRecord& record) {
    seen.push_back({static_cast<std::uint32_t>(record.connection), line_number(record.payload),
                    record.packet_id, record.type, record.direction, record.qos});
  });
  return std::move(*relay);
}

}  // namespace

Tap::Tap(std::uint16_t target_port)
    : relay_([this, target_port](EventLoop& loop) { return make_relay(loop, target_port, seen_); }),
      port_(relay_.call([](Relay& relay) { return relay.port(); })) {}

void Tap::add(const std::vector<RelayCut>& cuts) {
  relay_.call([&cuts](Relay& relay) {
    for (const RelayCut& cut : cuts) relay.add(cut);
  });
}

std::size_t Tap::count(RelayDirection direction, wire::PacketType type) {
  return relay_.call([this, direction, type](Relay&) {
    return static_cast<std::size_t>(
        std::count_if(seen_.begin(), seen_.end(), [direction, type](const Seen& packet) {
          return packet.direction == direction && packet.type == type;
        }));
  });
}

std::vector<Seen> Tap::seen() {
  return relay_.call([this](Relay&) { return seen_; });
}

}  // namespace mqtk::test
