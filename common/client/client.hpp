// What a tool sees of MQTT, whichever engine is behind it. All calls and callbacks happen in the
// loop's thread. A client reconnects as its configuration says and keeps what QoS 1 and 2 promise
// across that.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "client/message.hpp"
#include "session/attempt_report.hpp"
#include "session/client_config.hpp"

namespace mqtk {

class EventLoop;

/// The caller's name for a publish or a subscription request; given back with its outcome.
using Token = std::uint64_t;

enum class PublishStatus : std::uint8_t {
  Accepted,  ///< the outcome comes through on_published()
  Full,      ///< not taken: wait for on_writable() and offer it again
  Refused,   ///< can never be sent as it is; see last_error()
};

struct PublishOutcome {
  bool ok = true;  ///< acknowledged; at QoS 0: handed to the operating system
  wire::ReasonCode reason = wire::ReasonCode::Success;
  Error error;             ///< when not ok
  Duration latency = 0ns;  ///< from sending to the acknowledgement; 0 at QoS 0
};

struct SubscribeOutcome {
  std::string filter;
  bool ok = true;
  std::uint8_t code = 0;  ///< as in SUBACK
};

struct ClientCounts {
  std::uint64_t published = 0;     ///< accepted by publish()
  std::uint64_t acknowledged = 0;  ///< QoS 1 and 2: by the server; QoS 0: written to the connection
  std::uint64_t failed = 0;
  std::uint64_t received = 0;
  std::uint64_t retransmitted = 0;
  std::uint64_t dropped = 0;  ///< thrown away by WhenFull::DropOldest
  /// QoS 0 messages handed to a connection that then broke: how many may not have arrived, and how
  /// many of those never left this process.
  std::uint64_t unconfirmed = 0;
  std::uint64_t unsent = 0;
  /// The connection did not break: at the end the server did not answer a PINGREQ that followed
  /// them.
  bool unanswered = false;
  std::uint64_t connections = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
};

enum class PacketDirection : std::uint8_t { Sent, Received };

class ClientListener {
 public:
  virtual ~ClientListener() = default;
  /// CONNACK accepted. Subscriptions known to the client are renewed after this call.
  virtual void on_connected(const ConnectionInfo& info) = 0;
  /// An attempt failed or a connection was lost, and another try follows after `retry_in`.
  virtual void on_retry(const Error& why, Duration retry_in) = 0;
  /// The client is at its end: after stop() with a null error, or because of `error`. Last
  /// callback.
  virtual void on_end(const Error* error) = 0;
  virtual void on_message(const MessageView&) {}
  /// After the on_message() calls of one wake-up, before their acknowledgements are written out.
  virtual void on_messages_end() {}
  virtual void on_published(Token, const PublishOutcome&) {}
  /// QoS 2: the server has the message (PUBREC). PUBREL is written after the on_messages_end() that
  /// follows, so whoever outlives the process can put that on disk before.
  virtual void on_released(Token) {}
  /// publish() may be called again after it answered Full.
  virtual void on_writable() {}
  virtual void on_subscribed(Token, std::span<const SubscribeOutcome>) {}
  virtual void on_unsubscribed(Token, std::span<const SubscribeOutcome>) {}
  /// Only with report_attempts(true): how far an attempt to connect came, before on_connected(),
  /// on_retry() or on_end() tells its outcome.
  virtual void on_attempt(const AttemptReport&) {}
  /// Only with trace_packets(true): every packet, before its effect.
  virtual void on_packet(PacketDirection, const wire::Packet&, wire::ProtocolVersion) {}
};

struct Subscription {
  std::string filter;
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool no_local = false;
  bool retain_as_published = false;
  wire::RetainHandling retain_handling = wire::RetainHandling::Send;
};

enum class DisconnectMode : std::uint8_t {
  Normal,    ///< DISCONNECT
  WithWill,  ///< MQTT 5: DISCONNECT with reason 0x04; before: as Abrupt
  Abrupt,    ///< the connection is closed without a word, so that the will is published
};

class Client {
 public:
  virtual ~Client() = default;

  /// Begins to connect. The listener must outlive the client.
  virtual void start() = 0;
  /// Waits until everything accepted is acknowledged or failed, then disconnects; on_end() follows.
  virtual void stop(DisconnectMode mode = DisconnectMode::Normal) = 0;
  /// Disconnects at once; what is not acknowledged stays so.
  virtual void abort(DisconnectMode mode = DisconnectMode::Normal) = 0;

  /// Before start(): a message of an earlier run that is not acknowledged, with the identifier that
  /// it was sent under. `released`: on_released() has told of it. False: it cannot be taken.
  virtual bool restore(const OutgoingMessage&, bool /*released*/, Token) { return false; }
  /// `token` comes back in on_published(). QoS 0 is only taken while connected.
  virtual PublishStatus publish(const OutgoingMessage& message, Token token) = 0;
  /// Remembered and renewed on reconnection. Sent in requests of at most eight filters; one outcome
  /// for all.
  virtual void subscribe(std::vector<Subscription> subscriptions, Token token,
                         wire::PropertiesView properties = {}) = 0;
  virtual void unsubscribe(std::vector<std::string> filters, Token token,
                           wire::PropertiesView properties = {}) = 0;

  /// Stops taking bytes from the socket, for a reader that cannot keep up; keep-alive goes on.
  virtual void pause_receiving(bool paused) = 0;
  virtual void trace_packets(bool on) = 0;
  virtual void report_attempts(bool) {}
  /// Sends a PINGREQ now; its answer is seen by who traces packets. False: this engine cannot.
  virtual bool ping() { return false; }

  virtual bool connected() const = 0;
  /// Accepted but neither acknowledged nor failed yet (QoS 0: not yet written).
  virtual std::size_t pending() const = 0;
  virtual const Error& last_error() const = 0;
  virtual ClientCounts counts() const = 0;
};

/// Our own engine on `loop`. The configuration must be valid (options/ sees to that).
std::unique_ptr<Client> make_native_client(EventLoop& loop, ClientConfig config,
                                           ClientListener& listener);

}  // namespace mqtk
