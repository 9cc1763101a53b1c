// What the server sends: each packet is checked against what may come now.
#include "protocol/client_state.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace mqtk {

using wire::PacketType;
using wire::PropertyId;
using wire::ProtocolVersion;
using wire::Qos;
using wire::ReasonCode;

namespace {

/// A whole packet of a server at the beginning: the other side speaks MQTT. Its views are those of
/// `bytes`. nullopt: it may be anything.
std::optional<wire::Packet> packet_of_server(Bytes bytes, ProtocolVersion version) {
  wire::Framer framer;
  wire::Frame frame;
  if (framer.next(bytes, frame) != wire::Framer::Status::Frame) return std::nullopt;
  switch (frame.type()) {
    case PacketType::Connect:
    case PacketType::Subscribe:
    case PacketType::Unsubscribe:
    case PacketType::Pingreq:
      return std::nullopt;
    case PacketType::Auth:
      version = ProtocolVersion::V5;
      break;
    default:
      break;
  }
  auto packet = wire::decode(frame, version);
  if (!packet) return std::nullopt;
  return *packet;
}

/// What is wrong when this is the answer to CONNECT.
std::string wrong_answer(const wire::Packet& packet) {
  std::string out = "the server answered CONNECT with " + std::string(name(wire::type_of(packet)));
  const auto* auth = std::get_if<wire::Auth>(&packet);
  if (auth == nullptr) return out;
  const auto method = auth->properties.text(PropertyId::AuthenticationMethod);
  return out + (method ? ": it asks for the authentication method '" + std::string(*method) + "'"
                       : ", without the name of an authentication method");
}

}  // namespace

bool ClientState::break_off(ProtocolFault::Kind kind, std::string rule, std::string what,
                            ReasonCode reason) {
  fault_ = ProtocolFault{kind, reason, std::move(rule), std::move(what)};
  if (settings_.version == ProtocolVersion::V5 && link_ == Link::Connected) {
    disconnect(wire::allowed(reason, PacketType::Disconnect) ? reason : ReasonCode::ProtocolError);
  }
  link_ = Link::Disconnecting;
  return false;
}

bool ClientState::break_off(const wire::Malformed& why) {
  return break_off(ProtocolFault::Kind::Malformed, std::string(why.rule), std::string(why.what),
                   why.reason);
}

bool ClientState::feed(Bytes bytes, TimePoint now) {
  if (first_bytes_ && !bytes.empty()) {
    first_bytes_ = false;
    if (static_cast<PacketType>(u8(bytes[0]) >> 4U) != PacketType::Connack) {
      if (const auto packet = packet_of_server(bytes, settings_.version)) {
        if (trace_) listener_.on_packet_received(*packet);
        const auto* disconnect = std::get_if<wire::Disconnect>(&*packet);
        if (disconnect != nullptr && settings_.version == ProtocolVersion::V5) {
          link_ = Link::Disconnecting;
          listener_.on_server_disconnect(*disconnect);
          return true;
        }
        const bool auth = std::holds_alternative<wire::Auth>(*packet);
        return break_off(ProtocolFault::Kind::Protocol, auth ? "MQTT-4.12.0-6" : "MQTT-3.2.0-1",
                         wrong_answer(*packet), ReasonCode::ProtocolError);
      }
      return break_off(ProtocolFault::Kind::NotMqtt, "MQTT-3.2.0-1",
                       "the first bytes from the server are no CONNACK", ReasonCode::ProtocolError);
    }
  }
  ping_.since = now;
  wire::Frame frame;
  while (link_ == Link::AwaitConnack || link_ == Link::Connected) {
    switch (framer_.next(bytes, frame)) {
      case wire::Framer::Status::NeedMore:
        return true;
      case wire::Framer::Status::Malformed:
        return break_off(framer_.malformed());
      case wire::Framer::Status::Frame:
        if (!handle(frame, now)) return false;
        break;
    }
  }
  return !fault_.has_value();
}

