// Outgoing messages: sent, kept, sent again.
#include "protocol/client_state.hpp"

#include <algorithm>
#include <utility>

namespace mqtk {

using wire::PacketType;
using wire::PropertyId;
using wire::ProtocolVersion;
using wire::Qos;
using wire::ReasonCode;

namespace {

// A QoS 0 stream asks for a sign of life this often, so that it knows what has surely arrived.
constexpr Duration kConfirmEvery = 1s;

wire::Properties copy_without(wire::PropertiesView properties, PropertyId left_out) {
  wire::Properties copy;
  for (const wire::Property& property : properties) {
    if (property.info->id != left_out) copy.add(property);
  }
  return copy;
}

}  // namespace

// [MQTT-4.4.0-1] with the session present; without it every message is published anew, since the
// server may never have passed on what it had.
void ClientState::resume_session(TimePoint now) {
  if (!session_present_) received_qos2_.clear();
  std::size_t budget = window();
  for (InflightMessage* message : inflight_.in_order()) {
    if (!session_present_ && message->phase == PublishPhase::AwaitPubcomp) {
      message->phase = PublishPhase::AwaitPubrec;
    }
    if (budget == 0) {
      // The server takes fewer at a time than before: the rest follows as these are acknowledged.
      message->sent = kNever;
      unsent_.push_back(message->packet_id);
      continue;
    }
    --budget;
    send_again(*message, now);
  }
}

void ClientState::send_again(InflightMessage& message, TimePoint now) {
  ++retransmitted_;
  if (message.phase == PublishPhase::AwaitPubcomp) {
    message.sent = now;
    send_reply(PacketType::Pubrel, message.packet_id, ReasonCode::Success, now);
    message.end = out_.appended_total();
    watch_publish(now);
  } else {
    send_inflight(message, session_present_, now);
  }
}

void ClientState::send_next_unsent(TimePoint now) {
  if (unsent_.empty()) return;
  InflightMessage* message = inflight_.find(unsent_.front());
  unsent_.erase(unsent_.begin());
  if (message != nullptr) send_again(*message, now);
}

void ClientState::send_inflight(InflightMessage& message, bool dup, TimePoint now) {
  constexpr unsigned kDupBit = 0x08;
  message.encoded[0] =
      octet(dup ? u8(message.encoded[0]) | kDupBit : u8(message.encoded[0]) & ~kDupBit);
  message.sent = now;
  note_sent(now);
  out_.tail().append(message.encoded);
  if (message.owner) out_.append_shared(message.owner, message.shared_payload);
  message.end = out_.appended_total();
  watch_publish(now);
  if (trace_) {
    // A message kept by reference is traced without its payload's bytes being touched.
    std::string whole = message.encoded;
    whole.append(message.shared_payload);
    wire::Framer framer;
    wire::Frame frame;
    Bytes bytes = whole;
    if (framer.next(bytes, frame) == wire::Framer::Status::Frame) {
      if (auto packet = wire::decode_publish(frame, settings_.version)) {
        listener_.on_packet_sent(*packet);
      }
    }
  }
}

ClientState::Accept ClientState::check_limits(const Outgoing& message, const ServerLimits& limits,
                                              wire::ProtocolVersion version) {
  wire::Publish packet;
  packet.topic = message.topic;
  packet.payload = message.payload;
  packet.qos = message.qos;
  packet.packet_id = message.qos == Qos::AtMostOnce ? 0 : 1;
  packet.properties = message.properties;
  const std::uint64_t size = wire::publish_size(packet, version);
  if (size > wire::kMaxPacketSize || size > limits.maximum_packet_size) return Accept::TooLarge;
  if (message.qos > limits.maximum_qos) return Accept::QosNotSupported;
  if (message.retain && !limits.retain_available) return Accept::RetainNotSupported;
  return Accept::Sent;
}

ClientState::Accept ClientState::publish(const Outgoing& message, std::uint64_t token,
                                         TimePoint now) {
  if (link_ != Link::Connected) return Accept::NotConnected;
  if (message.qos != Qos::AtMostOnce && window_full()) return Accept::WindowFull;
  if (const Accept limits = check_limits(message); limits != Accept::Sent) return limits;

  wire::Publish packet;
  packet.topic = message.topic;
  packet.payload = message.payload;
  packet.qos = message.qos;
  packet.retain = message.retain;
  packet.properties = message.properties;

  Bytes topic_on_wire = message.topic;
  wire::Properties without_alias;
  bool aliased = false;
  if (settings_.version == ProtocolVersion::V5 && !message.properties.empty()) {
    if (const auto alias = message.properties.number(PropertyId::TopicAlias)) {
      if (!outgoing_aliases_.allowed(*alias)) return Accept::BadTopicAlias;
      if (outgoing_aliases_.known(*alias, message.topic)) topic_on_wire = {};
      // An alias ends with the connection, so what is kept for sending again has none.
      without_alias = copy_without(message.properties, PropertyId::TopicAlias);
      aliased = true;
    }
  }

  constexpr std::size_t kShareFrom = 64 * 1024;
  std::shared_ptr<const std::string> owner = message.owner;
  if (packet.payload.size() < kShareFrom) {
    owner.reset();
  } else if (!owner && message.qos != Qos::AtMostOnce) {
    owner = std::make_shared<const std::string>(packet.payload);
    packet.payload = *owner;
  }
  const auto append = [&](std::string& out) {
    if (owner) {
      wire::encode_publish_head(packet, settings_.version, out);
    } else {
      wire::encode(packet, settings_.version, out);
    }
  };

  if (message.qos != Qos::AtMostOnce && message.packet_id != 0 &&
      (inflight_.find(message.packet_id) != nullptr || id_taken(message.packet_id))) {
    return Accept::WindowFull;
  }
  note_sent(now);
  InflightMessage* waits = nullptr;
  if (message.qos != Qos::AtMostOnce) {
    InflightMessage& kept = message.packet_id != 0
                                ? *inflight_.add_as(message.packet_id)
                                : inflight_.add([this](std::uint16_t id) { return id_taken(id); });
    waits = &kept;
    kept.phase =
        message.qos == Qos::AtLeastOnce ? PublishPhase::AwaitPuback : PublishPhase::AwaitPubrec;
    kept.token = token;
    kept.sent = now;
    kept.first_sent = now;
    kept.owner = owner;
    kept.shared_payload = owner ? packet.payload : Bytes();
    packet.packet_id = kept.packet_id;
    if (aliased) packet.properties = without_alias;
    append(kept.encoded);
    inflight_.account(kept);
    if (aliased) {
      packet.properties = message.properties;
      packet.topic = topic_on_wire;
      append(out_.tail());
    } else {
      out_.tail().append(kept.encoded);
    }
  } else {
    ++qos0_sent_;
    if (ping_due_ == kNever) ping_due_ = now + kConfirmEvery;
    packet.topic = topic_on_wire;
    append(out_.tail());
  }
  if (owner) out_.append_shared(owner, packet.payload);
  if (waits != nullptr) {
    waits->end = out_.appended_total();
    watch_publish(now);
  }
  if (trace_) listener_.on_packet_sent(packet);
  return Accept::Sent;
}

bool ClientState::restore(const Outgoing& message, bool released, std::uint64_t token,
                          TimePoint now) {
  InflightMessage* kept = inflight_.add_as(message.packet_id);
  if (kept == nullptr) return false;
  kept->phase = message.qos == Qos::AtLeastOnce ? PublishPhase::AwaitPuback
                : released                      ? PublishPhase::AwaitPubcomp
                                                : PublishPhase::AwaitPubrec;
  kept->token = token;
  kept->sent = kNever;
  kept->first_sent = now;
  kept->owner.reset();
  kept->shared_payload = {};
  const wire::Properties properties = copy_without(message.properties, PropertyId::TopicAlias);
  wire::Publish packet;
  packet.topic = message.topic;
  packet.payload = message.payload;
  packet.qos = message.qos;
  packet.retain = message.retain;
  packet.properties = properties;
  packet.packet_id = message.packet_id;
  wire::encode(packet, settings_.version, kept->encoded);
  inflight_.account(*kept);
  return true;
}

std::size_t ClientState::window() const {
  return std::min<std::size_t>(inflight_.limit(), limits_.receive_maximum);
}

std::vector<std::uint64_t> ClientState::unacknowledged_tokens() {
  std::vector<std::uint64_t> tokens;
  for (const InflightMessage* message : inflight_.in_order()) tokens.push_back(message->token);
  return tokens;
}

bool ClientState::id_taken(std::uint16_t id) const {
  return std::any_of(requests_.begin(), requests_.end(),
                     [id](const Request& request) { return request.packet_id == id; });
}

}  // namespace mqtk
