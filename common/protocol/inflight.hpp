// Outgoing QoS 1 and 2 messages that are not yet acknowledged, by packet identifier (MQTT
// 5, 2.2.1). Each is kept encoded, once. In steady state nothing is allocated: slots and their
// buffers are used again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "protocol/publish_phase.hpp"

namespace mqtk {

struct InflightMessage {
  std::uint16_t packet_id = 0;  ///< 0: a free slot
  PublishPhase phase = PublishPhase::Done;
  std::uint64_t sequence = 0;  ///< order of publishing
  std::uint64_t token = 0;
  TimePoint sent;  ///< on the present connection, with QoS 2 its PUBREL
  TimePoint first_sent;
  std::uint64_t end = 0;  ///< where it (its PUBREL) ends in the stream of octets that were sent
  std::string encoded;    ///< the PUBLISH, up to its payload when that is shared
  std::shared_ptr<const std::string> owner;
  Bytes shared_payload;

  std::size_t size() const { return encoded.size() + shared_payload.size(); }
};

class Inflight {
 public:
  /// At most `limit` messages, 1 to 65535.
  explicit Inflight(std::uint16_t limit) : limit_(limit) {}

  std::size_t size() const { return used_; }
  bool empty() const { return used_ == 0; }
  std::uint16_t limit() const { return limit_; }

  /// A slot under a free identifier, which `taken` (other users of identifiers) must not hold;
  /// size() < limit().
  template <typename Taken>
  InflightMessage& add(const Taken& taken) {
    if (slots_.size() < 2 * (used_ + 1)) grow();
    do {
      last_id_ = last_id_ == 65'535 ? std::uint16_t{1} : static_cast<std::uint16_t>(last_id_ + 1);
    } while (slot_of(last_id_).packet_id != 0 || taken(last_id_));
    InflightMessage& slot = slot_of(last_id_);
    slot.packet_id = last_id_;
    slot.sequence = ++last_sequence_;
    ++used_;
    return slot;
  }
  /// A slot under this identifier; nullptr when it is in use.
  InflightMessage* add_as(std::uint16_t packet_id);
  /// The next identifier for a request that is no publication; the same numbering.
  template <typename Taken>
  std::uint16_t reserve_id(const Taken& taken) {
    do {
      last_id_ = last_id_ == 65'535 ? std::uint16_t{1} : static_cast<std::uint16_t>(last_id_ + 1);
    } while (find(last_id_) != nullptr || taken(last_id_));
    return last_id_;
  }
  /// nullptr when no message has this identifier.
  InflightMessage* find(std::uint16_t packet_id);
  void remove(InflightMessage& message);
  /// To be told once a message's buffers are filled; see octets().
  void account(const InflightMessage& message) { octets_ += message.size(); }
  std::size_t octets() const { return octets_; }
  /// In the order of publishing.
  std::vector<InflightMessage*> in_order();
  /// The message that has waited longest since it was sent; nullptr when none was.
  const InflightMessage* oldest();

 private:
  InflightMessage& slot_of(std::uint16_t id) { return slots_[id & (slots_.size() - 1)]; }
  void grow();

  std::uint16_t limit_;
  std::uint16_t last_id_ = 0;
  std::size_t used_ = 0;
  std::size_t octets_ = 0;
  std::uint64_t last_sequence_ = 0;
  std::vector<InflightMessage> slots_;  ///< a power of two; an identifier's slot is its low bits
};

}  // namespace mqtk
