// The promises of Client, tested on every engine and version with the same words: a Party is one
// client with a loop of its own and a record of all it was told.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/engine.hpp"
#include "net/event_loop.hpp"
#include "support/catch.hpp"

namespace mqtk::test {

/// Whose promises they are.
struct Subject {
  Engine engine;
  wire::ProtocolVersion version;
};

/// One case for each engine and version; `subject` says which.
#define CONTRACT_CASE(body, name, engine, version)          \
  TEST_CASE(name) {                                         \
    body({Engine::engine, wire::ProtocolVersion::version}); \
  }
#define CONTRACT_OF_5(body, name)                      \
  static void body(const Subject& subject);            \
  CONTRACT_CASE(body, name " (native, 5)", Native, V5) \
  CONTRACT_CASE(body, name " (paho, 5)", Paho, V5)
#define CONTRACT_OF_ALL(body, name)                          \
  CONTRACT_OF_5(body, name)                                  \
  CONTRACT_CASE(body, name " (native, 3.1.1)", Native, V311) \
  CONTRACT_CASE(body, name " (paho, 3.1.1)", Paho, V311)     \
  static void body([[maybe_unused]] const Subject& subject)
#define CONTRACT_NAME_2(line) contract_in_line_##line
#define CONTRACT_NAME(line) CONTRACT_NAME_2(line)
#define CONTRACT(name) CONTRACT_OF_ALL(CONTRACT_NAME(__LINE__), name)
#define CONTRACT_MQTT5(name)                   \
  CONTRACT_OF_5(CONTRACT_NAME(__LINE__), name) \
  static void CONTRACT_NAME(__LINE__)([[maybe_unused]] const Subject& subject)

struct Arrived {
  std::string topic;
  std::string payload;
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;
  std::string properties;  ///< encoded
};

struct Outcome {
  Token token = 0;
  PublishOutcome outcome;
};

struct Answered {
  Token token = 0;
  std::vector<SubscribeOutcome> outcomes;
};

class Party final : ClientListener {
 public:
  Party(Engine engine, ClientConfig config) : engine_(engine), config_(std::move(config)) {}
  ~Party() override { destroy(); }
  Party(const Party&) = delete;
  Party& operator=(const Party&) = delete;

  /// Makes the client and starts it.
  Party& start();
  using Maker =
      std::function<std::unique_ptr<Client>(EventLoop&, const ClientConfig&, ClientListener&)>;
  /// The same with a client that is made otherwise.
  Party& start(const Maker& maker);
  /// start(), and runs until it is connected.
  bool connect();
  /// Runs the loop until the condition holds, or so long.
  template <typename Condition>
  bool run_until(Condition condition, Duration deadline = 60s) {
    const TimePoint end = monotonic_now() + deadline;
    Timer tick(loop_, [] {});
    while (!condition()) {
      if (monotonic_now() >= end) return condition();
      tick.after(5ms);
      loop_.run_once();
    }
    return true;
  }
  /// Runs it for so long, to see that nothing happens.
  void run_for(Duration time) {
    const TimePoint end = monotonic_now() + time;
    run_until([&] { return monotonic_now() >= end; }, time + 1s);
  }
  bool run_until_ended(Duration deadline = 60s) {
    return run_until([this] { return ended > 0; }, deadline);
  }
  /// stop() and run until the end; true when that was without an error.
  bool leave();
  void destroy() { client_.reset(); }

  PublishStatus publish(const std::string& topic, const std::string& payload, wire::Qos qos,
                        bool retain = false, wire::PropertiesView properties = {});
  /// publish(), run until it has its outcome; true when that is a good one.
  bool deliver(const std::string& topic, const std::string& payload, wire::Qos qos,
               bool retain = false, wire::PropertiesView properties = {});
  /// Subscribes and runs until it is answered; the codes.
  std::string subscribe(const std::vector<std::string>& filters,
                        wire::Qos qos = wire::Qos::ExactlyOnce);

  Client& client() { return *client_; }
  EventLoop& loop() { return loop_; }
  Token last_token() const { return next_token_ - 1; }
  std::vector<std::string> payloads() const;
  const Error& error() const { return *end_error; }

  std::vector<ConnectionInfo> connections;
  std::vector<Error> retries;
  std::vector<Arrived> arrived;
  std::vector<Outcome> outcomes;
  std::vector<Answered> subscribed;
  std::vector<Answered> unsubscribed;
  std::vector<PacketDirection> packets;
  unsigned writable = 0;
  unsigned ended = 0;
  unsigned callbacks = 0;  ///< all of them
  std::optional<Error> end_error;

 private:
  void on_connected(const ConnectionInfo& info) override;
  void on_retry(const Error& why, Duration) override;
  void on_end(const Error* error) override;
  void on_message(const MessageView& message) override;
  void on_published(Token token, const PublishOutcome& outcome) override;
  void on_writable() override;
  void on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_unsubscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;

  Engine engine_;
  ClientConfig config_;
  EventLoop loop_;
  Token next_token_ = 1;
  std::unique_ptr<Client> client_;
};

/// For 127.0.0.1:port, clean, no reconnection, with a client id of its own.
ClientConfig config_for(wire::ProtocolVersion version, std::uint16_t port);

/// Credentials, a will, and properties of each kind, as far as the version has them.
void add_all_that_connect_carries(ClientConfig& config);

/// A native client of 3.1.1 that is connected and, with filters, subscribed: the other side.
std::unique_ptr<Party> other_side(std::uint16_t port, const std::vector<std::string>& filters = {});

}  // namespace mqtk::test
