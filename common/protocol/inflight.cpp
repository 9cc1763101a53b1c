#include "protocol/inflight.hpp"

#include <algorithm>

namespace mqtk {

namespace {
constexpr std::size_t kKeptCapacity = 16 * 1024;
}

InflightMessage* Inflight::find(std::uint16_t packet_id) {
  if (slots_.empty() || packet_id == 0) return nullptr;
  InflightMessage& slot = slot_of(packet_id);
  return slot.packet_id == packet_id ? &slot : nullptr;
}

InflightMessage* Inflight::add_as(std::uint16_t packet_id) {
  if (find(packet_id) != nullptr) return nullptr;
  while (slots_.size() < 2 * (used_ + 1) || slot_of(packet_id).packet_id != 0) grow();
  InflightMessage& slot = slot_of(packet_id);
  slot.packet_id = packet_id;
  slot.sequence = ++last_sequence_;
  ++used_;
  return &slot;
}

void Inflight::remove(InflightMessage& message) {
  octets_ -= message.size();
  message.packet_id = 0;
  message.phase = PublishPhase::Done;
  message.owner.reset();
  message.shared_payload = {};
  message.encoded.clear();
  if (message.encoded.capacity() > kKeptCapacity) message.encoded.shrink_to_fit();
  --used_;
}

std::vector<InflightMessage*> Inflight::in_order() {
  std::vector<InflightMessage*> messages;
  messages.reserve(used_);
  for (InflightMessage& slot : slots_) {
    if (slot.packet_id != 0) messages.push_back(&slot);
  }
  std::sort(messages.begin(), messages.end(),
            [](const auto* a, const auto* b) { return a->sequence < b->sequence; });
  return messages;
}

const InflightMessage* Inflight::oldest() {
  const InflightMessage* found = nullptr;
  for (const InflightMessage& slot : slots_) {
    if (slot.packet_id == 0 || slot.sent == kNever) continue;
    const bool older = found == nullptr || slot.sent < found->sent ||
                       (slot.sent == found->sent && slot.end < found->end);
    if (older) found = &slot;
  }
  return found;
}

void Inflight::grow() {
  std::vector<InflightMessage> old = std::move(slots_);
  slots_ = std::vector<InflightMessage>(std::max<std::size_t>(2, old.size() * 2));
  for (InflightMessage& message : old) {
    if (message.packet_id != 0) slot_of(message.packet_id) = std::move(message);
  }
}

}  // namespace mqtk
