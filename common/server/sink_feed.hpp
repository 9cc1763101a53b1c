// Messages that a Sink sends to one subscription: N copies of one message, in large blocks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "server/peer.hpp"

namespace mqtk {

class SinkFeed {
 public:
  /// `filter` becomes the topic, with a word for every wildcard.
  SinkFeed(Bytes filter, wire::Qos qos, wire::ProtocolVersion version, std::uint64_t messages,
           std::size_t payload_size, std::uint16_t window);

  /// Queues as much as is good; answers how many messages.
  std::uint64_t fill(Peer& peer);
  /// A PUBACK, PUBREC (answered with PUBREL) or PUBCOMP came; true when a message is done with.
  bool acknowledge(Peer& peer, wire::PacketType type, std::uint16_t packet_id);
  /// More is to be sent, and only room is missing.
  bool wants_room() const { return left_ > 0 && (qos_ == wire::Qos::AtMostOnce || window_ > 0); }

 private:
  std::uint64_t fill_unacknowledged(Peer& peer);

  wire::Qos qos_;
  std::uint64_t left_;
  std::uint16_t window_;
  std::uint16_t next_id_ = 1;
  std::size_t message_size_ = 0;
  std::size_t id_at_ = 0;                     ///< where the packet identifier stands in a message
  std::shared_ptr<const std::string> block_;  ///< several messages of QoS 0, or one of another
};

}  // namespace mqtk
