// The rules of MQTT about what may follow what, watched from outside: which of them a packet
// breaks, given all that was said on its connection before. Knows no clock and no socket.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "wire/codec.hpp"
#include "wire/topic.hpp"

namespace mqtk::inspect {

enum class Side : std::uint8_t { Client, Broker };

bool is_sent_by(Side side, wire::PacketType type, bool v5);

struct Violation {
  std::string rule;  ///< "MQTT-3.1.0-1", or a section
  std::string what;  ///< lower case, no full stop
};

class Conversation {
 public:
  /// The next packet of `side`, in the order they were sent. What is wrong with it by itself comes
  /// first, from the decoder.
  std::vector<Violation> add(Side side, const wire::Frame& frame);
  /// Something was said that is not known: what could only be wrong by it is wrong no more.
  void miss();
  /// The stream of `side` is no MQTT from here on.
  static Violation broken(const wire::Malformed& why) {
    return {std::string(why.rule), std::string(why.what)};
  }
  wire::ProtocolVersion version() const { return version_; }

 private:
  /// One side's doings as a sender of messages and requests.
  struct Sender {
    std::set<std::uint16_t> unacknowledged;         ///< PUBLISH of QoS 1 and 2
    std::set<std::uint16_t> received;               ///< of QoS 2: PUBREC came, PUBREL is due
    std::map<std::uint16_t, std::size_t> requests;  ///< SUBSCRIBE and UNSUBSCRIBE: filters
    std::set<std::uint16_t> aliases;
    std::uint32_t receive_maximum = 65'535;  ///< of the other side
    std::uint32_t alias_maximum = 0;
    std::uint32_t packet_maximum = wire::kMaxPacketSize;
    bool disconnected = false;
  };

  void order(Side side, wire::PacketType type);
  void connect(const wire::Connect& packet);
  void connack(const wire::Connack& packet);
  void publish(Side side, const wire::Publish& packet);
  void reply(Side side, const wire::PublishReply& packet);
  void subscribe(const wire::Subscribe& packet);
  void unsubscribe(const wire::Unsubscribe& packet);
  void answer(std::uint16_t id, std::size_t codes, bool suback);
  void request(std::uint16_t id, std::size_t filters);
  /// The number of a rule about topics in this version.
  std::string_view numbered(std::string_view rule) const;
  void violate_topic(const wire::TopicFault& fault, Bytes topic);
  void violate(std::string_view rule, std::string what);
  void violate(std::string_view rule_v3, std::string_view rule_v5, std::string what) {
    violate(v5() ? rule_v5 : rule_v3, std::move(what));
  }
  /// As `frame` can be read, where no CONNECT was seen.
  wire::ProtocolVersion likely_version(const wire::Frame& frame) const;
  bool v5() const { return version_ == wire::ProtocolVersion::V5; }
  Sender& sender(Side side) { return senders_[static_cast<std::size_t>(side)]; }

  wire::ProtocolVersion version_ = wire::ProtocolVersion::V311;
  bool whole_ = true;       ///< all was seen
  bool connected_ = false;  ///< CONNECT was seen
  bool accepted_ = false;   ///< CONNACK was seen
  bool clean_start_ = true;
  unsigned maximum_qos_ = 2;
  bool retain_available_ = true;
  unsigned pings_ = 0;
  Sender senders_[2];
  std::vector<Violation> found_;
};

}  // namespace mqtk::inspect
