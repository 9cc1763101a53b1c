#include "inspect/trace/conversation.hpp"

#include <algorithm>

#include "inspect/trace/packet_fields.hpp"
#include "wire/topic.hpp"

namespace mqtk::inspect {

using wire::PacketType;
using wire::PropertyId;
using wire::Qos;

namespace {

std::string id_text(std::uint16_t id) {
  return "packet identifier " + std::to_string(id);
}

/// The rules about topics, as MQTT 5 numbers them, and as 3.1.1 does.
constexpr std::pair<std::string_view, std::string_view> kRenumbered[] = {
    {"MQTT-1.5.4-1", "MQTT-1.5.3-1"},
    {"MQTT-1.5.4-2", "MQTT-1.5.3-2"},
    {"MQTT-4.7.1-1", "MQTT-4.7.1-2"},
    {"MQTT-4.7.1-2", "MQTT-4.7.1-3"},
};

}  // namespace

bool is_sent_by(Side side, PacketType type, bool v5) {
  switch (type) {
    case PacketType::Connect:
    case PacketType::Subscribe:
    case PacketType::Unsubscribe:
    case PacketType::Pingreq:
      return side == Side::Client;
    case PacketType::Connack:
    case PacketType::Suback:
    case PacketType::Unsuback:
    case PacketType::Pingresp:
      return side == Side::Broker;
    case PacketType::Disconnect:
      return side == Side::Client || v5;
    default:
      return true;
  }
}

void Conversation::miss() {
  whole_ = false;
  for (Sender& each : senders_) {
    each.unacknowledged.clear();
    each.received.clear();
    each.requests.clear();
    each.disconnected = false;
  }
}

wire::ProtocolVersion Conversation::likely_version(const wire::Frame& frame) const {
  using wire::ProtocolVersion;
  const bool known = connected_ || v5() || wire::decode(frame, version_).has_value();
  return !known && wire::decode(frame, ProtocolVersion::V5) ? ProtocolVersion::V5 : version_;
}

void Conversation::violate(std::string_view rule, std::string what) {
  found_.push_back({std::string(rule), std::move(what)});
}

std::string_view Conversation::numbered(std::string_view rule) const {
  using Pair = std::pair<std::string_view, std::string_view>;
  const auto found = std::ranges::find(kRenumbered, rule, &Pair::first);
  return v5() || found == std::end(kRenumbered) ? rule : found->second;
}

void Conversation::violate_topic(const wire::TopicFault& fault, Bytes topic) {
  violate(numbered(fault.rule), "'" + std::string(topic) + "': " + std::string(fault.what));
}

std::vector<Violation> Conversation::add(Side side, const wire::Frame& frame) {
  found_.clear();
  if (frame.type() == PacketType::Connect && !connected_) version_ = connect_version(frame);
  if (!whole_) version_ = likely_version(frame);
  order(side, frame.type());
  if (frame.size > sender(side).packet_maximum) {
    violate(side == Side::Client ? "MQTT-3.2.2-15" : "MQTT-3.1.2-24",
            "the packet is larger than the " + std::to_string(sender(side).packet_maximum) +
                " octets that the other side takes");
  }
  const auto packet = wire::decode(frame, version_);
  if (!packet) {
    violate(numbered(packet.error().rule), std::string(packet.error().what));
    return std::move(found_);
  }
  if (const auto* hello = std::get_if<wire::Connect>(&*packet)) {
    connect(*hello);
  } else if (const auto* accepted = std::get_if<wire::Connack>(&*packet)) {
    connack(*accepted);
  } else if (const auto* message = std::get_if<wire::Publish>(&*packet)) {
    publish(side, *message);
  } else if (const auto* acknowledgement = std::get_if<wire::PublishReply>(&*packet)) {
    reply(side, *acknowledgement);
  } else if (const auto* wish = std::get_if<wire::Subscribe>(&*packet)) {
    subscribe(*wish);
  } else if (const auto* end = std::get_if<wire::Unsubscribe>(&*packet)) {
    unsubscribe(*end);
  } else if (const auto* granted = std::get_if<wire::Suback>(&*packet)) {
    answer(granted->packet_id, granted->codes.size(), true);
  } else if (const auto* ended = std::get_if<wire::Unsuback>(&*packet)) {
    answer(ended->packet_id, ended->codes.size(), false);
  } else if (std::holds_alternative<wire::Pingreq>(*packet)) {
    ++pings_;
  } else if (std::holds_alternative<wire::Pingresp>(*packet)) {
    if (pings_ > 0) {
      --pings_;
    } else if (whole_) {
      violate("3.13", "PINGRESP without a PINGREQ");
    }
  } else if (std::holds_alternative<wire::Disconnect>(*packet)) {
    sender(side).disconnected = true;
  }
  return std::move(found_);
}

void Conversation::order(Side side, PacketType type) {
  if (!is_sent_by(side, type, v5())) {
    violate("2.1.2", "2.1.2",
            std::string(wire::name(type)) + " is not for " +
                (side == Side::Client ? "a client to send" : "a broker to send"));
  }
  if (sender(side).disconnected) {
    violate("MQTT-3.14.4-2", "MQTT-3.14.4-1", "a packet follows DISCONNECT");
  }
  if (side == Side::Client) {
    if (whole_ && !connected_ && type != PacketType::Connect) {
      violate("MQTT-3.1.0-1",
              "the first packet is " + std::string(wire::name(type)) + ", not CONNECT");
    }
    if (connected_ && type == PacketType::Connect) {
      violate("MQTT-3.1.0-2", "a second CONNECT on the same connection");
    }
    return;
  }
  const bool auth = v5() && type == PacketType::Auth;
  if (whole_ && !accepted_ && type != PacketType::Connack && !auth &&
      !(v5() && type == PacketType::Disconnect)) {
    violate("MQTT-3.2.0-1",
            "the broker's first packet is " + std::string(wire::name(type)) + ", not CONNACK");
  }
  if (accepted_ && type == PacketType::Connack) {
    violate("3.2", "MQTT-3.2.0-2", "a second CONNACK on the same connection");
  }
}

void Conversation::connect(const wire::Connect& packet) {
  connected_ = true;
  clean_start_ = packet.clean_start;
  if (packet.client_id.empty() && !packet.clean_start && version_ == wire::ProtocolVersion::V311) {
    violate("MQTT-3.1.3-7", "an empty client identifier without clean session");
  }
  if (packet.will) {
    if (const auto fault = wire::check_topic_name(packet.will->topic)) {
      violate_topic(*fault, packet.will->topic);
    }
  }
  Sender& broker = sender(Side::Broker);
  broker.receive_maximum = packet.properties.number(PropertyId::ReceiveMaximum).value_or(65'535);
  broker.alias_maximum = packet.properties.number(PropertyId::TopicAliasMaximum).value_or(0);
  broker.packet_maximum =
      packet.properties.number(PropertyId::MaximumPacketSize).value_or(wire::kMaxPacketSize);
}

void Conversation::connack(const wire::Connack& packet) {
  accepted_ = true;
  if (packet.session_present && packet.code != 0) {
    violate("MQTT-3.2.2-4", "MQTT-3.2.2-6", "session present is set in a refusal");
  } else if (packet.session_present && clean_start_ && connected_) {
    violate("MQTT-3.2.2-1", "MQTT-3.2.2-2", "session present is set after a clean start");
  }
  const auto& properties = packet.properties;
  maximum_qos_ = properties.number(PropertyId::MaximumQos).value_or(2);
  retain_available_ = properties.number(PropertyId::RetainAvailable).value_or(1) != 0;
  Sender& client = sender(Side::Client);
  client.receive_maximum = properties.number(PropertyId::ReceiveMaximum).value_or(65'535);
  client.alias_maximum = properties.number(PropertyId::TopicAliasMaximum).value_or(0);
  client.packet_maximum =
      properties.number(PropertyId::MaximumPacketSize).value_or(wire::kMaxPacketSize);
}

void Conversation::publish(Side side, const wire::Publish& packet) {
  Sender& from = sender(side);
  const auto alias = packet.properties.number(PropertyId::TopicAlias);
  if (!packet.topic.empty() || !alias) {
    if (const auto fault = wire::check_topic_name(packet.topic))
      violate_topic(*fault, packet.topic);
  } else if (whole_ && !from.aliases.contains(static_cast<std::uint16_t>(*alias))) {
    violate("3.3.2.3.4", "topic alias " + std::to_string(*alias) + " was never given a topic");
  }
  if (alias) {
    if (*alias > from.alias_maximum && (whole_ || (connected_ && accepted_))) {
      violate(side == Side::Client ? "MQTT-3.3.2-9" : "MQTT-3.3.2-11",
              "topic alias " + std::to_string(*alias) + " is above the " +
                  std::to_string(from.alias_maximum) + " that the other side takes");
    }
    if (!packet.topic.empty()) from.aliases.insert(static_cast<std::uint16_t>(*alias));
  }
  if (side == Side::Client) {
    if (static_cast<unsigned>(packet.qos) > maximum_qos_) {
      violate("MQTT-3.2.2-11",
              "the QoS is above the broker's maximum of " + std::to_string(maximum_qos_));
    }
    if (packet.retain && !retain_available_) {
      violate("MQTT-3.2.2-14", "retain is set, which this broker does not offer");
    }
    if (packet.properties.find(PropertyId::SubscriptionIdentifier)) {
      violate("MQTT-3.3.4-6", "a client sends a subscription identifier");
    }
  }
  if (packet.qos == Qos::AtMostOnce) return;
  const bool in_use = from.unacknowledged.contains(packet.packet_id) ||
                      (side == Side::Client && from.requests.contains(packet.packet_id));
  if (in_use && !packet.dup && whole_) {
    violate("MQTT-2.3.1-2", side == Side::Client ? "MQTT-2.2.1-3" : "MQTT-2.2.1-4",
            id_text(packet.packet_id) + " is in use");
  }
  from.unacknowledged.insert(packet.packet_id);
  if (from.unacknowledged.size() > from.receive_maximum && whole_) {
    violate(side == Side::Client ? "MQTT-3.3.4-7" : "MQTT-3.3.4-9",
            "more than " + std::to_string(from.receive_maximum) + " messages are unacknowledged");
  }
}

// PUBACK, PUBREC and PUBCOMP answer the other side; PUBREL goes on with our own message. After a
// reconnection with a session, what they answer may have been said on another connection.
void Conversation::reply(Side side, const wire::PublishReply& packet) {
  const bool fresh = clean_start_ && whole_;
  Sender& other = sender(side == Side::Client ? Side::Broker : Side::Client);
  const std::string id = id_text(packet.packet_id);
  if (packet.type == PacketType::Pubrel) {
    Sender& own = sender(side);
    if (own.received.erase(packet.packet_id) == 0 && fresh) {
      violate("MQTT-4.3.3-1", "MQTT-4.3.3-4", "PUBREL for " + id + " without a PUBREC");
    }
    return;
  }
  const bool known = other.unacknowledged.contains(packet.packet_id);
  if (!known && fresh) {
    const auto type = std::string(wire::name(packet.type));
    if (packet.type == PacketType::Puback) {
      violate("MQTT-4.3.2-2", "MQTT-4.3.2-4", type + " for " + id + ", which no PUBLISH uses");
    } else {
      violate("MQTT-4.3.3-2", "MQTT-4.3.3-8", type + " for " + id + ", which no PUBLISH uses");
    }
  }
  if (packet.type == PacketType::Pubrec && !wire::is_failure(packet.reason)) {
    if (known) other.received.insert(packet.packet_id);
  } else {
    other.unacknowledged.erase(packet.packet_id);
    other.received.erase(packet.packet_id);
  }
}

void Conversation::request(std::uint16_t id, std::size_t filters) {
  Sender& client = sender(Side::Client);
  if (whole_ && (client.requests.contains(id) || client.unacknowledged.contains(id))) {
    violate("MQTT-2.3.1-2", "MQTT-2.2.1-3", id_text(id) + " is in use");
  }
  client.requests[id] = filters;
}

void Conversation::subscribe(const wire::Subscribe& packet) {
  request(packet.packet_id, packet.requests.size());
  for (const wire::SubscriptionRequest& each : packet.requests) {
    if (const auto fault = wire::check_topic_filter(each.filter)) {
      violate_topic(*fault, each.filter);
    } else if (each.no_local && wire::split_shared(each.filter)) {
      violate("MQTT-3.8.3-4", "no local is set for a shared subscription");
    }
  }
}

void Conversation::unsubscribe(const wire::Unsubscribe& packet) {
  request(packet.packet_id, packet.filters.size());
  for (const Bytes filter : packet.filters) {
    if (const auto fault = wire::check_topic_filter(filter)) {
      violate_topic(*fault, filter);
    }
  }
}

void Conversation::answer(std::uint16_t id, std::size_t codes, bool suback) {
  auto& requests = sender(Side::Client).requests;
  const auto found = requests.find(id);
  if (found == requests.end()) {
    if (!whole_) return;
    if (suback) {
      violate("MQTT-3.8.4-2", "SUBACK for " + id_text(id) + ", which no SUBSCRIBE uses");
    } else {
      violate("MQTT-3.10.4-4", "MQTT-3.10.4-5",
              "UNSUBACK for " + id_text(id) + ", which no UNSUBSCRIBE uses");
    }
    return;
  }
  if (codes != found->second && (suback || v5())) {
    if (suback) {
      violate("MQTT-3.8.4-5", "MQTT-3.8.4-6",
              std::to_string(codes) + " codes for " + std::to_string(found->second) + " filters");
    } else {
      violate("MQTT-3.11.3-1",
              std::to_string(codes) + " codes for " + std::to_string(found->second) + " filters");
    }
  }
  requests.erase(found);
}

}  // namespace mqtk::inspect
