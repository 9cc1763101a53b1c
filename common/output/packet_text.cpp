#include "output/packet_text.hpp"

#include <charconv>
#include <concepts>

#include "output/terminal_text.hpp"

namespace mqtk {

namespace {

using namespace wire;

void append_number(std::string& out, std::uint64_t value) {
  char digits[20];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
  out.append(digits, end);
}

/// A line under construction: text and numbers as they are, text of the peer through quoted() and
/// safe().
class Line {
 public:
  Line& operator<<(std::string_view text) {
    text_ += text;
    return *this;
  }
  Line& operator<<(std::unsigned_integral auto value) {
    append_number(text_, value);
    return *this;
  }
  Line& operator<<(Qos qos) { return *this << static_cast<unsigned>(qos); }
  Line& safe(Bytes text) {
    append_terminal_text(text_, text, Lines::Escape);
    return *this;
  }
  Line& quoted(Bytes text) {
    text_ += '\'';
    safe(text);
    text_ += '\'';
    return *this;
  }
  Line& size(Bytes data) { return *this << "(" << data.size() << " bytes)"; }
  Line& properties(PropertiesView properties);
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

Line& Line::properties(PropertiesView properties) {
  if (properties.empty()) return *this;
  std::string_view before = " {";
  for (const Property& property : properties) {
    *this << before << property.info->name << " ";
    switch (property.info->type) {
      case PropertyType::Utf8:
        quoted(property.value);
        break;
      case PropertyType::Binary:
        size(property.value);
        break;
      case PropertyType::Utf8Pair:
        quoted(property.key) << "=";
        quoted(property.value);
        break;
      default:
        *this << property.number;
    }
    before = ", ";
  }
  return *this << "}";
}

unsigned flag(bool value) {
  return value ? 1 : 0;
}

/// Writes what follows "Client ID sending " or "Client ID received ".
class PacketLine {
 public:
  PacketLine(Bytes client_id, bool sent, ProtocolVersion version)
      : client_id_(client_id), sent_(sent), version_(version) {}

  std::string take() { return line_.take(); }

  void operator()(const Connect& packet) {
    begin() << "CONNECT (v" << name(packet.version) << ", c" << flag(packet.clean_start) << ", k"
            << packet.keep_alive_s;
    if (packet.username) line_ << ", username";
    if (packet.password) line_ << ", password";
    if (packet.will) {
      line_ << ", will q" << packet.will->qos << " r" << flag(packet.will->retain) << " ";
      line_.quoted(packet.will->topic) << " ";
      line_.size(packet.will->payload).properties(packet.will->properties);
    }
    line_ << ")";
    line_.properties(packet.properties);
  }

  void operator()(const Connack& packet) {
    const std::string_view meaning =
        version_ == ProtocolVersion::V5
            ? name(static_cast<ReasonCode>(packet.code), PacketType::Connack)
            : name(static_cast<ConnackCode>(packet.code));
    begin() << "CONNACK (" << unsigned{packet.code} << ", " << meaning;
    if (packet.session_present) line_ << ", session present";
    line_ << ")";
    line_.properties(packet.properties);
  }

  void operator()(const Publish& packet) {
    begin() << "PUBLISH (d" << flag(packet.dup) << ", q" << packet.qos << ", r"
            << flag(packet.retain) << ", m" << packet.packet_id << ", ";
    line_.quoted(packet.topic) << ", ... ";
    line_.size(packet.payload) << ")";
    line_.properties(packet.properties);
  }

  void operator()(const PublishReply& packet) {
    const unsigned code = static_cast<unsigned>(packet.reason);
    begin() << name(packet.type);
    if (sent_) {
      line_ << " (m" << packet.packet_id << ", rc" << code;
    } else {
      line_ << " (Mid: " << packet.packet_id << ", RC:" << code;
    }
    if (packet.reason != ReasonCode::Success) line_ << ", " << name(packet.reason, packet.type);
    line_ << ")";
    line_.properties(packet.properties);
  }

  void operator()(const Subscribe& packet) {
    for (const SubscriptionRequest& request : packet.requests) {
      begin() << "SUBSCRIBE (Mid: " << packet.packet_id << ", Topic: ";
      line_.safe(request.filter) << ", QoS: " << request.qos << ", Options: 0x";
      const unsigned options = (flag(request.no_local) << 2U) |
                               (flag(request.retain_as_published) << 3U) |
                               (static_cast<unsigned>(request.retain_handling) << 4U);
      line_ << to_hex(std::string(1, octet(options))) << ")";
      line_.properties(packet.properties);
    }
  }

  void operator()(const Suback& packet) {
    begin() << "SUBACK (Mid: " << packet.packet_id;
    codes(packet.codes, PacketType::Suback);
    line_.properties(packet.properties);
  }

  void operator()(const Unsubscribe& packet) {
    for (const Bytes filter : packet.filters) {
      begin() << "UNSUBSCRIBE (Mid: " << packet.packet_id << ", Topic: ";
      line_.safe(filter) << ")";
      line_.properties(packet.properties);
    }
  }

  void operator()(const Unsuback& packet) {
    begin() << "UNSUBACK (Mid: " << packet.packet_id;
    codes(packet.codes, PacketType::Unsuback);
    line_.properties(packet.properties);
  }

  void operator()(const Pingreq&) { begin() << "PINGREQ"; }
  void operator()(const Pingresp&) { begin() << "PINGRESP"; }

  void operator()(const Disconnect& packet) {
    begin() << "DISCONNECT";
    reason(packet.reason, PacketType::Disconnect);
    line_.properties(packet.properties);
  }

  void operator()(const Auth& packet) {
    begin() << "AUTH";
    reason(packet.reason, PacketType::Auth);
    line_.properties(packet.properties);
  }

 private:
  Line& begin() {
    if (begun_) line_ << "\n";
    begun_ = true;
    line_ << "Client ";
    if (client_id_.empty()) {
      line_ << "(null)";
    } else {
      line_.safe(client_id_);
    }
    return line_ << (sent_ ? " sending " : " received ");
  }

  /// Before MQTT 5 there is no reason to show.
  void reason(ReasonCode code, PacketType in) {
    if (version_ != ProtocolVersion::V5) return;
    line_ << " (" << static_cast<unsigned>(code) << ", " << name(code, in) << ")";
  }

  void codes(Bytes codes, PacketType in) {
    std::string_view before = ", ";
    for (const char code : codes) {
      line_ << before << unsigned{u8(code)};
      if (u8(code) >= 0x80) line_ << " " << failure(code, in);
      before = " ";
    }
    line_ << ")";
  }

  /// 0x80 is all that SUBACK could say before MQTT 5.
  std::string_view failure(char code, PacketType in) const {
    if (version_ != ProtocolVersion::V5) return "failure";
    return name(static_cast<ReasonCode>(u8(code)), in);
  }

  Bytes client_id_;
  bool sent_;
  ProtocolVersion version_;
  bool begun_ = false;
  Line line_;
};

std::string text(Bytes client_id, bool sent, const Packet& packet, ProtocolVersion version) {
  PacketLine line(client_id, sent, version);
  std::visit(line, packet);
  return line.take();
}

}  // namespace

std::string sent_packet_text(Bytes client_id, const Packet& packet, ProtocolVersion version) {
  return text(client_id, true, packet, version);
}

std::string received_packet_text(Bytes client_id, const Packet& packet, ProtocolVersion version) {
  return text(client_id, false, packet, version);
}

}  // namespace mqtk
