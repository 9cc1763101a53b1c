// Publishing: what Paho has, what waits for a connection, and what became of it.
#include <algorithm>
#include <utility>

#include "base/units.hpp"
#include "client/engine_rules.hpp"
#include "client/paho/client.hpp"

namespace mqtk {

using wire::Qos;

namespace {

// What Paho may have queued of QoS 0; its lists are searched from one end.
constexpr std::size_t kMaxQos0 = 200;

}  // namespace

PublishStatus PahoClient::refuse(Error error) {
  last_error_ = std::move(error);
  return PublishStatus::Refused;
}

bool PahoClient::window_full(Qos qos) const {
  if (sent_.empty()) return false;
  if (sent_octets_ >= ClientState::kMaxInflightOctets) return true;
  if (qos == Qos::AtMostOnce) return sent_qos0_ >= kMaxQos0;
  const std::size_t window = std::min(config_.max_inflight, limits_.receive_maximum);
  return sent_.size() - sent_qos0_ >= window;
}

PublishStatus PahoClient::publish(const OutgoingMessage& message, Token token) {
  if (stopping_ || stage_ == Stage::Ended) {
    return refuse({ErrorKind::Failed, Cause::MqttLost, "the client is at its end", {}});
  }
  const bool at_once = connected() && (waiting_.empty() || message.qos == Qos::AtMostOnce);
  if (!at_once && !connected() && message.qos != Qos::AtMostOnce) {
    const PublishStatus status = waiting_.offer(message, token, last_error_);
    if (status == PublishStatus::Full) want_writable_ = true;
    return status;
  }
  if (!at_once || window_full(message.qos)) {
    want_writable_ = true;
    return PublishStatus::Full;
  }
  const PublishStatus status = send(message, token);
  if (status == PublishStatus::Accepted) ++counts_.published;
  return status;
}

PublishStatus PahoClient::send(const OutgoingMessage& message, Token token) {
  ClientState::Outgoing outgoing;
  outgoing.topic = message.topic;
  outgoing.payload = message.payload;
  outgoing.qos = message.qos;
  outgoing.retain = message.retain;
  outgoing.properties = message.properties;
  auto accept = ClientState::check_limits(outgoing, limits_, config_.version);
  if (message.properties.number(wire::PropertyId::TopicAlias).value_or(0) >
      limits_.topic_alias_maximum) {
    accept = ClientState::Accept::BadTopicAlias;
  }
  if (accept != ClientState::Accept::Sent) return refuse(explain_limit(accept, outgoing, limits_));

  const std::uint64_t request = next_request_++;
  const bool handed_over = link_->publish(message, request).has_value();
  if (!handed_over && message.qos == Qos::AtMostOnce) {
    want_writable_ = true;  // the connection is gone, which is about to be told
    return PublishStatus::Full;
  }
  Message& sent = sent_[request];
  if (message.qos == Qos::AtMostOnce) {
    ++sent_qos0_;
  } else {
    sent.kept = KeptMessage(message);
  }
  sent.token = token;
  sent.octets = message.topic.size() + message.payload.size();
  sent.sent = monotonic_now();
  sent.with_paho = handed_over;
  hand_over(sent.octets);
  sent.end = handed_over_;
  sent_octets_ += sent.octets;
  last_publish_ = {message.qos, message.retain, message.payload.size(), true};
  watch_acknowledgements();
  return PublishStatus::Accepted;
}

void PahoClient::hand_over(std::size_t octets) {
  handed_over_ += octets;
  silence_.look(handed_over_, monotonic_now());
}

void PahoClient::drain_waiting() {
  if (waiting_.empty()) return;
  waiting_.drain(
      [this](Qos qos) { return connected() && !window_full(qos); },
      [this](const OutgoingMessage& message, Token token) { return send(message, token); },
      last_error_);
}

// Paho sends again what belongs to a session that was kept; the rest is ours to hand over.
void PahoClient::resend() {
  for (auto& [request, message] : sent_) {
    message.sent = monotonic_now();
    hand_over(message.octets);
    message.end = handed_over_;
    if (message.with_paho || message.kept.qos == Qos::AtMostOnce) continue;
    ++counts_.retransmitted;
    message.with_paho = link_->publish(message.kept.view(), request).has_value();
  }
  watch_acknowledgements();
}

void PahoClient::send_birth() {
  if (!config_.birth) return;
  OutgoingMessage birth;
  birth.topic = config_.birth->topic;
  birth.payload = config_.birth->payload;
  birth.qos = config_.birth->qos;
  birth.retain = config_.birth->retain;
  send(birth, kBirthToken);
}

void PahoClient::tell_writable() {
  if (!want_writable_ || stopping_ || !connected() || !waiting_.empty()) return;
  if (window_full(Qos::AtMostOnce) || window_full(Qos::AtLeastOnce)) return;
  want_writable_ = false;
  listener_.on_writable();
}

void PahoClient::forget(std::uint64_t request) {
  const auto found = sent_.find(request);
  sent_octets_ -= found->second.octets;
  if (found->second.kept.qos == Qos::AtMostOnce) --sent_qos0_;
  sent_.erase(found);
}

void PahoClient::published(const PahoEvent& event) {
  const auto found = sent_.find(event.request);
  if (found == sent_.end()) return;
  Message& message = found->second;
  const auto reason = static_cast<wire::ReasonCode>(event.reason);
  const bool refused_by_server = !event.ok && is_failure(reason);
  if (!event.ok && !refused_by_server && message.kept.qos != Qos::AtMostOnce) {
    // The connection broke under it. Paho C 1.3.12 has freed the message by now, and would all the
    // same send what stands there on its next connection.
    message.with_paho = false;
    spoilt_ = true;
    turn_later_.schedule();
    return;
  }
  const Token token = message.token;
  PublishOutcome outcome;
  outcome.ok = event.ok;
  outcome.reason = reason;
  if (message.kept.qos != Qos::AtMostOnce) outcome.latency = monotonic_now() - message.sent;
  if (refused_by_server) {
    outcome.error = explain_publish_refusal(reason, {});
  } else if (!event.ok) {
    ++counts_.unsent;
    outcome.error = {ErrorKind::Failed,
                     Cause::MqttLost,
                     "the connection was lost before the message was sent",
                     {}};
  }
  // Of QoS 0 only our own system has told.
  const bool answered = event.ok || refused_by_server;
  if (answered && message.kept.qos != Qos::AtMostOnce) progress_ = true;
  if (message.kept.qos != Qos::AtMostOnce) {
    acknowledged_at_ = monotonic_now();
    silence_.answered(message.end);
  }
  forget(event.request);
  last_publish_.any_sent = sent_.size() > sent_qos0_;
  if (token == kBirthToken) return;
  ++(event.ok ? counts_.acknowledged : counts_.failed);
  listener_.on_published(token, outcome);
}

// At the end: what Paho still had queued is sent by nobody.
void PahoClient::fail_qos0() {
  std::vector<std::uint64_t> lost;
  for (const auto& [request, message] : sent_) {
    if (message.kept.qos == Qos::AtMostOnce) lost.push_back(request);
  }
  PahoEvent event;
  event.ok = false;
  for (const std::uint64_t request : lost) {
    event.request = request;
    published(event);
  }
}

void PahoClient::watch_acknowledgements() {
  if (config_.publish_timeout <= 0ns || sent_.size() == sent_qos0_) return;
  if (!publish_timer_) {
    publish_timer_ = std::make_unique<Timer>(loop_, [this] { acknowledgements_overdue(); });
  }
  if (!publish_timer_->pending()) publish_timer_->after(config_.publish_timeout);
}

void PahoClient::acknowledgements_overdue() {
  if (!connected()) return;
  const Message* oldest = nullptr;
  for (const auto& [request, message] : sent_) {
    if (message.kept.qos == Qos::AtMostOnce) continue;
    if (oldest == nullptr || message.sent < oldest->sent) oldest = &message;
  }
  if (oldest == nullptr) return;
  const TimePoint deadline = silence_.deadline(
      {oldest->end, std::max(oldest->sent, acknowledged_at_)}, config_.publish_timeout);
  if (monotonic_now() < deadline) {
    publish_timer_->at(deadline);
    return;
  }
  end_with({ErrorKind::Timeout, Cause::PubTimeout,
            "a message was not acknowledged within " + format_duration(config_.publish_timeout),
            "--publish-timeout sets how long to wait"});
}

}  // namespace mqtk
