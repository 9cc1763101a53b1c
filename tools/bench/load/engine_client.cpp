#include "bench/load/engine_client.hpp"

#include <utility>

#include "client/engine.hpp"
#include "wire/codec.hpp"

namespace mqtk::bench {

using wire::Qos;

namespace {

constexpr unsigned kMessagesPerTurn = 64;

ClientConfig config_for(const Scenario& scenario, Role role, std::uint32_t index) {
  ClientConfig config = scenario.client;
  config.endpoints = {scenario.endpoint_of(role, index)};
  Identity identity = scenario.identity(role, index);
  config.client_id = std::move(identity.client_id);
  config.max_inflight = scenario.inflight;
  const bool own = scenario.username_template || !scenario.credentials.empty();
  if (own || (!config.credentials && (identity.username || identity.password))) {
    config.credentials = [identity]() -> Result<Credentials> {
      return Credentials{identity.username, identity.password};
    };
  }
  return config;
}

}  // namespace

EngineClient::EngineClient(Workplace& place, Role role, std::uint32_t index)
    : LoadClient(place, role, index) {}

EngineClient::~EngineClient() = default;

void EngineClient::connect() {
  ClientConfig config = config_for(place_.scenario, role_, index_);
  client_id_ = config.client_id;
  asked_ = monotonic_now();
  attempting_ = true;
  ended_ = false;
  ClientListener& listener = *this;
  client_ = make_client(place_.scenario.engine, place_.loop, std::move(config), listener);
  client_->start();
}

void EngineClient::on_connected(const ConnectionInfo& info) {
  const TimePoint now = monotonic_now();
  const Duration took = info.timings.total >= 0ns ? info.timings.total : now - asked_;
  place_.tally.latency(Latency::Connack).corrected.record(took);
  client_id_ = info.client_id;
  const bool again = ever_stood_;
  count_opened(client_id_);
  if (receive_ && !again) {
    asked_ = now;
    Subscription subscription;
    subscription.filter = receive_->filter;
    subscription.qos = place_.scenario.sub_qos;
    client_->subscribe({subscription}, 0, place_.scenario.properties.subscribe);
    return;
  }
  stands_ = true;
  if (std::exchange(attempting_, false)) stand();
}

void EngineClient::on_subscribed(Token, std::span<const SubscribeOutcome> outcomes) {
  place_.tally.latency(Latency::Suback).corrected.record(monotonic_now() - asked_);
  if (!outcomes.empty() && !outcomes.front().ok) {
    close_with({ErrorKind::Permission,
                Cause::SubDenied,
                "the broker denied the subscription to '" + receive_->filter + "'",
                {}});
    return;
  }
  stands_ = true;
  if (std::exchange(attempting_, false)) stand();
}

// The engine tries again by itself.
void EngineClient::on_retry(const Error& why, Duration) {
  place_.tally.error(why, monotonic_now() - place_.started);
  count_closed(true);
  stands_ = false;
}

void EngineClient::on_end(const Error* error) {
  ended_ = true;
  if (leaving_) return;
  if (error != nullptr) {
    place_.tally.error(*error, monotonic_now() - place_.started);
  }
  count_closed(true);
  if (std::exchange(attempting_, false)) place_.attempt_over(*this);
  give_up();
}

void EngineClient::close_with(const Error& why) {
  place_.tally.error(why, monotonic_now() - place_.started);
  count_closed(false);
  leaving_ = true;
  if (std::exchange(attempting_, false)) place_.attempt_over(*this);
  give_up();
  client_->abort();
}

void EngineClient::leave() {
  count_left();
  stands_ = false;
  leaving_ = true;
  if (!ended_) client_->abort(place_.scenario.disconnect);
}

bool EngineClient::may_send() const {
  return stands_ && !publish_->blocked &&
         (place_.scenario.qos == Qos::AtMostOnce || client_->pending() < place_.scenario.inflight);
}

void EngineClient::owe(TimePoint due, TimePoint now) {
  if (count_due(may_send()) && !send_one(due, now, true) && place_.order.measured) {
    ++place_.tally.held_up;
  }
}

void EngineClient::pump(TimePoint now) {
  unsigned sent = 0;
  while (wants_to_send() && may_send()) {
    if (++sent > kMessagesPerTurn) {
      place_.continue_soon(*this);
      return;
    }
    if (place_.order.pacer == nullptr) now = monotonic_now();
    if (!send_one(next_due(now), now, false)) return;
  }
}

// False: not taken now, or never.
bool EngineClient::send_one(TimePoint due, TimePoint now, bool punctual) {
  const Scenario& scenario = place_.scenario;
  const bool measured = place_.order.measured;
  OutgoingMessage message;
  message.topic = publish_->topic;
  message.payload = place_.payload.make(next_header(due, now), client_id_);
  message.qos = scenario.qos;
  message.retain = scenario.retain;
  message.properties = scenario.properties.publish;
  const Token token = next_token_++;
  const PublishStatus status = client_->publish(message, token);
  if (status == PublishStatus::Refused) close_with(client_->last_error());
  if (status == PublishStatus::Full) publish_->blocked = true;
  if (status != PublishStatus::Accepted) return false;
  wire::Publish packet{message.topic, message.payload, message.qos, message.retain};
  packet.packet_id = message.qos == Qos::AtMostOnce ? 0 : 1;
  packet.properties = message.properties;
  const std::uint64_t size = wire::publish_size(packet, scenario.client.version);
  begun_.emplace(token, Begun{due, static_cast<std::uint32_t>(size), measured});
  message_begun();
  if (measured && punctual) count_lateness(monotonic_now() - due);
  return true;
}

void EngineClient::on_published(Token token, const PublishOutcome& outcome) {
  const auto found = begun_.find(token);
  if (found == begun_.end()) return;
  const Begun message = found->second;
  begun_.erase(found);
  publish_->blocked = false;
  const TimePoint now = monotonic_now();
  const bool refused = !outcome.ok && wire::is_failure(outcome.reason);
  if (outcome.ok || refused) {
    count_written(message.size, message.measured);
    if (place_.scenario.qos != Qos::AtMostOnce) {
      count_answer(message.due, message.measured, outcome.reason, now - outcome.latency, now);
    }
  } else {
    place_.tally.error(outcome.error, now - place_.started);
  }
  if (wants_to_send()) place_.continue_soon(*this);
}

void EngineClient::on_writable() {
  if (!publish_) return;
  publish_->blocked = false;
  if (wants_to_send()) place_.continue_soon(*this);
}

void EngineClient::on_message(const MessageView& view) {
  wire::Publish message;
  message.topic = view.topic;
  message.payload = view.payload;
  message.qos = view.qos;
  message.retain = view.retain;
  message.dup = view.dup;
  message.packet_id = view.packet_id;
  message.properties = view.properties;
  count_arrival(message, place_.scenario.client.version, monotonic_now());
}

bool EngineClient::idle() const {
  if (!publish_ || ended_) return true;
  return !wants_to_send() && client_->pending() == 0;
}

}  // namespace mqtk::bench
