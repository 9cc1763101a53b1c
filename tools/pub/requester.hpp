// The policy of mqtt-pub --request: subscribes to the response topic, publishes one request after
// the other, and prints the answer to each. An answer is no retained message, comes after its
// request, carries its correlation data (MQTT 5) and contains what --match asks for.
#pragma once

#include <optional>
#include <string>

#include "client/client.hpp"
#include "options/run.hpp"
#include "output/message_format.hpp"
#include "output/message_template.hpp"
#include "output/writer.hpp"
#include "pub/message_source.hpp"

namespace mqtk::pub {

struct RequestOptions {
  std::string response_topic;
  Subscription subscription;  ///< to it
  wire::Properties subscribe_properties;
  wire::ProtocolVersion version = wire::ProtocolVersion::V5;
  std::string match;  ///< what an answer must contain; empty: anything
  bool latency = false;
  MessageFormat format;
  std::optional<MessageTemplate> print;  ///< -F, instead of `format`
  bool pretty = false;                   ///< with it
};

class Requester final : public ClientListener, public Job {
 public:
  Requester(RequestOptions options, const ClientConfig& config, DisconnectMode disconnect,
            MessageSource& source, Writer& writer, Host& host);

  void start(Client& client);

  void on_connected(const ConnectionInfo& info) override;
  void on_retry(const Error& why, Duration retry_in) override;
  void on_end(const Error* error) override;
  void on_message(const MessageView& message) override;
  void on_messages_end() override;
  void on_published(Token token, const PublishOutcome& outcome) override;
  void on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_writable() override { ask(); }
  void on_packet(PacketDirection direction, const wire::Packet& packet,
                 wire::ProtocolVersion version) override {
    log_.packet(direction, packet, version);
  }

  void on_alarm() override { ask(); }
  void on_wake() override;
  void on_progress_wanted() override;
  void on_interrupt() override;
  void on_deadline(Duration limit) override;

 private:
  enum class Phase : std::uint8_t { Connecting, Subscribing, Asking, Awaiting, Leaving, Stopped };

  void ask();
  void publish(const OutgoingMessage& message);
  bool answers(const MessageView& message) const;
  void print(const MessageView& message);
  void tell_latency(Duration latency);
  void leave(std::optional<Error> error = std::nullopt);
  void finish_when_written();
  std::string counters() const;

  RequestOptions options_;
  const ClientConfig& config_;
  DisconnectMode disconnect_;
  MessageSource& source_;
  Writer& writer_;
  Host& host_;
  ConnectionLog log_;
  Client* client_ = nullptr;
  Phase phase_ = Phase::Connecting;
  bool ended_ = false;
  std::optional<int> exit_code_;
  std::string correlation_;         ///< of the request under way
  std::string correlation_prefix_;  ///< of this run
  std::string match_;
  TimePoint asked_at_{};
  std::uint64_t asked_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t ignored_ = 0;  ///< messages on the response topic that answered nothing
  Duration fastest_ = Duration::max(), slowest_ = 0ns, sum_ = 0ns;
};

}  // namespace mqtk::pub
