// Publishing: what is sent now, what waits for a connection, and what became of it.
#include <algorithm>
#include <utility>

#include "client/engine_rules.hpp"
#include "client/native/client.hpp"
#include "session/explain.hpp"

namespace mqtk {

using wire::Qos;

namespace {

ClientState::Outgoing outgoing_of(const OutgoingMessage& message) {
  ClientState::Outgoing outgoing;
  outgoing.topic = message.topic;
  outgoing.payload = message.payload;
  outgoing.owner = message.owner;
  outgoing.qos = message.qos;
  outgoing.retain = message.retain;
  outgoing.properties = message.properties;
  outgoing.packet_id = message.packet_id;
  return outgoing;
}

}  // namespace

PublishStatus NativeClient::refuse(Error error) {
  last_error_ = std::move(error);
  return PublishStatus::Refused;
}

bool NativeClient::restore(const OutgoingMessage& message, bool released, Token token) {
  if (stage_ != Stage::New ||
      !state_.restore(outgoing_of(message), released, token, monotonic_now())) {
    return false;
  }
  ++counts_.published;
  return true;
}

PublishStatus NativeClient::publish(const OutgoingMessage& message, Token token) {
  if (stopping_ || stage_ == Stage::Ended) {
    return refuse({ErrorKind::Failed, Cause::MqttLost, "the client is at its end", {}});
  }
  const bool at_once = state_.connected() && (queue_.empty() || message.qos == Qos::AtMostOnce);
  if (!at_once) {
    if (message.qos == Qos::AtMostOnce || state_.connected()) {
      want_writable_ = true;
      return PublishStatus::Full;
    }
    const PublishStatus status = queue_.offer(message, token, last_error_);
    if (status == PublishStatus::Full) want_writable_ = true;
    return status;
  }
  if (connection_.out().size() >= Connection::kHighWater) {
    connection_.flush();
    confirm_written();
    if (connection_.out().size() >= Connection::kHighWater || !state_.connected()) {
      want_writable_ = true;
      return PublishStatus::Full;
    }
  }
  const PublishStatus status = send(outgoing_of(message), token);
  if (status == PublishStatus::Accepted) ++counts_.published;
  return status;
}

PublishStatus NativeClient::send(const ClientState::Outgoing& message, Token token) {
  // Asking for the time costs as much as the rest of a small message; at QoS 0 a coarse one will
  // do.
  constexpr unsigned kMessagesPerClock = 64;
  if (message.qos != Qos::AtMostOnce || ++messages_since_clock_ >= kMessagesPerClock) {
    messages_since_clock_ = 0;
    publish_clock_ = monotonic_now();
  }
  const ClientState::Accept accept = state_.publish(message, token, publish_clock_);
  switch (accept) {
    case ClientState::Accept::Sent:
      break;
    case ClientState::Accept::WindowFull:
    case ClientState::Accept::NotConnected:
      want_writable_ = true;
      return PublishStatus::Full;
    case ClientState::Accept::TooLarge:
    case ClientState::Accept::QosNotSupported:
    case ClientState::Accept::RetainNotSupported:
    case ClientState::Accept::BadTopicAlias:
      return refuse(explain_limit(accept, message, state_.limits()));
  }
  if (message.qos == Qos::AtMostOnce) {
    sent_qos0_.push_back({connection_.out().appended_total(), token});
  }
  last_publish_ = {message.qos, message.retain, message.payload.size(), true};
  turn_later_.schedule();
  return PublishStatus::Accepted;
}

void NativeClient::drain_queue() {
  if (queue_.empty()) return;
  queue_.drain(
      [this](Qos) {
        return state_.connected() && !state_.window_full() &&
               connection_.out().size() < Connection::kHighWater;
      },
      [this](const OutgoingMessage& message, Token token) {
        return send(outgoing_of(message), token);
      },
      last_error_);
}

// QoS 0 counts as done when its last octet was handed to the operating system.
void NativeClient::confirm_written() {
  const std::uint64_t written = connection_.out().consumed_total();
  const PublishOutcome outcome;
  while (sent_qos0_head_ < sent_qos0_.size() && sent_qos0_[sent_qos0_head_].end <= written) {
    ++counts_.acknowledged;
    listener_.on_published(sent_qos0_[sent_qos0_head_++].token, outcome);
  }
  if (sent_qos0_head_ == sent_qos0_.size()) {
    sent_qos0_.clear();
    sent_qos0_head_ = 0;
  }
}

void NativeClient::on_acknowledged(std::uint64_t token, wire::ReasonCode reason, TimePoint sent) {
  last_publish_.any_sent = state_.inflight() > 0;
  if (token == kBirthToken) return;
  PublishOutcome outcome;
  outcome.reason = reason;
  outcome.latency = monotonic_now() - sent;
  if (is_failure(reason)) {
    ++counts_.failed;
    outcome.ok = false;
    outcome.error = explain_publish_refusal(reason, {});
  } else {
    ++counts_.acknowledged;
  }
  listener_.on_published(token, outcome);
}

void NativeClient::send_birth() {
  if (!config_.birth) return;
  ClientState::Outgoing birth;
  birth.topic = config_.birth->topic;
  birth.payload = config_.birth->payload;
  birth.qos = config_.birth->qos;
  birth.retain = config_.birth->retain;
  state_.publish(birth, kBirthToken, monotonic_now());
}

}  // namespace mqtk
