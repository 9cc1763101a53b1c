// A ClientState with its queue and what it reported, and the words to feed it; no socket, invented
// times.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "protocol/client_state.hpp"

namespace mqtk::test {

struct Harness : ClientStateListener {
  explicit Harness(SessionSettings settings) : state(std::move(settings), *this, out) {}

  void on_connack(const wire::Connack& connack) override { connacks.push_back(connack.code); }
  void on_message(const wire::Publish& message) override {
    topics.emplace_back(message.topic);
    messages.emplace_back(message.payload);
  }
  void on_acknowledged(std::uint64_t token, wire::ReasonCode reason, TimePoint) override {
    ++acknowledged[token];
    reasons.push_back(reason);
  }
  void on_suback(std::uint64_t token, Bytes codes) override { subacks[token] = std::string(codes); }
  void on_unsuback(std::uint64_t token, Bytes) override { unsubacks.push_back(token); }
  void on_request_overdue(std::uint64_t token, bool) override { overdue.push_back(token); }
  void on_server_disconnect(const wire::Disconnect& disconnect) override {
    server_disconnects.push_back(disconnect.reason);
  }

  /// Everything that waits to be sent, taken away.
  std::string take() {
    std::string bytes;
    while (!out.empty()) {
      const Bytes next = out.front();
      bytes.append(next);
      out.consume(next.size());
    }
    return bytes;
  }
  /// The types of the packets that wait, with their identifiers, taken away: "PUBLISH1 dup,
  /// PUBREL2".
  std::string take_text() {
    const std::string bytes = take();
    std::string text;
    for_each_packet(bytes, state.settings().version, [&](const wire::Packet& packet) {
      if (!text.empty()) text += ", ";
      text += name(wire::type_of(packet));
      if (const auto* publish = std::get_if<wire::Publish>(&packet)) {
        if (publish->packet_id != 0) text += std::to_string(publish->packet_id);
        if (publish->dup) text += " dup";
      }
      if (const auto* reply = std::get_if<wire::PublishReply>(&packet)) {
        text += std::to_string(reply->packet_id);
        if (reply->reason != wire::ReasonCode::Success) {
          text += " " + std::to_string(static_cast<int>(reply->reason));
        }
      }
    });
    return text;
  }
  template <typename Visit>
  static void for_each_packet(Bytes bytes, wire::ProtocolVersion version, const Visit& visit) {
    wire::Framer framer;
    wire::Frame frame;
    while (framer.next(bytes, frame) == wire::Framer::Status::Frame) {
      if (auto packet = wire::decode(frame, version)) visit(*packet);
    }
  }

  /// What is in the queue has not left, the rest has.
  bool tick() { return state.tick(now, out.consumed_total()); }

  bool feed(const wire::Packet& packet) {
    std::string bytes;
    wire::encode(packet, state.settings().version, bytes);
    return state.feed(bytes, now);
  }
  bool feed_raw(const std::string& bytes) { return state.feed(bytes, now); }
  bool connect(bool session_present = false, wire::PropertiesView properties = {}) {
    state.connection_opened(now);
    take();
    wire::Connack connack;
    connack.session_present = session_present;
    connack.properties = properties;
    return feed(connack);
  }
  void lose() {
    out.clear();
    state.connection_lost();
  }
  ClientState::Accept publish(wire::Qos qos, std::uint64_t token, Bytes payload = "p") {
    ClientState::Outgoing message;
    message.topic = "t";
    message.payload = payload;
    message.qos = qos;
    return state.publish(message, token, now);
  }
  bool reply(wire::PacketType type, std::uint16_t id,
             wire::ReasonCode reason = wire::ReasonCode::Success) {
    return feed(wire::PublishReply{type, id, reason, {}});
  }
  bool deliver(wire::Qos qos, std::uint16_t id, Bytes payload, bool dup = false) {
    wire::Publish message;
    message.topic = "in";
    message.payload = payload;
    message.qos = qos;
    message.packet_id = id;
    message.dup = dup;
    return feed(message);
  }

  TimePoint now{std::chrono::seconds(1000)};
  SendQueue out;
  std::vector<std::uint8_t> connacks;
  std::vector<std::string> topics;
  std::vector<std::string> messages;
  std::map<std::uint64_t, int> acknowledged;
  std::vector<wire::ReasonCode> reasons;
  std::map<std::uint64_t, std::string> subacks;
  std::vector<std::uint64_t> unsubacks;
  std::vector<std::uint64_t> overdue;
  std::vector<wire::ReasonCode> server_disconnects;
  ClientState state;
};

inline SessionSettings settings_for(wire::ProtocolVersion version, bool clean = true) {
  SessionSettings settings;
  settings.version = version;
  settings.client_id = "c";
  settings.clean_start = clean;
  return settings;
}

}  // namespace mqtk::test