bool ClientState::handle(const wire::Frame& frame, TimePoint now) {
  if (frame.type() >= PacketType::Publish && frame.type() <= PacketType::Pubcomp) {
    ++message_packets_;
    if (link_ == Link::Connected) {
      return frame.type() == PacketType::Publish ? handle_publish(frame, now)
                                                 : handle_reply(frame, now);
    }
  }
  const wire::Decoded<wire::Packet> decoded = wire::decode(frame, settings_.version);
  if (!decoded) return break_off(decoded.error());
  const wire::Packet& packet = *decoded;
  if (trace_) listener_.on_packet_received(packet);
  const auto may_not_come = [&](const char* rule, const std::string& what) {
    return break_off(ProtocolFault::Kind::Protocol, rule, what, ReasonCode::ProtocolError);
  };
  if (link_ == Link::AwaitConnack) {
    if (const auto* connack = std::get_if<wire::Connack>(&packet)) {
      return handle_connack(*connack, now);
    }
    return may_not_come("MQTT-3.2.0-1",
                        "the server sent " + std::string(name(frame.type())) + " before CONNACK");
  }
  switch (frame.type()) {
    case PacketType::Suback: {
      const auto& suback = std::get<wire::Suback>(packet);
      return handle_request_ack(true, suback.packet_id, suback.codes, suback.properties);
    }
    case PacketType::Unsuback: {
      const auto& unsuback = std::get<wire::Unsuback>(packet);
      return handle_request_ack(false, unsuback.packet_id, unsuback.codes, unsuback.properties);
    }
    case PacketType::Pingresp:
      if (pings_open_ == 0) {
        return may_not_come("MQTT-3.12.4-1", "the server sent PINGRESP without a PINGREQ");
      }
      if (--pings_open_ == 0) {
        qos0_confirmed_ = qos0_at_ping_;
        silence_.answered(ping_.end);
      }
      return true;
    case PacketType::Disconnect:
      if (settings_.version != ProtocolVersion::V5) {
        return may_not_come("MQTT-3.14.0-1", "the server sent DISCONNECT, which only clients may");
      }
      link_ = Link::Disconnecting;
      listener_.on_server_disconnect(std::get<wire::Disconnect>(packet));
      return true;
    case PacketType::Connack:
      return may_not_come("MQTT-3.2.0-2", "the server sent a second CONNACK");
    case PacketType::Auth:
      return may_not_come("MQTT-4.12.0-6",
                          "the server sent AUTH although no authentication method was agreed on");
    case PacketType::Publish:
    case PacketType::Puback:
    case PacketType::Pubrec:
    case PacketType::Pubrel:
    case PacketType::Pubcomp:  // handled above
    case PacketType::Connect:
    case PacketType::Subscribe:
    case PacketType::Unsubscribe:
    case PacketType::Pingreq:
      break;
  }
  return may_not_come(
      "2.1.2", "the server sent " + std::string(name(frame.type())) + ", which only clients may");
}

bool ClientState::handle_connack(const wire::Connack& connack, TimePoint now) {
  if (connack.session_present && connack.code == 0 && settings_.clean_start &&
      settings_.version != ProtocolVersion::V31) {
    return break_off(ProtocolFault::Kind::Protocol, "MQTT-3.2.2-2",
                     "the server kept a session although a clean one was asked for",
                     ReasonCode::ProtocolError);
  }
  if (connack.code != 0) {
    link_ = Link::Disconnecting;
    listener_.on_connack(connack);
    return true;
  }
  // MQTT 3.1 does not tell; there the session is there when it was asked for.
  session_present_ =
      settings_.version == ProtocolVersion::V31 ? !settings_.clean_start : connack.session_present;
  limits_.keep_alive_s = settings_.keep_alive_s;
  if (settings_.version == ProtocolVersion::V5) take_limits(connack);
  link_ = Link::Connected;
  silence_.answered(connack_.end);
  resume_session(now);
  listener_.on_connack(connack);
  return !fault_.has_value();
}

