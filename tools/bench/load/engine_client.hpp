// A client of a load through the interface that all engines have (client/client.hpp): to see a
// broker as applications see it that are built on such an engine. What it does not tell - when a
// message was written, how long each phase of connecting took - is not counted.
#pragma once

#include <memory>
#include <unordered_map>

#include "bench/load/client.hpp"
#include "client/client.hpp"

namespace mqtk::bench {

class EngineClient final : public LoadClient, ClientListener {
 public:
  EngineClient(Workplace& place, Role role, std::uint32_t index);
  ~EngineClient() override;

  void connect() override;
  void cut() override {}
  void leave() override;
  bool gone() const override { return ended_; }
  void tick(TimePoint) override {}
  void owe(TimePoint due, TimePoint now) override;
  void pump(TimePoint now) override;
  void ping(TimePoint, TimePoint) override {}
  bool idle() const override;

 private:
  void on_connected(const ConnectionInfo& info) override;
  void on_retry(const Error& why, Duration retry_in) override;
  void on_end(const Error* error) override;
  void on_message(const MessageView& message) override;
  void on_published(Token token, const PublishOutcome& outcome) override;
  void on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_writable() override;

  bool may_send() const;
  bool send_one(TimePoint due, TimePoint now, bool punctual);
  void close_with(const Error& why);

  /// A message that the engine has accepted and not answered yet.
  struct Begun {
    TimePoint due{};
    std::uint32_t size = 0;
    bool measured = false;
  };

  std::string client_id_;
  std::unordered_map<Token, Begun> begun_;
  Token next_token_ = 1;
  TimePoint asked_{};
  bool attempting_ = false;
  bool ended_ = true;
  bool leaving_ = false;
  std::unique_ptr<Client> client_;  ///< destroyed first
};

}  // namespace mqtk::bench
