// The border of the Paho module: one client of Paho's behind an interface of ours. Calls come from
// the loop's thread; what Paho's threads have to tell is queued and fetched with take(). No
// exception leaves the module, and no wake-up comes after the link is destroyed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "client/message.hpp"
#include "session/client_config.hpp"

namespace mqtk {

/// Something that Paho called back about.
struct PahoEvent {
  enum class Kind : std::uint8_t {
    Connected,
    ConnectFailed,
    Lost,
    ServerDisconnect,  ///< MQTT 5; Lost follows
    Disconnected,      ///< as asked for
    Message,
    Published,
    Subscribed,
    Unsubscribed,
  };
  Kind kind = Kind::Lost;
  bool ok = true;
  bool session_present = false;
  int code = 0;               ///< Paho's return code; a CONNACK's code when it refused
  std::uint8_t reason = 0;    ///< MQTT 5
  std::string text;           ///< what Paho says of a failure
  std::uint64_t request = 0;  ///< Published, Subscribed, Unsubscribed: the caller's name for it
  std::string topic;
  std::string payload;
  std::string properties;  ///< encoded
  std::string codes;       ///< Subscribed, Unsubscribed: as in SUBACK
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;
  bool dup = false;
  std::uint16_t packet_id = 0;

  std::size_t size() const { return topic.size() + payload.size() + properties.size(); }
};

/// One attempt to connect.
struct PahoAttempt {
  Endpoint endpoint;
  Credentials credentials;
  bool clean_start = true;
  wire::Properties properties;  ///< MQTT 5
};

class PahoLink {
 public:
  virtual ~PahoLink() = default;
  /// Connected or ConnectFailed follows. Not while another attempt is under way.
  virtual Result<void> connect(const PahoAttempt& attempt) = 0;
  /// Published follows.
  virtual Result<void> publish(const OutgoingMessage& message, std::uint64_t request) = 0;
  /// Subscribed follows.
  virtual Result<void> subscribe(const std::vector<wire::SubscriptionRequest>& filters,
                                 wire::PropertiesView properties, std::uint64_t request) = 0;
  /// Unsubscribed follows.
  virtual Result<void> unsubscribe(const std::vector<std::string>& filters,
                                   wire::PropertiesView properties, std::uint64_t request) = 0;
  /// Disconnected follows.
  virtual Result<void> disconnect(wire::ReasonCode reason, wire::PropertiesView properties) = 0;
  /// Moves everything queued to the end of `out`, in order.
  virtual void take(std::vector<PahoEvent>& out) = 0;
};

struct PahoModule {
  /// `wake` is called from Paho's threads when something was queued. `config` is copied.
  Result<std::unique_ptr<PahoLink>> (*create)(const ClientConfig& config,
                                              std::function<void()> wake);
  std::string (*library_version)();
};

}  // namespace mqtk
