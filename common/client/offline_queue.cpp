#include "client/offline_queue.hpp"

#include <utility>

namespace mqtk {

KeptMessage::KeptMessage(const OutgoingMessage& message)
    : topic(message.topic),
      qos(message.qos),
      retain(message.retain),
      properties(message.properties.raw()) {
  const bool owned = message.owner && message.owner->data() == message.payload.data() &&
                     message.owner->size() == message.payload.size();
  payload = owned ? message.owner : std::make_shared<const std::string>(message.payload);
}

OutgoingMessage KeptMessage::view() const {
  OutgoingMessage message;
  message.topic = topic;
  message.payload = *payload;
  message.owner = payload;
  message.qos = qos;
  message.retain = retain;
  message.properties = wire::PropertiesView(properties);
  return message;
}

PublishStatus OfflineQueue::offer(const OutgoingMessage& message, Token token, Error& why) {
  std::optional<Token> dropped;
  if (size() >= config_.queue_size) {
    if (config_.when_full == WhenFull::Error) {
      why = {ErrorKind::Failed,
             Cause::MqttLost,
             "the queue for the time without a connection is full",
             {}};
      return PublishStatus::Refused;
    }
    if (config_.when_full == WhenFull::Block || empty()) return PublishStatus::Full;
    dropped = take().token;
  }
  messages_.push_back({KeptMessage(message), token});
  ++counts_.published;
  if (dropped) {
    ++counts_.dropped;
    fail(*dropped, {ErrorKind::Failed,
                    Cause::MqttLost,
                    "dropped from the full queue while there was no connection",
                    {}});
  }
  return PublishStatus::Accepted;
}

void OfflineQueue::drain(const std::function<bool(wire::Qos)>& ready,
                         const std::function<PublishStatus(const OutgoingMessage&, Token)>& send,
                         const Error& why) {
  while (!empty() && ready(messages_[head_].message.qos)) {
    const Entry entry = take();
    const PublishStatus status = send(entry.message.view(), entry.token);
    if (status == PublishStatus::Accepted) continue;
    if (status == PublishStatus::Full) {
      messages_.insert(messages_.begin() + static_cast<std::ptrdiff_t>(head_), entry);
      return;
    }
    ++counts_.failed;
    fail(entry.token, why);
  }
}

// What is taken leaves a gap at the front, which goes when it is the larger part.
OfflineQueue::Entry OfflineQueue::take() {
  Entry entry = std::move(messages_[head_++]);
  if (head_ * 2 > messages_.size()) {
    messages_.erase(messages_.begin(), messages_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  return entry;
}

void OfflineQueue::fail(Token token, Error why) {
  PublishOutcome outcome;
  outcome.ok = false;
  outcome.error = std::move(why);
  listener_.on_published(token, outcome);
}

}  // namespace mqtk
