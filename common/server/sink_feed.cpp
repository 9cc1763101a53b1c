#include "server/sink_feed.hpp"

#include <algorithm>

#include "wire/codec.hpp"
#include "wire/topic.hpp"

namespace mqtk {

namespace {

constexpr std::size_t kBlock = 256 * 1024;
/// Queued at once, so that one write of the system's takes much.
constexpr std::size_t kQueued = 1024 * 1024;

std::string topic_for(Bytes filter) {
  if (const auto shared = wire::split_shared(filter)) filter = shared->filter;
  std::string topic;
  for (const char c : filter) {
    if (c == '+' || c == '#') {
      topic += "feed";
    } else {
      topic.push_back(c);
    }
  }
  return topic;
}

std::string payload_of(std::size_t size) {
  std::string payload(size, 'x');
  for (std::size_t i = 0; i < size; ++i) payload[i] = octet(0x61U + static_cast<unsigned>(i % 26));
  return payload;
}

}  // namespace

SinkFeed::SinkFeed(Bytes filter, wire::Qos qos, wire::ProtocolVersion version,
                   std::uint64_t messages, std::size_t payload_size, std::uint16_t window)
    : qos_(qos), left_(messages), window_(window) {
  const std::string topic = topic_for(filter);
  const std::string payload = payload_of(payload_size);
  wire::Publish message;
  message.topic = topic;
  message.payload = payload;
  message.qos = qos;
  message.packet_id = qos == wire::Qos::AtMostOnce ? 0 : 1;
  std::string block;
  wire::encode(message, version, block);
  message_size_ = block.size();
  const std::size_t properties = version == wire::ProtocolVersion::V5 ? 1 : 0;
  id_at_ = message_size_ - payload_size - properties - 2;
  if (qos == wire::Qos::AtMostOnce) {
    const std::size_t copies = std::max<std::size_t>(1, kBlock / message_size_);
    const std::string one = block;
    block.reserve(copies * message_size_);
    for (std::size_t i = 1; i < copies; ++i) block += one;
  }
  block_ = std::make_shared<const std::string>(std::move(block));
}

std::uint64_t SinkFeed::fill_unacknowledged(Peer& peer) {
  const std::uint64_t before = left_;
  while (left_ > 0 && peer.out().size() < kQueued) {
    const std::uint64_t copies = std::min<std::uint64_t>(left_, block_->size() / message_size_);
    peer.out().append_shared(
        block_, Bytes(*block_).substr(0, static_cast<std::size_t>(copies) * message_size_));
    left_ -= copies;
  }
  return before - left_;
}

std::uint64_t SinkFeed::fill(Peer& peer) {
  if (qos_ == wire::Qos::AtMostOnce) return fill_unacknowledged(peer);
  std::uint64_t sent = 0;
  for (; left_ > 0 && window_ > 0 && peer.out().size() < kQueued; --left_, --window_, ++sent) {
    std::string& out = peer.out().tail();
    const std::size_t begin = out.size();
    out += *block_;
    out[begin + id_at_] = octet(next_id_ >> 8U);
    out[begin + id_at_ + 1] = octet(next_id_ & 0xFFU);
    if (++next_id_ == 0) next_id_ = 1;
  }
  return sent;
}

bool SinkFeed::acknowledge(Peer& peer, wire::PacketType type, std::uint16_t packet_id) {
  if (type == wire::PacketType::Pubrec) {
    wire::encode(wire::PublishReply{wire::PacketType::Pubrel, packet_id}, peer.version(),
                 peer.out().tail());
    return false;
  }
  ++window_;
  return true;
}

}  // namespace mqtk
