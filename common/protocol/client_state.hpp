// The client half of MQTT 3.1, 3.1.1 and 5 as a state machine without input and output: bytes and
// times go in, bytes are appended to a queue and events are reported. It outlives connections and
// carries the session's state from one to the next: what is not acknowledged is sent again, what
// was received twice is told once. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/send_queue.hpp"
#include "protocol/inflight.hpp"
#include "protocol/packet_id_set.hpp"
#include "protocol/silence.hpp"
#include "protocol/topic_aliases.hpp"
#include "wire/codec.hpp"

namespace mqtk {

struct SessionSettings {
  wire::ProtocolVersion version = wire::ProtocolVersion::V311;
  std::string client_id;
  bool clean_start = true;
  std::optional<std::string> username;
  std::optional<std::string> password;
  struct Will {
    std::string topic;
    std::string payload;
    wire::Qos qos = wire::Qos::AtMostOnce;
    bool retain = false;
    wire::Properties properties;
  };
  std::optional<Will> will;
  std::uint16_t keep_alive_s = 60;  ///< 0: off
  // Time-outs measure silence, see Silence. 0: none.
  Duration connack_timeout = 0ns;    ///< nothing moves after CONNECT
  Duration ping_timeout = 10s;       ///< from the time that PINGREQ has left to PINGRESP
  Duration publish_timeout = 0ns;    ///< nothing is acknowledged, and nothing leaves
  Duration request_timeout = 0ns;    ///< the same of SUBSCRIBE and UNSUBSCRIBE
  std::uint16_t max_inflight = 100;  ///< our own limit; the server's (MQTT 5) may be lower
  std::uint32_t max_packet_size = wire::kMaxPacketSize;  ///< largest packet taken from the server
  std::uint16_t topic_alias_maximum = 0;                 ///< aliases the server may use (MQTT 5)
  wire::Properties connect_properties;                   ///< besides those above

  /// MQTT 5: those given and those that other fields imply.
  wire::Properties all_connect_properties() const;
};

/// A rule of the specification that the server broke, or what else ends the connection from our
/// side.
struct ProtocolFault {
  enum class Kind : std::uint8_t {
    Malformed,  ///< bytes that are no legal packet
    Protocol,   ///< a legal packet that may not come now
    NoConnack,
    NoPingresp,
    NoAcknowledgement,  ///< of a message
    NotMqtt,            ///< the very first bytes are no CONNACK
  };
  Kind kind = Kind::Malformed;
  wire::ReasonCode reason = wire::ReasonCode::MalformedPacket;
  std::string rule;  ///< "MQTT-3.2.0-2"
  std::string what;  ///< a lower-case sentence without full stop
};

/// The server's limits as its CONNACK gave them; before MQTT 5 the defaults.
struct ServerLimits {
  std::uint16_t keep_alive_s = 0;
  std::uint16_t receive_maximum = 65'535;
  wire::Qos maximum_qos = wire::Qos::ExactlyOnce;
  bool retain_available = true;
  std::uint32_t maximum_packet_size = wire::kMaxPacketSize;
  std::uint16_t topic_alias_maximum = 0;
  bool wildcard_subscriptions = true;
  bool subscription_identifiers = true;
  bool shared_subscriptions = true;

  /// Takes one property of a CONNACK; others than limits are passed over.
  void take(const wire::Property& property);
};

/// What happens, in the order it does. Calls come from inside feed(), publish() and the like.
class ClientStateListener {
 public:
  virtual ~ClientStateListener() = default;
  /// Any CONNACK; ClientState::connected() tells whether it accepted. What is to be sent again is
  /// queued by now.
  virtual void on_connack(const wire::Connack& connack) = 0;
  /// Once for each message, whatever the network did; the topic alias is resolved.
  virtual void on_message(const wire::Publish& message) = 0;
  /// The end of a QoS 1 or 2 publication; a reason code of 0x80 and above is a refusal. `sent`: the
  /// first time.
  virtual void on_acknowledged(std::uint64_t token, wire::ReasonCode reason, TimePoint sent) = 0;
  /// PUBREC came for a QoS 2 publication; PUBREL has been appended to the output.
  virtual void on_released(std::uint64_t) {}
  virtual void on_suback(std::uint64_t token, Bytes codes) = 0;
  /// `codes` is empty before MQTT 5.
  virtual void on_unsuback(std::uint64_t token, Bytes codes) = 0;
  /// SUBACK or UNSUBACK did not come within the limit; once for each request. It is still waited
  /// for.
  virtual void on_request_overdue(std::uint64_t /*token*/, bool /*subscribe*/) {}
  /// The server's DISCONNECT (MQTT 5).
  virtual void on_server_disconnect(const wire::Disconnect& disconnect) = 0;
  /// Only with trace(true).
  virtual void on_packet_sent(const wire::Packet&) {}
  virtual void on_packet_received(const wire::Packet&) {}
};

class ClientState {
 public:
  /// Once this much is unacknowledged, the window counts as full.
  static constexpr std::size_t kMaxInflightOctets = 8 * 1024 * 1024;