void ServerLimits::take(const wire::Property& property) {
  const std::uint32_t number = property.number;
  switch (property.info->id) {
    case PropertyId::ServerKeepAlive:
      keep_alive_s = static_cast<std::uint16_t>(number);
      break;
    case PropertyId::ReceiveMaximum:
      receive_maximum = static_cast<std::uint16_t>(number);
      break;
    case PropertyId::MaximumQos:
      maximum_qos = static_cast<Qos>(number);
      break;
    case PropertyId::RetainAvailable:
      retain_available = number != 0;
      break;
    case PropertyId::MaximumPacketSize:
      maximum_packet_size = number;
      break;
    case PropertyId::TopicAliasMaximum:
      topic_alias_maximum = static_cast<std::uint16_t>(number);
      break;
    case PropertyId::WildcardSubscriptionAvailable:
      wildcard_subscriptions = number != 0;
      break;
    case PropertyId::SubscriptionIdentifierAvailable:
      subscription_identifiers = number != 0;
      break;
    case PropertyId::SharedSubscriptionAvailable:
      shared_subscriptions = number != 0;
      break;
    default:
      break;
  }
}

void ClientState::take_limits(const wire::Connack& connack) {
  for (const wire::Property& property : connack.properties) {
    limits_.take(property);
    if (property.info->id == PropertyId::TopicAliasMaximum) {
      outgoing_aliases_.reset(limits_.topic_alias_maximum);
    } else if (property.info->id == PropertyId::AssignedClientIdentifier) {
      settings_.client_id.assign(property.value);
    }
  }
}

bool ClientState::handle_publish(const wire::Frame& frame, TimePoint now) {
  wire::Decoded<wire::Publish> decoded = wire::decode_publish(frame, settings_.version);
  if (!decoded) return break_off(decoded.error());
  wire::Publish& message = *decoded;
  if (trace_) listener_.on_packet_received(message);
  if (settings_.version == ProtocolVersion::V5 && !message.properties.empty()) {
    if (const auto alias = message.properties.number(PropertyId::TopicAlias)) {
      const auto topic = incoming_aliases_.resolve(message.topic, *alias);
      if (!topic) {
        return break_off(ProtocolFault::Kind::Protocol, "MQTT-3.3.2-9",
                         "the server used a topic alias that it may not use or did not set",
                         ReasonCode::TopicAliasInvalid);
      }
      message.topic = *topic;
    }
  }
  switch (message.qos) {
    case Qos::AtMostOnce:
      listener_.on_message(message);
      return true;
    case Qos::AtLeastOnce:
      // The reply is only queued here: it leaves after the messages of this read were handled.
      send_reply(PacketType::Puback, message.packet_id, ReasonCode::Success, now);
      listener_.on_message(message);
      return true;
    case Qos::ExactlyOnce:
      break;
  }
  if (received_qos2_.contains(message.packet_id)) {
    if (!message.dup && received_qos2_here_.contains(message.packet_id)) {
      return break_off(ProtocolFault::Kind::Protocol, "MQTT-2.2.1-4",
                       "the server used a packet identifier again before it was released",
                       ReasonCode::PacketIdentifierInUse);
    }
    received_qos2_here_.insert(message.packet_id);
    send_reply(PacketType::Pubrec, message.packet_id, ReasonCode::Success, now);
    return true;
  }
  received_qos2_.insert(message.packet_id);
  received_qos2_here_.insert(message.packet_id);
  if (received_qos2_here_.size() > receive_maximum_) {
    return break_off(ProtocolFault::Kind::Protocol, "MQTT-3.3.4-9",
                     "the server sent more QoS 2 messages at a time than it may",
                     ReasonCode::ReceiveMaximumExceeded);
  }
  send_reply(PacketType::Pubrec, message.packet_id, ReasonCode::Success, now);
  listener_.on_message(message);
  return true;
}

bool ClientState::handle_pubrel(const wire::PublishReply& reply, TimePoint now) {
  const bool known = received_qos2_.contains(reply.packet_id);
  received_qos2_.erase(reply.packet_id);
  received_qos2_here_.erase(reply.packet_id);
  const bool unknown_can_be_told = settings_.version == ProtocolVersion::V5 && !known;
  send_reply(PacketType::Pubcomp, reply.packet_id,
             unknown_can_be_told ? ReasonCode::PacketIdentifierNotFound : ReasonCode::Success, now);
  return true;
}

