#include "inspect/top/top.hpp"

#include "inspect/shared/probe_phases.hpp"
#include "inspect/trace/stream.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::inspect {

namespace {

constexpr Token kSubscribed = 1;
constexpr Token kCleared = 2;
constexpr Duration kTopTick = 500ms;

}  // namespace

TopJob::TopJob(EventLoop& loop, Host& host, ClientConfig config, TopOptions options,
               std::unique_ptr<TerminalScreen> screen)
    : ClientJob(loop, host, std::move(config)),
      options_(std::move(options)),
      store_(options_.limits),
      view_(target_text(config_), options_.allow_write),
      screen_(std::move(screen)),
      keyboard_(loop, screen_->fd(), [this](unsigned) { keys(); }),
      tick_(loop, [this] { tick(); }) {
  view_.set_status("connecting");
  keyboard_.watch(FdWatcher::kReadable);
  tick_.after(0ns);
}

void TopJob::begin(const ConnectionInfo&) {
  view_.set_status("");
  if (std::exchange(begun_, true)) return;
  std::vector<Subscription> subscriptions;
  for (const std::string& filter : options_.filters) subscriptions.push_back({.filter = filter});
  client_->subscribe(std::move(subscriptions), kSubscribed);
}

void TopJob::on_retry(const Error& why, Duration) {
  view_.set_status("connection lost: " + terminal_text(why.message));
}

void TopJob::on_subscribed(Token, std::span<const SubscribeOutcome> outcomes) {
  for (const SubscribeOutcome& outcome : outcomes) {
    if (auto denied = denial_of(outcome)) return fail_with(std::move(*denied));
  }
}

void TopJob::on_message(const MessageView& message) {
  if (now_ == TimePoint{}) now_ = host_.now();
  store_.add(message, now_);
  if (message.topic == view_.selected_topic())
    view_.selected_message(message.payload, clock_text());
}

void TopJob::on_published(Token, const PublishOutcome& outcome) {
  view_.set_status(outcome.ok ? "cleared" : "not cleared: " + terminal_text(outcome.error.message));
  draw();
}

void TopJob::keys() {
  for (int key = screen_->key(); key != kKeyNone; key = screen_->key()) {
    const TopView::Wish wish = view_.key(key);
    if (wish.quit) {
      conclude();
      return;
    }
    if (wish.clear_retained.empty()) continue;
    OutgoingMessage nothing;
    nothing.topic = wish.clear_retained;
    nothing.retain = true;
    nothing.qos = wire::Qos::AtLeastOnce;
    if (client_->publish(nothing, kCleared) != PublishStatus::Accepted) {
      view_.set_status("not cleared: " + terminal_text(client_->last_error().message));
    }
  }
  draw();
}

void TopJob::tick() {
  store_.tick(host_.now());
  draw();
  tick_.after(kTopTick);
}

void TopJob::draw() {
  if (!screen_) return;
  view_.update(store_, host_.now());
  screen_->draw(view_.render(screen_->rows(), screen_->columns()));
}

void TopJob::close_screen() {
  tick_.cancel();
  keyboard_.watch(0);
  screen_.reset();
}

// The screen goes before anything is said, and before a signal ends the process.
void TopJob::on_end(const Error* error) {
  close_screen();
  ClientJob::on_end(error);
}

void TopJob::on_interrupt() {
  close_screen();
  ClientJob::on_interrupt();
}

void TopJob::report(const Error*) {}

}  // namespace mqtk::inspect