  /// Packets are appended to `out`, which is to be empty at connection_opened().
  ClientState(SessionSettings settings, ClientStateListener& listener, SendQueue& out);

  // --- the connection's life
  /// The network stands: CONNECT is appended.
  void connection_opened(TimePoint now);
  /// Takes what was read. False: the server broke the protocol, see fault(); nothing more may be
  /// fed.
  bool feed(Bytes bytes, TimePoint now);
  /// The network is gone; `out` has been cleared. Keeps the session.
  void connection_lost();
  /// Appends DISCONNECT; nothing may be sent after it [MQTT-3.14.4-2].
  void disconnect(wire::ReasonCode reason = wire::ReasonCode::Success,
                  wire::PropertiesView properties = {});
  /// When tick() wants to be called next; kNever when there is nothing to wait for.
  TimePoint next_tick() const;
  /// Keep-alive: sends PINGREQ, notices a dead peer. `taken`: how much of all that was appended to
  /// `out` the peer's system has acknowledged. False as for feed().
  bool tick(TimePoint now, std::uint64_t taken);
  /// Sends a PINGREQ although it is not due; its answer confirms all that was sent before.
  void ping(TimePoint now);
  /// The same, unless every QoS 0 message is confirmed or will be by the answer to the last one.
  void confirm_qos0(TimePoint now) {
    if (unconfirmed_qos0() > 0 && (pings_open_ == 0 || qos0_at_ping_ != qos0_sent_)) ping(now);
  }
  /// While nothing is read, a missing PINGRESP is not the server's fault.
  void set_reading(bool reading, TimePoint now);

  bool connected() const { return link_ == Link::Connected; }
  bool session_present() const { return session_present_; }
  const std::optional<ProtocolFault>& fault() const { return fault_; }
  const ServerLimits& limits() const { return limits_; }
  /// With the identifier that the server assigned, if it did.
  const SessionSettings& settings() const { return settings_; }
  void set_credentials(std::optional<std::string> username, std::optional<std::string> password);
  /// For the next connection.
  void set_connack_timeout(Duration limit) { settings_.connack_timeout = limit; }
  void set_clean_start(bool clean) { settings_.clean_start = clean; }

  // --- publishing
  struct Outgoing {
    Bytes topic;
    Bytes payload;
    std::shared_ptr<const std::string> owner;  ///< holds `payload`: it is then not copied
    wire::Qos qos = wire::Qos::AtMostOnce;
    bool retain = false;
    wire::PropertiesView properties;
    std::uint16_t packet_id = 0;  ///< of QoS 1 and 2; 0: chosen here
  };
  enum class Accept : std::uint8_t {
    Sent,        ///< appended to the queue
    WindowFull,  ///< QoS 1, 2: as many are unacknowledged as may be, or the identifier is in use
    NotConnected,
    TooLarge,  ///< for the server or the protocol
    QosNotSupported,
    RetainNotSupported,
    BadTopicAlias,  ///< beyond the server's maximum
  };
  /// Topic, properties and sizes of fields are checked by the caller. Only Sent has an effect.
  /// `token` comes back in on_acknowledged(); it is not used at QoS 0.
  Accept publish(const Outgoing& message, std::uint64_t token, TimePoint now);
  /// Before the first connection: a message of QoS 1 or 2 with its identifier that was sent before,
  /// by another object. `released`: PUBREC had come. False: the identifier is in use.
  bool restore(const Outgoing& message, bool released, std::uint64_t token, TimePoint now);
  /// What publish() would answer for reasons of limits alone (Sent or a refusal).
  Accept check_limits(const Outgoing& message) const {
    return check_limits(message, limits_, settings_.version);
  }
  static Accept check_limits(const Outgoing& message, const ServerLimits& limits,
                             wire::ProtocolVersion version);
  std::size_t inflight() const { return inflight_.size(); }
  std::size_t window() const;
  bool window_full() const {
    return inflight_.size() >= window() || inflight_.octets() >= kMaxInflightOctets;
  }
  /// In the order of publishing.
  std::vector<std::uint64_t> unacknowledged_tokens();
  /// QoS 0 messages appended since the server last answered something sent after them.
  std::uint64_t unconfirmed_qos0() const { return qos0_sent_ - qos0_confirmed_; }
  std::uint64_t retransmitted() const { return retransmitted_; }
  /// Packets from the server that belong to messages: PUBLISH and all that answer one, either way.
  std::uint64_t message_packets() const { return message_packets_; }

