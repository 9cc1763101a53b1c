#include "inspect/topics/topics.hpp"

#include "inspect/shared/probe_phases.hpp"

namespace mqtk::inspect {

namespace {

constexpr Token kTopicsToken = 1;
constexpr Duration kTopicsTick = 1s;

}  // namespace

TopicsJob::TopicsJob(EventLoop& loop, Host& host, ClientConfig config, TopicsOptions options)
    : ClientJob(loop, host, std::move(config)),
      options_(std::move(options)),
      store_(options_.limits),
      tick_(loop, [this] { tick(); }),
      limit_(loop, [this] { conclude(); }) {
  report_.target = target_text(config_);
  report_.filters = options_.filters;
}

void TopicsJob::begin(const ConnectionInfo&) {
  if (std::exchange(begun_, true)) return;
  std::vector<Subscription> subscriptions;
  for (const std::string& filter : options_.filters) {
    subscriptions.push_back({.filter = filter, .qos = options_.qos});
  }
  client_->subscribe(std::move(subscriptions), kTopicsToken);
}

void TopicsJob::on_subscribed(Token, std::span<const SubscribeOutcome> outcomes) {
  if (subscribed_ != kNever) return;
  for (const SubscribeOutcome& outcome : outcomes) {
    if (auto denied = denial_of(outcome)) return fail_with(std::move(*denied));
  }
  subscribed_ = host_.now();
  if (options_.duration > 0ns) limit_.after(options_.duration);
  tick();
}

void TopicsJob::on_message(const MessageView& message) {
  if (now_ == TimePoint{}) now_ = host_.now();
  store_.add(message, now_);
}

void TopicsJob::tick() {
  store_.tick(host_.now());
  tick_.after(kTopicsTick);
}

void TopicsJob::report(const Error* error) {
  tick_.cancel();
  limit_.cancel();
  if (error != nullptr) report_.error = *error;
  report_.now = host_.now();
  if (subscribed_ != kNever) report_.observed = report_.now - subscribed_;
  print(options_.json ? topics_json(report_, store_, options_)
                      : topics_text(report_, store_, options_));
}

}  // namespace mqtk::inspect
