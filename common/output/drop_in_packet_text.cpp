#include "output/drop_in_packet_text.hpp"

#include "output/terminal_text.hpp"

namespace mqtk {

namespace {

using namespace wire;

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

std::string bit(bool value) {
  return value ? "1" : "0";
}

}  // namespace

class DropInPacketText::Lines {
 public:
  Lines(DropInPacketText& text, bool sent) : text_(text), sent_(sent) {}
  std::string take() { return std::move(out_); }

  void operator()(const Connect&) { say("CONNECT"); }
  void operator()(const Connack& packet) {
    if (const auto assigned = packet.properties.text(PropertyId::AssignedClientIdentifier)) {
      text_.client_id_ = *assigned;
    }
    say("CONNACK (" + number(packet.code) + ")");
  }
  void operator()(const Publish& packet) {
    unsigned id = packet.packet_id;
    if (sent_) {
      if (id == 0) id = text_.last_id_ + 1;
      text_.last_id_ = id;
    }
    say("PUBLISH (d" + bit(packet.dup) + ", q" + number(static_cast<unsigned>(packet.qos)) + ", r" +
        bit(packet.retain) + ", m" + number(id) + ", '" + terminal_text(packet.topic) + "', ... (" +
        number(packet.payload.size()) + " bytes))");
  }
  void operator()(const PublishReply& packet) {
    const std::string name(wire::name(packet.type));
    const std::string code = number(static_cast<unsigned>(packet.reason));
    const std::string id = number(packet.packet_id);
    const bool with_code =
        sent_ ? packet.type == PacketType::Puback || packet.type == PacketType::Pubrec
              : packet.type == PacketType::Puback || packet.type == PacketType::Pubcomp;
    if (sent_) {
      say(name + " (m" + id + (with_code ? ", rc" + code : "") + ")");
    } else {
      say(name + " (Mid: " + id + (with_code ? ", RC:" + code : "") + ")");
    }
  }
  void operator()(const Subscribe& packet) {
    text_.last_id_ = packet.packet_id;
    for (const SubscriptionRequest& request : packet.requests) {
      const unsigned options = (request.no_local ? 4U : 0U) |
                               (request.retain_as_published ? 8U : 0U) |
                               (static_cast<unsigned>(request.retain_handling) << 4U);
      say("SUBSCRIBE (Mid: " + number(packet.packet_id) + ", Topic: " +
          terminal_text(request.filter) + ", QoS: " + number(static_cast<unsigned>(request.qos)) +
          ", Options: 0x" + to_hex(std::string(1, octet(options))) + ")");
    }
  }
  void operator()(const Suback& packet) {
    say("SUBACK");
    if (!text_.subscriber_) return;
    out_ += "Subscribed (mid: " + number(packet.packet_id) + "): ";
    std::string_view before;
    for (const char code : packet.codes) {
      out_.append(before).append(number(u8(code)));
      before = ", ";
    }
    out_ += '\n';
  }
  void operator()(const Unsubscribe& packet) {
    text_.last_id_ = packet.packet_id;
    for (const Bytes filter : packet.filters) {
      say("UNSUBSCRIBE (Mid: " + number(packet.packet_id) + ", Topic: " + terminal_text(filter) +
          ")");
    }
  }
  void operator()(const Unsuback&) { say("UNSUBACK"); }
  void operator()(const Pingreq&) { say("PINGREQ"); }
  void operator()(const Pingresp&) { say("PINGRESP"); }
  void operator()(const Disconnect& packet) {
    if (sent_) return say("DISCONNECT");
    out_ += "Received DISCONNECT (" + number(static_cast<unsigned>(packet.reason)) + ")\n";
  }
  void operator()(const Auth&) { say("AUTH"); }

 private:
  void say(const std::string& what) {
    const std::string id =
        text_.client_id_.empty() ? std::string("(null)") : terminal_text(text_.client_id_);
    out_ += "Client " + id + (sent_ ? " sending " : " received ") + what + "\n";
  }

  DropInPacketText& text_;
  bool sent_;
  std::string out_;
};

std::string DropInPacketText::sent(const Packet& packet) {
  Lines lines(*this, true);
  std::visit(lines, packet);
  return lines.take();
}

std::string DropInPacketText::received(const Packet& packet) {
  Lines lines(*this, false);
  std::visit(lines, packet);
  return lines.take();
}

}  // namespace mqtk
