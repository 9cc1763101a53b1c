// Everything a client needs to know to connect and stay connected: validated values, no open files,
// no handles. One type for both engines and all tools.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/endpoint.hpp"
#include "net/proxy/proxy.hpp"
#include "net/tls/tls.hpp"
#include "net/websocket/websocket.hpp"
#include "wire/packets.hpp"

namespace mqtk {

struct WillConfig {
  std::string topic;
  std::string payload;
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;
  wire::Properties properties;  ///< MQTT 5
};

/// Published by the client itself right after each successful connection.
struct BirthConfig {
  std::string topic;
  std::string payload;
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;
};

struct Credentials {
  std::optional<std::string> username;
  std::optional<std::string> password;
};
/// Asked before every connection attempt, since tokens expire. Errors are Configuration.
using CredentialSource = std::function<Result<Credentials>()>;

enum class WhenFull : std::uint8_t { Block, DropOldest, Error };

struct ReconnectPolicy {
  bool enabled = false;            ///< after the loss of a connection that had been accepted
  bool retry_first = false;        ///< also while the first connection has not been made
  Duration retry_first_for = 0ns;  ///< how long; 0: without limit
  Duration minimum = 1s;           ///< doubles with jitter up to maximum; 0: no delay
  Duration maximum = 60s;
};

struct ClientConfig {
  std::vector<Endpoint>
      endpoints;  ///< tried in this order, at first and on reconnection; never empty
  IpFamily ip_family = IpFamily::Any;
  std::string bind_address;
  bool tcp_nodelay = true;
  std::optional<ProxyConfig> proxy;
  TlsConfig tls;              ///< used by endpoints that use TLS
  WebSocketConfig websocket;  ///< used by endpoints that use WebSocket
  /// For URLs that expire: asked before every attempt; replaces `endpoints` and the WebSocket
  /// target.
  std::function<Result<std::pair<Endpoint, std::string>>()> endpoint_source;
  /// The hosts of `endpoints` are domains whose service records name the brokers (RFC 2782); their
  /// ports mean nothing.
  bool service_records = false;
  ConnectTimeouts timeouts;

  wire::ProtocolVersion version = wire::ProtocolVersion::V311;
  std::string client_id;             ///< empty: an empty one is sent
  bool client_id_generated = false;  ///< ours, not asked for
  bool clean_start = true;
  CredentialSource credentials;  ///< may be empty: none
  std::optional<WillConfig> will;
  std::optional<BirthConfig> birth;
  std::uint16_t keep_alive_s = 60;   ///< 0: off
  Duration ping_timeout = 10s;       ///< 0: none
  Duration publish_timeout = 30s;    ///< one publish unacknowledged while connected; 0: none
  std::uint16_t max_inflight = 100;  ///< QoS 1 and 2 messages not yet acknowledged, 1..65535
  std::uint32_t max_packet_size = wire::kMaxPacketSize;  ///< largest packet we accept
  std::uint16_t topic_alias_maximum = 0;                 ///< MQTT 5: aliases we accept
  wire::Properties connect_properties;     ///< MQTT 5, besides those that fields here imply
  wire::Properties disconnect_properties;  ///< MQTT 5

  /// Keep the session across reconnections of this run and delete it at its end: what exactly-once
  /// delivery of a stream needs. Without clean_start the run goes on with the session of an earlier
  /// one, and deletes it only when nothing is left unacknowledged.
  bool session_for_run = false;
  std::size_t queue_size = 100;  ///< messages of QoS 1 and 2 accepted while offline
  WhenFull when_full = WhenFull::Block;
  ReconnectPolicy reconnect;
  bool resubscribe_always = false;  ///< also when the session was present
  /// May messages wait up to 1 ms so that many are handled in one wake-up (never the first after a
  /// pause)?
  bool batch_wakeups = true;
};

/// The limits in force: ours and the server's (MQTT 5 CONNACK).
struct NegotiatedLimits {
  std::uint16_t keep_alive_s = 60;
  std::uint16_t receive_maximum = 65'535;  ///< of the server
  wire::Qos maximum_qos = wire::Qos::ExactlyOnce;
  bool retain_available = true;
  std::uint32_t maximum_packet_size = wire::kMaxPacketSize;
  std::uint16_t topic_alias_maximum = 0;  ///< of the server
  bool wildcard_subscriptions = true;
  bool subscription_identifiers = true;
  bool shared_subscriptions = true;
};

/// A connection as it was made.
struct ConnectionInfo {
  Endpoint endpoint;
  std::string address;  ///< the one that answered, "127.0.0.1:1883"
  std::string local_address;
  wire::ProtocolVersion version = wire::ProtocolVersion::V311;
  std::string client_id;  ///< assigned by the server where it did so
  bool session_present = false;
  NegotiatedLimits limits;
  ConnectTimings timings;
  std::optional<TlsInfo> tls;
  std::optional<WebSocketInfo> websocket;
  unsigned attempt = 1;  ///< 1 for the first connection, then one more each time
};

}  // namespace mqtk
