// One client of Paho's: what it is asked goes out through paho-mqtt-cpp (in four places through
// the C library below it, see the source), what it calls back about goes into the queue.
#pragma once

#include <mqtt/async_client.h>

#include <memory>
#include <optional>
#include <string>

#include "client/paho/convert.hpp"
#include "client/paho/event_queue.hpp"
#include "client/paho/link.hpp"
#include "client/paho/no_web_proxies.hpp"

namespace mqtk {

/// See PahoModule::create.
Result<std::unique_ptr<PahoLink>> make_paho_link(const ClientConfig& config,
                                                 std::function<void()> wake);

class PahoSession final : public PahoLink, mqtt::iaction_listener {
 public:
  /// May throw what Paho throws.
  PahoSession(const ClientConfig& config, std::function<void()> wake);
  ~PahoSession() override;
  PahoSession(const PahoSession&) = delete;
  PahoSession& operator=(const PahoSession&) = delete;

  Result<void> connect(const PahoAttempt& attempt) override;
  Result<void> publish(const OutgoingMessage& message, std::uint64_t request) override;
  Result<void> subscribe(const std::vector<wire::SubscriptionRequest>& filters,
                         wire::PropertiesView properties, std::uint64_t request) override;
  Result<void> unsubscribe(const std::vector<std::string>& filters, wire::PropertiesView properties,
                           std::uint64_t request) override;
  Result<void> disconnect(wire::ReasonCode reason, wire::PropertiesView properties) override;
  void take(std::vector<PahoEvent>& out) override;

 private:
  // mqtt::iaction_listener, in Paho's threads: publish, subscribe, unsubscribe.
  void on_success(const mqtt::token& token) override;
  void on_failure(const mqtt::token& token) override;

  // Paho's C callbacks; `self` is the session.
  static void connected(void* self, MQTTAsync_successData* data);
  static void connected5(void* self, MQTTAsync_successData5* data);
  static void connect_failed(void* self, MQTTAsync_failureData* data);
  static void connect_failed5(void* self, MQTTAsync_failureData5* data);
  static void disconnected(void* self, MQTTAsync_successData* data);
  static void disconnected5(void* self, MQTTAsync_successData5* data);
  static void disconnect_failed(void* self, MQTTAsync_failureData* data);
  static void disconnect_failed5(void* self, MQTTAsync_failureData5* data);
  static int message_arrived(void* self, char* topic, int topic_length, MQTTAsync_message* message);

  /// A SUBSCRIBE that went out through the C library.
  struct Request {
    PahoSession* session;
    std::uint64_t name;
  };
  static void subscribed5(void* request, MQTTAsync_successData5* data);
  static void subscribe_failed5(void* request, MQTTAsync_failureData5* data);
  int subscribe_many_5(const std::vector<wire::SubscriptionRequest>& filters,
                       const mqtt::properties& properties, std::uint64_t name);

  void push(PahoEvent::Kind kind);

  ClientConfig config_;
  PahoEventQueue queue_;
  std::unique_ptr<PahoOptions> options_;  ///< of the present connection
  /// Paho has pointers to them until they are answered or it is destroyed.
  std::vector<std::unique_ptr<Request>> requests_;
  std::optional<NoWebProxies> hidden_;  ///< while it connects
  std::unique_ptr<mqtt::async_client> client_;
};

}  // namespace mqtk
