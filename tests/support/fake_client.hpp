// A Client and a Host without socket and clock, so that a tool's policy can be tested step by step:
// the test plays the broker and the time.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "client/client.hpp"
#include "options/run.hpp"
#include "support/temp_file.hpp"

namespace mqtk::test {

class FakeClient final : public Client {
 public:
  struct Published {
    std::string topic;
    std::string payload;
    wire::Qos qos;
    bool retain;
    Token token;
    bool shared;  ///< given with its owner
  };

  explicit FakeClient(ClientListener& listener) : listener_(listener) {}

  // --- what the test says
  void connect(ConnectionInfo info = {}) {
    if (info.address.empty()) info.address = "127.0.0.1:1883";
    connected_ = true;
    listener_.on_connected(info);
  }
  void lose(const std::string& why = "the connection was reset") {
    connected_ = false;
    listener_.on_retry({ErrorKind::Unreachable, Cause::MqttLost, why, {}}, 1s);
  }
  /// How many publish() calls are accepted before Full.
  void set_room(std::size_t room) {
    room_ = room;
    if (room > 0) listener_.on_writable();
  }
  void acknowledge(std::size_t n = 1) {
    for (; n > 0; --n) settle({});
  }
  void refuse(Error error, wire::ReasonCode reason = wire::ReasonCode::NotAuthorized) {
    settle({.ok = false, .reason = reason, .error = std::move(error)});
  }
  void deliver(std::vector<std::pair<std::string, std::string>> messages, bool retain = false) {
    for (const auto& [topic, payload] : messages) {
      MessageView view;
      view.topic = topic;
      view.payload = payload;
      view.retain = retain;
      listener_.on_message(view);
      if (aborted) break;
    }
    listener_.on_messages_end();
  }
  void grant(std::vector<std::uint8_t> codes) {
    std::vector<SubscribeOutcome> outcomes;
    for (std::size_t i = 0; i < codes.size(); ++i) {
      outcomes.push_back({subscribed[i].filter, codes[i] < 0x80, codes[i]});
    }
    listener_.on_subscribed(subscribe_token, outcomes);
  }
  void end(const Error* error = nullptr) { listener_.on_end(error); }

  // --- what the test sees
  bool started = false;
  bool stopped = false;
  bool aborted = false;
  bool paused = false;
  bool refuse_next = false;
  Error refusal;
  ClientCounts client_counts;
  std::vector<Published> published;
  std::vector<Subscription> subscribed;
  std::vector<std::string> unsubscribed;
  Token subscribe_token = 0;
  Token unsubscribe_token = 0;

  // --- Client
  void start() override { started = true; }
  void stop(DisconnectMode) override { stopped = true; }
  void abort(DisconnectMode) override { aborted = true; }
  PublishStatus publish(const OutgoingMessage& message, Token token) override {
    if (refuse_next) return PublishStatus::Refused;
    if (room_ == 0 || (message.qos == wire::Qos::AtMostOnce && !connected_)) {
      return PublishStatus::Full;
    }
    --room_;
    published.push_back({std::string(message.topic), std::string(message.payload), message.qos,
                         message.retain, token, message.owner != nullptr});
    open_.push_back(token);
    return PublishStatus::Accepted;
  }
  void subscribe(std::vector<Subscription> subscriptions, Token token,
                 wire::PropertiesView) override {
    subscribed = std::move(subscriptions);
    subscribe_token = token;
  }
  void unsubscribe(std::vector<std::string> filters, Token token, wire::PropertiesView) override {
    unsubscribed = std::move(filters);
    unsubscribe_token = token;
  }
  void pause_receiving(bool pause) override { paused = pause; }
  void trace_packets(bool) override {}
  bool connected() const override { return connected_; }
  std::size_t pending() const override { return open_.size(); }
  const Error& last_error() const override { return refusal; }
  ClientCounts counts() const override { return client_counts; }

 private:
  void settle(PublishOutcome outcome) {
    const Token token = open_.front();
    open_.pop_front();
    listener_.on_published(token, outcome);
  }

  ClientListener& listener_;
  bool connected_ = false;
  std::size_t room_ = 1'000'000;
  std::deque<Token> open_;
};

class FakeHost final : public Host {
 public:
  TimePoint now() const override { return now_; }
  void set_alarm(TimePoint when) override { alarm = when; }
  void wake() override { ++wakes; }
  Report& report() override { return report_; }
  void finish(int code) override {
    if (!exit_code) exit_code = code;
  }

  /// Lets time pass; the alarm goes off when it is due.
  void pass(Duration time, Job& job) {
    const TimePoint end = now_ + time;
    while (alarm <= end) {
      now_ = std::max(now_, alarm);
      alarm = kNever;
      job.on_alarm();
    }
    now_ = end;
  }
  /// What was written to stderr so far.
  std::string said() const { return stderr_.content(); }

  TimePoint alarm = kNever;
  int wakes = 0;
  std::optional<int> exit_code;

 private:
  TimePoint now_ = TimePoint(1000s);
  TempFile stderr_;
  Report report_{"tool", stderr_.fd()};
};

}  // namespace mqtk::test
