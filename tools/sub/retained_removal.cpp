#include "sub/retained_removal.hpp"

namespace mqtk::sub {

namespace {

std::string messages(std::uint64_t count) {
  return std::to_string(count) + " retained message" + (count == 1 ? "" : "s");
}

}  // namespace

void RetainedRemoval::take(Client& client, const MessageView& message) {
  // An empty one is what a removal looks like to others.
  if (!message.retain || message.payload.empty()) return;
  ++found_;
  if (!really_) return;
  std::string topic(message.topic);
  if (!waiting_.empty() || !publish(client, topic)) waiting_.push_back(std::move(topic));
}

/// False: there is no room.
bool RetainedRemoval::publish(Client& client, const std::string& topic) {
  OutgoingMessage message;
  message.topic = topic;
  message.qos = wire::Qos::AtLeastOnce;
  message.retain = true;
  const PublishStatus status = client.publish(message, found_);
  if (status == PublishStatus::Full) return false;
  if (status == PublishStatus::Accepted) {
    ++open_;
  } else if (++refused_ == 1) {
    first_refusal_ = client.last_error();
  }
  return true;
}

void RetainedRemoval::on_published(const PublishOutcome& outcome) {
  --open_;
  if (outcome.ok) {
    ++removed_;
  } else if (++refused_ == 1) {
    first_refusal_ = outcome.error;
  }
}

void RetainedRemoval::on_writable(Client& client) {
  while (!waiting_.empty() && publish(client, waiting_.front())) waiting_.pop_front();
}

int RetainedRemoval::finish() {
  if (!really_) {
    report_.note(messages(found_) + " would be removed" +
                 (found_ > 0 ? "; nothing was, --remove-retained=yes does it" : ""));
    return 0;
  }
  const std::uint64_t lost = open_ + waiting_.size();
  report_.note(messages(removed_) + " removed");
  if (refused_ + lost == 0) return 0;
  Error error =
      refused_ > 0 ? first_refusal_ : Error{ErrorKind::Failed, Cause::None, "not acknowledged", {}};
  error.message = messages(refused_ + lost) + " could not be removed: " + error.message;
  return report_.finish(error);
}

}  // namespace mqtk::sub
