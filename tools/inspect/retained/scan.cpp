#include "inspect/retained/scan.hpp"

#include <utility>

#include "inspect/shared/client_job.hpp"

namespace mqtk::inspect {

using wire::Qos;

namespace {

/// The tokens of scans, apart from those of messages.
constexpr Token kFirstToken = Token{1} << 60U;
/// Topics that are subscribed to singly at a time.
constexpr std::size_t kSingles = 64;

}  // namespace

RetainedScan::RetainedScan(EventLoop& loop, Client& client, std::vector<std::string> filters,
                           Duration quiet, std::function<void(const Error*)> done)
    : client_(client),
      filters_(std::move(filters)),
      quiet_time_(quiet),
      done_(std::move(done)),
      token_(kFirstToken),
      quiet_(loop, [this] { ask_whether_over(); }) {}

void RetainedScan::start(Detail detail) {
  detail_ = detail;
  found_.clear();
  missing_.clear();
  begin(detail == Detail::Exact ? Pass::Best : Pass::Plain, filters_,
        detail == Detail::Exact ? Qos::ExactlyOnce : Qos::AtMostOnce);
}

void RetainedScan::begin(Pass pass, std::vector<std::string> filters, Qos qos) {
  pass_ = pass;
  asked_ = false;
  // Some brokers send what is retained for new subscriptions only.
  if (!subscribed_.empty()) client_.unsubscribe(std::exchange(subscribed_, {}), ++token_);
  subscribed_ = std::move(filters);
  std::vector<Subscription> subscriptions;
  for (const std::string& filter : subscribed_) {
    subscriptions.push_back({.filter = filter, .qos = qos});
  }
  client_.subscribe(std::move(subscriptions), ++token_);
}

void RetainedScan::on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes) {
  if (token != token_ || pass_ == Pass::Idle) return;
  for (const SubscribeOutcome& outcome : outcomes) {
    const auto denied = denial_of(outcome);
    if (denied && pass_ != Pass::Single) return finish(&*denied);
  }
  quiet_.after(quiet_time_);
}

void RetainedScan::on_message(const MessageView& message) {
  if (!message.retain) {
    ++live_;
    return;
  }
  if (pass_ == Pass::Idle) return;
  asked_ = false;
  quiet_.after(quiet_time_);
  auto known = found_.find(message.topic);
  if (pass_ == Pass::Plain && detail_ == Detail::Exact) {
    if (known == found_.end()) missing_.emplace(message.topic);
    return;
  }
  if (known == found_.end())
    known = found_.emplace(std::string(message.topic), RetainedMessage()).first;
  RetainedMessage& entry = known->second;
  entry.payload = message.payload;
  entry.qos = message.qos;
  entry.properties = message.properties.raw();
  if (pass_ == Pass::Single && awaited_.erase(known->first) > 0 && awaited_.empty()) {
    quiet_.cancel();
    fetch_missing();
  }
}

void RetainedScan::ask_whether_over() {
  asked_ = true;
  client_.ping();
}

void RetainedScan::on_pong() {
  if (std::exchange(asked_, false)) pass_over();
}

void RetainedScan::pass_over() {
  quiet_.cancel();
  if (pass_ == Pass::Best) return begin(Pass::Plain, filters_, Qos::AtMostOnce);
  fetch_missing();
}

void RetainedScan::fetch_missing() {
  awaited_.clear();
  while (!missing_.empty() && awaited_.size() < kSingles) {
    awaited_.insert(missing_.extract(missing_.begin()));
  }
  if (awaited_.empty()) return finish(nullptr);
  begin(Pass::Single, {awaited_.begin(), awaited_.end()}, Qos::ExactlyOnce);
}

void RetainedScan::finish(const Error* error) {
  pass_ = Pass::Idle;
  quiet_.cancel();
  if (!subscribed_.empty()) client_.unsubscribe(std::exchange(subscribed_, {}), ++token_);
  done_(error);
}

}  // namespace mqtk::inspect