  // --- subscribing
  /// Sends the request; connected() must hold. The packet identifier is chosen here.
  void subscribe(std::vector<wire::SubscriptionRequest> requests, std::uint64_t token,
                 wire::PropertiesView properties, TimePoint now);
  void unsubscribe(std::vector<Bytes> filters, std::uint64_t token, wire::PropertiesView properties,
                   TimePoint now);
  std::size_t pending_requests() const { return requests_.size(); }

  void trace(bool on) { trace_ = on; }

 private:
  enum class Link : std::uint8_t { Offline, AwaitConnack, Connected, Disconnecting };
  struct Request {
    std::uint16_t packet_id;
    bool subscribe;
    std::size_t filters;
    std::uint64_t token;
    Awaited answer;
    bool told = false;  ///< that it is overdue
  };

  bool handle(const wire::Frame& frame, TimePoint now);
  bool handle_connack(const wire::Connack& connack, TimePoint now);
  bool handle_publish(const wire::Frame& frame, TimePoint now);
  bool handle_reply(const wire::Frame& frame, TimePoint now);
  bool handle_answer(const wire::PublishReply& reply, TimePoint now);
  bool handle_pubrel(const wire::PublishReply& reply, TimePoint now);
  bool handle_request_ack(bool subscribe, std::uint16_t packet_id, Bytes codes,
                          wire::PropertiesView properties);
  bool break_off(ProtocolFault::Kind kind, std::string rule, std::string what,
                 wire::ReasonCode reason);
  bool break_off(const wire::Malformed& why);
  void resume_session(TimePoint now);
  void send_again(InflightMessage& message, TimePoint now);
  void send_next_unsent(TimePoint now);
  void take_limits(const wire::Connack& connack);
  void send(const wire::Packet& packet, TimePoint now);
  void send_reply(wire::PacketType type, std::uint16_t id, wire::ReasonCode reason, TimePoint now);
  void send_inflight(InflightMessage& message, bool dup, TimePoint now);
  void note_sent(TimePoint now) { last_sent_ = now; }
  bool pingresp_expected() const;
  void look(std::uint64_t taken, TimePoint now);
  bool acknowledgement_overdue(TimePoint now);
  void tell_overdue_requests(TimePoint now);
  /// The oldest that is waited for; nullptr when none is.
  Request* overdue_candidate();
  const Request* overdue_candidate() const;
  Awaited awaited_of(const InflightMessage& message) const {
    return {message.end, std::max(message.sent, publish_moved_)};
  }
  void watch_publish(TimePoint now) {
    if (publish_look_ == kNever && settings_.publish_timeout > 0ns) {
      publish_look_ = now + std::min(settings_.publish_timeout / 8, Duration(500ms));
    }
  }
  bool id_taken(std::uint16_t id) const;

  // What every message needs comes first: with thousands of clients each line of the processor's
  // cache counts.
  ClientStateListener& listener_;
  SendQueue& out_;
  Link link_ = Link::Offline;
  bool session_present_ = false;
  bool reading_ = true;
  bool trace_ = false;
  bool first_bytes_ = true;
  std::uint16_t receive_maximum_ = 65'535;  ///< what we told the server
  ServerLimits limits_;
  Inflight inflight_;
  wire::Framer framer_;
  TimePoint last_sent_;
  TimePoint publish_look_ = kNever;  ///< when acknowledgements are next looked at; kNever: not
  TimePoint publish_moved_;          ///< a message was acknowledged, or some of the oldest left
  Silence silence_;
  Awaited connack_;
  Awaited ping_;                 ///< the latest
  TimePoint ping_due_ = kNever;  ///< a QoS 0 stream wants to know what has arrived
  std::uint64_t qos0_sent_ = 0;
  std::uint64_t message_packets_ = 0;
  std::vector<Request> requests_;
  std::vector<std::uint16_t> unsent_;  ///< to be sent again on this connection as the window allows
  SessionSettings settings_;

  PacketIdSet received_qos2_;       ///< PUBREC sent, PUBREL not yet seen
  PacketIdSet received_qos2_here_;  ///< those of them that came over the present connection
  IncomingTopicAliases incoming_aliases_;
  OutgoingTopicAliases outgoing_aliases_;
  std::optional<ProtocolFault> fault_;
  unsigned pings_open_ = 0;  ///< PINGREQ without PINGRESP
  std::uint64_t qos0_confirmed_ = 0;
  std::uint64_t qos0_at_ping_ = 0;
  std::uint64_t retransmitted_ = 0;
};

}  // namespace mqtk