bool ClientState::handle_reply(const wire::Frame& frame, TimePoint now) {
  const auto decoded = wire::decode_publish_reply(frame, settings_.version);
  if (!decoded) return break_off(decoded.error());
  if (trace_) listener_.on_packet_received(*decoded);
  return decoded->type == PacketType::Pubrel ? handle_pubrel(*decoded, now)
                                             : handle_answer(*decoded, now);
}

// PUBACK, PUBREC, PUBCOMP.
bool ClientState::handle_answer(const wire::PublishReply& reply, TimePoint now) {
  InflightMessage* message = inflight_.find(reply.packet_id);
  const bool failure = is_failure(reply.reason);
  const auto next =
      message == nullptr ? std::nullopt : next_phase(message->phase, reply.type, failure);
  if (!next) {
    if (message == nullptr && settings_.version == ProtocolVersion::V5 &&
        reply.type == PacketType::Pubrec && !failure) {
      send_reply(PacketType::Pubrel, reply.packet_id, ReasonCode::PacketIdentifierNotFound, now);
      return true;
    }
    const std::string packet(name(reply.type));
    const std::string id = std::to_string(reply.packet_id);
    if (message != nullptr && message->phase == PublishPhase::AwaitPubrec &&
        reply.type == PacketType::Puback) {
      return break_off(ProtocolFault::Kind::Protocol, "MQTT-4.3.3-2",
                       "the server answered a QoS 2 message with PUBACK, as if it were QoS 1",
                       ReasonCode::ProtocolError);
    }
    return break_off(
        ProtocolFault::Kind::Protocol,
        reply.type == PacketType::Puback ? "MQTT-4.3.2-2" : "MQTT-4.3.3-2",
        message == nullptr
            ? "the server sent " + packet + " for packet identifier " + id + ", which is not in use"
            : "the server sent " + packet + " for packet identifier " + id + " out of order",
        ReasonCode::ProtocolError);
  }
  message->phase = *next;
  publish_moved_ = now;
  silence_.answered(message->end);
  if (*next == PublishPhase::AwaitPubcomp) {
    message->sent = now;
    send_reply(PacketType::Pubrel, reply.packet_id, ReasonCode::Success, now);
    message->end = out_.appended_total();
    listener_.on_released(message->token);
    return true;
  }
  const std::uint64_t token = message->token;
  const TimePoint first_sent = message->first_sent;
  inflight_.remove(*message);
  send_next_unsent(now);
  listener_.on_acknowledged(token, reply.reason, first_sent);
  return true;
}

bool ClientState::handle_request_ack(bool subscribe, std::uint16_t packet_id, Bytes codes,
                                     wire::PropertiesView) {
  const auto request = std::find_if(requests_.begin(), requests_.end(), [&](const Request& r) {
    return r.packet_id == packet_id && r.subscribe == subscribe;
  });
  const std::string packet = subscribe ? "SUBACK" : "UNSUBACK";
  if (request == requests_.end()) {
    return break_off(ProtocolFault::Kind::Protocol, subscribe ? "MQTT-3.8.4-2" : "MQTT-3.10.4-4",
                     "the server sent " + packet + " for a request that was not made",
                     ReasonCode::ProtocolError);
  }
  const bool has_codes = subscribe || settings_.version == ProtocolVersion::V5;
  if (has_codes && codes.size() != request->filters) {
    return break_off(ProtocolFault::Kind::Protocol, subscribe ? "MQTT-3.8.4-5" : "MQTT-3.11.3-1",
                     "the server answered " + std::to_string(codes.size()) + " of " +
                         std::to_string(request->filters) + " filters in " + packet,
                     ReasonCode::ProtocolError);
  }
  const std::uint64_t token = request->token;
  silence_.answered(request->answer.end);
  requests_.erase(request);
  if (subscribe) {
    listener_.on_suback(token, codes);
  } else {
    listener_.on_unsuback(token, codes);
  }
  return true;
}

}  // namespace mqtk
