// The life of a connection, requests, keep-alive.
#include "protocol/client_state.hpp"

#include <algorithm>
#include <utility>

namespace mqtk {

using wire::PacketType;
using wire::PropertyId;
using wire::ProtocolVersion;
using wire::ReasonCode;

ClientState::ClientState(SessionSettings settings, ClientStateListener& listener, SendQueue& out)
    : listener_(listener),
      out_(out),
      inflight_(settings.max_inflight),
      settings_(std::move(settings)) {
  const wire::PropertiesView given = settings_.connect_properties;
  if (const auto maximum = given.number(PropertyId::TopicAliasMaximum)) {
    settings_.topic_alias_maximum = static_cast<std::uint16_t>(*maximum);
  }
  if (const auto maximum = given.number(PropertyId::MaximumPacketSize)) {
    settings_.max_packet_size = *maximum;
  }
  if (const auto maximum = given.number(PropertyId::ReceiveMaximum)) {
    receive_maximum_ = static_cast<std::uint16_t>(*maximum);
  }
  framer_ = wire::Framer(settings_.max_packet_size);
}

void ClientState::set_credentials(std::optional<std::string> username,
                                  std::optional<std::string> password) {
  settings_.username = std::move(username);
  settings_.password = std::move(password);
}

wire::Properties SessionSettings::all_connect_properties() const {
  if (version != ProtocolVersion::V5) return {};
  wire::Properties properties = connect_properties;
  const wire::PropertiesView given = connect_properties;
  if (topic_alias_maximum > 0 && !given.find(PropertyId::TopicAliasMaximum)) {
    properties.add(PropertyId::TopicAliasMaximum, topic_alias_maximum);
  }
  if (max_packet_size < wire::kMaxPacketSize && !given.find(PropertyId::MaximumPacketSize)) {
    properties.add(PropertyId::MaximumPacketSize, max_packet_size);
  }
  return properties;
}

void ClientState::connection_opened(TimePoint now) {
  framer_.reset();
  fault_.reset();
  limits_ = {};
  session_present_ = false;
  first_bytes_ = true;
  requests_.clear();
  unsent_.clear();
  pings_open_ = 0;
  ping_due_ = kNever;
  incoming_aliases_.reset(settings_.topic_alias_maximum);
  outgoing_aliases_.reset(0);
  link_ = Link::AwaitConnack;

  wire::Connect connect;
  connect.version = settings_.version;
  connect.clean_start = settings_.clean_start;
  connect.keep_alive_s = settings_.keep_alive_s;
  connect.client_id = settings_.client_id;
  connect.username = settings_.username;
  connect.password = settings_.password;
  if (settings_.will) {
    const SessionSettings::Will& will = *settings_.will;
    connect.will = wire::Will{will.topic, will.payload, will.qos, will.retain, will.properties};
  }
  const wire::Properties properties = settings_.all_connect_properties();
  connect.properties = properties;
  send(connect, now);
}

void ClientState::connection_lost() {
  link_ = Link::Offline;
  framer_.reset();
  requests_.clear();
  pings_open_ = 0;
  ping_due_ = kNever;
  received_qos2_here_.clear();
  // What was not confirmed now is the caller's to report; the next connection counts afresh.
  qos0_confirmed_ = qos0_sent_;
}

void ClientState::disconnect(ReasonCode reason, wire::PropertiesView properties) {
  if (link_ == Link::Offline || link_ == Link::Disconnecting) return;
  wire::Disconnect packet;
  if (settings_.version == ProtocolVersion::V5) {
    packet.reason = reason;
    packet.properties = properties;
  }
  send(packet, last_sent_);
  link_ = Link::Disconnecting;
}

void ClientState::subscribe(std::vector<wire::SubscriptionRequest> requests, std::uint64_t token,
                            wire::PropertiesView properties, TimePoint now) {
  wire::Subscribe packet;
  packet.packet_id = inflight_.reserve_id([this](std::uint16_t id) { return id_taken(id); });
  packet.requests = std::move(requests);
  if (settings_.version == ProtocolVersion::V5) packet.properties = properties;
  requests_.push_back({packet.packet_id, true, packet.requests.size(), token});
  send(packet, now);
}

void ClientState::unsubscribe(std::vector<Bytes> filters, std::uint64_t token,
                              wire::PropertiesView properties, TimePoint now) {
  wire::Unsubscribe packet;
  packet.packet_id = inflight_.reserve_id([this](std::uint16_t id) { return id_taken(id); });
  packet.filters = std::move(filters);
  if (settings_.version == ProtocolVersion::V5) packet.properties = properties;
  requests_.push_back({packet.packet_id, false, packet.filters.size(), token});
  send(packet, now);
}

void ClientState::send(const wire::Packet& packet, TimePoint now) {
  wire::encode(packet, settings_.version, out_.tail());
  note_sent(now);
  if (trace_) listener_.on_packet_sent(packet);
}

void ClientState::send_reply(PacketType type, std::uint16_t id, ReasonCode reason, TimePoint now) {
  wire::PublishReply reply;
  reply.type = type;
  reply.packet_id = id;
  reply.reason = reason;
  wire::encode(reply, settings_.version, out_.tail());
  note_sent(now);
  if (trace_) listener_.on_packet_sent(reply);
}

void ClientState::ping(TimePoint now) {
  if (link_ != Link::Connected) return;
  send(wire::Pingreq{}, now);
  ++pings_open_;
  ping_sent_ = now;
  ping_due_ = kNever;
  qos0_at_ping_ = qos0_sent_;
}

void ClientState::set_reading(bool reading, TimePoint now) {
  if (reading && !reading_) ping_sent_ = now;
  reading_ = reading;
}

bool ClientState::pingresp_expected() const {
  return pings_open_ > 0 && reading_ && settings_.ping_timeout > 0ns;
}

TimePoint ClientState::next_tick() const {
  if (link_ != Link::Connected) return kNever;
  if (pingresp_expected()) return ping_sent_ + settings_.ping_timeout;
  TimePoint next = kNever;
  if (limits_.keep_alive_s > 0) next = last_sent_ + std::chrono::seconds(limits_.keep_alive_s);
  if (pings_open_ == 0) next = std::min(next, ping_due_);
  return next;
}

bool ClientState::tick(TimePoint now) {
  if (now < next_tick()) return true;
  if (pingresp_expected()) {
    return break_off(ProtocolFault::Kind::NoPingresp, "MQTT-3.12.4-1",
                     "the server did not answer a PINGREQ", ReasonCode::KeepAliveTimeout);
  }
  ping(now);
  return true;
}

}  // namespace mqtk
