// What Paho called back about, in the loop's thread; subscribing.
#include "client/paho/client.hpp"

#include <algorithm>
#include <utility>

#include "base/module.hpp"
#include "session/session_settings.hpp"

#ifdef MQTK_STATIC_PAHO
extern "C" const void* mqtk_module_paho(int version);
#endif

namespace mqtk {

Result<const PahoModule*> paho_module() {
#ifdef MQTK_HAVE_PAHO
#ifdef MQTK_STATIC_PAHO
  link_module("paho", &mqtk_module_paho);
#endif
  auto table = load_module("paho");
  if (!table) return fail(std::move(table.error()));
  return static_cast<const PahoModule*>(*table);
#else
  return fail(ErrorKind::Configuration, "this build has no paho engine",
              "install a build with paho-mqtt-cpp, or use the native engine");
#endif
}

PahoClient::PahoClient(EventLoop& loop, ClientConfig config, ClientListener& listener,
                       PahoPatience patience)
    : loop_(loop),
      config_(std::move(config)),
      listener_(listener),
      patience_(patience),
      settings_(session_settings(config_)),
      persistence_(config_.reconnect, config_.endpoints.size(),
                   static_cast<std::uint64_t>(monotonic_now().time_since_epoch().count())),
      waiting_(config_, listener_, counts_),
      turn_later_(loop, [this] { turn(); }),
      waker_(loop, [this] { turn(); }) {}

PahoClient::~PahoClient() = default;

ClientCounts PahoClient::counts() const {
  ClientCounts counts = counts_;
  counts.connections = connections_;
  return counts;
}

void PahoClient::start() {
  persistence_.started(monotonic_now());
  starting_ = true;
  turn_later_.schedule();
}

void PahoClient::pause_receiving(bool paused) {
  paused_ = paused;
  if (!paused) turn_later_.schedule();
}

void PahoClient::turn() {
  if (std::exchange(starting_, false)) {
    stage_ = Stage::Connecting;
    attempt();
    return;
  }
  drain();
  if (std::exchange(spoilt_, false)) drop_link();
  if (std::exchange(left_, false)) {
    left();
  } else if (stopping_ && pending() == 0 &&
             (stage_ == Stage::Connecting || stage_ == Stage::Diagnosing ||
              stage_ == Stage::Waiting)) {
    end(nullptr);
  } else {
    leave_if_done();
  }
}

// A wake-up comes for what is queued after the queue was emptied, so that has to be the last thing.
void PahoClient::drain() {
  const std::uint64_t received = counts_.received;
  handle_fetched();
  if (!paused_ && link_) {
    events_.clear();
    event_ = 0;
    link_->take(events_);
    handle_fetched();
  }
  if (stage_ == Stage::Ended) return;
  if (counts_.received != received) listener_.on_messages_end();
  if (stage_ != Stage::Connected) return;
  drain_waiting();
  tell_writable();
}

void PahoClient::handle_fetched() {
  while (event_ < events_.size() && !paused_ && stage_ != Stage::Ended) {
    PahoEvent event = std::move(events_[event_++]);
    handle(event);
  }
}

void PahoClient::handle(PahoEvent& event) {
  switch (event.kind) {
    case PahoEvent::Kind::Connected:
      accepted(event);
      break;
    case PahoEvent::Kind::ConnectFailed:
      refused(event);
      break;
    case PahoEvent::Kind::Lost:
      lost();
      break;
    case PahoEvent::Kind::ServerDisconnect:
      server_said_ = explain_disconnect(
          {static_cast<wire::ReasonCode>(event.reason), wire::PropertiesView(event.properties)},
          settings_.client_id);
      if (stage_ == Stage::Connected) dismissed();
      break;
    case PahoEvent::Kind::Disconnected:
      lost();
      break;
    case PahoEvent::Kind::Message:
      deliver(event);
      break;
    case PahoEvent::Kind::Published:
      ++answers_;
      published(event);
      break;
    case PahoEvent::Kind::Subscribed:
      ++answers_;
      subscribed(event);
      break;
    case PahoEvent::Kind::Unsubscribed:
      ++answers_;
      unsubscribed(event);
      break;
  }
}

void PahoClient::deliver(const PahoEvent& event) {
  ++counts_.received;
  progress_ = true;
  if (stage_ != Stage::Connected) return;
  MessageView view;
  view.topic = event.topic;
  view.payload = event.payload;
  view.qos = event.qos;
  view.retain = event.retain;
  view.dup = event.dup;
  view.packet_id = event.packet_id;
  view.properties = wire::PropertiesView(event.properties);
  listener_.on_message(view);
}

void PahoClient::subscribe(std::vector<Subscription> subscriptions, Token token,
                           wire::PropertiesView properties) {
  const std::uint32_t group =
      subscriptions_.add(std::move(subscriptions), token, std::string(properties.raw()));
  if (connected()) send_group(group);
}

// What Paho does not take, because the connection is gone already, is sent on the next one.
void PahoClient::send_group(std::uint32_t group) {
  for (const std::uint64_t name : subscriptions_.requests(group)) {
    const std::uint64_t request = next_request_++;
    const auto sent =
        link_->subscribe(subscriptions_.filters(subscriptions_.request(name)),
                         wire::PropertiesView(subscriptions_.group(group).properties), request);
    if (sent) subscribe_requests_.emplace(request, name);
  }
}

void PahoClient::unsubscribe(std::vector<std::string> filters, Token token,
                             wire::PropertiesView properties) {
  unsubscriptions_.push_back({std::move(filters), std::string(properties.raw()), token, false});
  if (connected()) send_unsubscription(unsubscriptions_.size() - 1);
}

void PahoClient::send_unsubscription(std::size_t index) {
  const Unsubscription& wanted = unsubscriptions_[index];
  const std::uint64_t request = next_request_++;
  const auto sent =
      link_->unsubscribe(wanted.filters, wire::PropertiesView(wanted.properties), request);
  if (sent) unsubscribe_requests_.emplace(request, index);
}

void PahoClient::subscribed(const PahoEvent& event) {
  const auto found = subscribe_requests_.find(event.request);
  if (found == subscribe_requests_.end()) return;  // asked on an earlier connection
  const std::uint64_t name = found->second;
  subscribe_requests_.erase(found);
  if (!event.ok) return;
  SubscriptionList::Group* group = subscriptions_.answer(name, event.codes);
  if (group == nullptr) return;
  const bool all_ok = std::all_of(group->outcomes.begin(), group->outcomes.end(),
                                  [](const SubscribeOutcome& outcome) { return outcome.ok; });
  if (std::exchange(group->told, true) && all_ok) return;
  const std::vector<SubscribeOutcome> outcomes = group->outcomes;
  listener_.on_subscribed(group->token, outcomes);
}

void PahoClient::unsubscribed(const PahoEvent& event) {
  const auto found = unsubscribe_requests_.find(event.request);
  if (found == unsubscribe_requests_.end()) return;
  Unsubscription& wanted = unsubscriptions_[found->second];
  unsubscribe_requests_.erase(found);
  if (!event.ok) return;
  wanted.done = true;
  std::vector<SubscribeOutcome> outcomes;
  for (const std::string& filter : wanted.filters) {
    const std::size_t i = outcomes.size();
    const std::uint8_t code = i < event.codes.size() ? u8(event.codes[i]) : std::uint8_t{0};
    outcomes.push_back({filter, code < 0x80, code});
    subscriptions_.remove(filter);
  }
  const Token token = wanted.token;
  listener_.on_unsubscribed(token, outcomes);
}

}  // namespace mqtk
