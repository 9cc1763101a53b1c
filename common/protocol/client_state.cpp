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
  silence_.begin(out_.appended_total(), now);
  publish_look_ = kNever;
  send(connect, now);
  connack_ = {out_.appended_total(), now};
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
  send(packet, now);
  requests_.push_back(
      {packet.packet_id, true, packet.requests.size(), token, {out_.appended_total(), now}});
}

void ClientState::unsubscribe(std::vector<Bytes> filters, std::uint64_t token,
                              wire::PropertiesView properties, TimePoint now) {
  wire::Unsubscribe packet;
  packet.packet_id = inflight_.reserve_id([this](std::uint16_t id) { return id_taken(id); });
  packet.filters = std::move(filters);
  if (settings_.version == ProtocolVersion::V5) packet.properties = properties;
  send(packet, now);
  requests_.push_back(
      {packet.packet_id, false, packet.filters.size(), token, {out_.appended_total(), now}});
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
  ping_ = {out_.appended_total(), now};
  ping_due_ = kNever;
  qos0_at_ping_ = qos0_sent_;
}

void ClientState::set_reading(bool reading, TimePoint now) {
  if (reading && !reading_) {
    ping_.since = now;
    publish_moved_ = now;
    for (Request& request : requests_) request.answer.since = now;
  }
  reading_ = reading;
}

bool ClientState::pingresp_expected() const {
  return pings_open_ > 0 && reading_ && settings_.ping_timeout > 0ns;
}

ClientState::Request* ClientState::overdue_candidate() {
  if (settings_.request_timeout <= 0ns || !reading_) return nullptr;
  const auto found =
      std::find_if(requests_.begin(), requests_.end(), [](const Request& r) { return !r.told; });
  return found == requests_.end() ? nullptr : &*found;
}

const ClientState::Request* ClientState::overdue_candidate() const {
  return const_cast<ClientState*>(this)->overdue_candidate();
}

TimePoint ClientState::next_tick() const {
  if (link_ == Link::AwaitConnack && settings_.connack_timeout > 0ns) {
    return silence_.next_look(connack_, settings_.connack_timeout);
  }
  if (link_ != Link::Connected) return kNever;
  TimePoint next = reading_ ? publish_look_ : kNever;
  if (const Request* request = overdue_candidate()) {
    next = std::min(next, silence_.next_look(request->answer, settings_.request_timeout));
  }
  if (pingresp_expected()) {
    return std::min(next, silence_.next_look(ping_, settings_.ping_timeout));
  }
  if (limits_.keep_alive_s > 0) {
    next = std::min(next, last_sent_ + std::chrono::seconds(limits_.keep_alive_s));
  }
  if (pings_open_ == 0) next = std::min(next, ping_due_);
  return next;
}

// Who waits for an answer to octets of which some have just left does not wait in vain.
void ClientState::look(std::uint64_t taken, TimePoint now) {
  if (silence_.moves(connack_, taken)) connack_.since = now;
  if (silence_.moves(ping_, taken)) ping_.since = now;
  for (Request& request : requests_) {
    if (silence_.moves(request.answer, taken)) request.answer.since = now;
  }
  if (const InflightMessage* oldest = publish_look_ == kNever ? nullptr : inflight_.oldest()) {
    if (silence_.moves(awaited_of(*oldest), taken)) publish_moved_ = now;
  }
  silence_.look(taken, now);
}

bool ClientState::acknowledgement_overdue(TimePoint now) {
  if (!reading_ || now < publish_look_) return false;
  publish_look_ = kNever;
  const InflightMessage* oldest = inflight_.oldest();
  if (oldest == nullptr) return false;
  const Awaited awaited = awaited_of(*oldest);
  publish_look_ = silence_.next_look(awaited, settings_.publish_timeout);
  return now >= silence_.deadline(awaited, settings_.publish_timeout);
}

void ClientState::tell_overdue_requests(TimePoint now) {
  Request* request = overdue_candidate();
  if (request == nullptr || now < silence_.deadline(request->answer, settings_.request_timeout)) {
    return;
  }
  request->told = true;
  listener_.on_request_overdue(request->token, request->subscribe);
}

bool ClientState::tick(TimePoint now, std::uint64_t taken) {
  if (now < next_tick()) return true;
  look(taken, now);
  if (link_ == Link::AwaitConnack) {
    return now < silence_.deadline(connack_, settings_.connack_timeout) ||
           break_off(ProtocolFault::Kind::NoConnack, "MQTT-3.1.4-5",
                     "the server did not answer CONNECT", ReasonCode::Success);
  }
  if (acknowledgement_overdue(now)) {
    disconnect();
    return break_off(ProtocolFault::Kind::NoAcknowledgement, "MQTT-4.3.2-2",
                     "the server did not acknowledge a message", ReasonCode::Success);
  }
  tell_overdue_requests(now);
  if (link_ != Link::Connected) return !fault_.has_value();
  if (pingresp_expected()) {
    return now < silence_.deadline(ping_, settings_.ping_timeout) ||
           break_off(ProtocolFault::Kind::NoPingresp, "MQTT-3.12.4-1",
                     "the server did not answer a PINGREQ", ReasonCode::KeepAliveTimeout);
  }
  const bool keep_alive_due =
      limits_.keep_alive_s > 0 && now >= last_sent_ + std::chrono::seconds(limits_.keep_alive_s);
  if (keep_alive_due || (pings_open_ == 0 && now >= ping_due_)) ping(now);
  return true;
}

}  // namespace mqtk
