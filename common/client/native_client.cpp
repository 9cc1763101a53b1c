// Publishing, subscribing and the turn of the loop.
#include "client/native_client.hpp"

#include <algorithm>
#include <utility>

#include "base/units.hpp"

namespace mqtk {

using wire::Qos;

namespace {

constexpr Token kBirthToken = ~Token{0};

SessionSettings session_settings(const ClientConfig& config) {
  SessionSettings settings;
  settings.version = config.version;
  settings.client_id = config.client_id;
  settings.clean_start = config.clean_start;
  settings.keep_alive_s = config.keep_alive_s;
  settings.ping_timeout = config.ping_timeout;
  settings.max_inflight = config.max_inflight;
  settings.max_packet_size = config.max_packet_size;
  settings.topic_alias_maximum = config.topic_alias_maximum;
  settings.connect_properties = config.connect_properties;
  if (config.will) {
    settings.will =
        SessionSettings::Will{config.will->topic, config.will->payload, config.will->qos,
                              config.will->retain, config.will->properties};
  }
  if (config.session_for_run) {
    if (config.version == wire::ProtocolVersion::V5) {
      const wire::PropertiesView given = config.connect_properties;
      if (!given.find(wire::PropertyId::SessionExpiryInterval)) {
        constexpr std::uint32_t kOneDay = 86'400;
        settings.connect_properties.add(wire::PropertyId::SessionExpiryInterval, kOneDay);
      }
    } else {
      settings.clean_start = false;
    }
  }
  return settings;
}

}  // namespace

std::unique_ptr<Client> make_native_client(EventLoop& loop, ClientConfig config,
                                           ClientListener& listener) {
  return std::make_unique<NativeClient>(loop, std::move(config), listener);
}

NativeClient::NativeClient(EventLoop& loop, ClientConfig config, ClientListener& listener)
    : loop_(loop),
      config_(std::move(config)),
      listener_(listener),
      connection_(loop, *this),
      state_(session_settings(config_), *this, connection_.out()),
      turn_later_(loop, [this] { turn(); }),
      backoff_(config_.reconnect.minimum, config_.reconnect.maximum,
               static_cast<std::uint64_t>(monotonic_now().time_since_epoch().count())) {}

NativeClient::~NativeClient() = default;

std::size_t NativeClient::pending() const {
  return queue_.size() + state_.inflight() + (sent_qos0_.size() - sent_qos0_head_);
}

ClientCounts NativeClient::counts() const {
  ClientCounts counts = counts_;
  counts.retransmitted = state_.retransmitted();
  counts.connections = connections_;
  return counts;
}

void NativeClient::trace_packets(bool on) {
  tracing_ = on;
  state_.trace(on);
}

bool NativeClient::ping() {
  if (stage_ != Stage::Connected) return false;
  state_.ping(monotonic_now());
  turn_later_.schedule();
  return true;
}

void NativeClient::pause_receiving(bool paused) {
  receiving_paused_ = paused;
  connection_.pause_reading(paused);
  state_.set_reading(!paused, monotonic_now());
  arm_tick();
}

PublishStatus NativeClient::refuse(Error error) {
  last_error_ = std::move(error);
  return PublishStatus::Refused;
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
    return enqueue(message, token);
  }
  if (connection_.out().size() >= Connection::kHighWater) {
    connection_.flush();
    confirm_written();
    if (connection_.out().size() >= Connection::kHighWater || !state_.connected()) {
      want_writable_ = true;
      return PublishStatus::Full;
    }
  }
  ClientState::Outgoing outgoing;
  outgoing.topic = message.topic;
  outgoing.payload = message.payload;
  outgoing.owner = message.owner;
  outgoing.qos = message.qos;
  outgoing.retain = message.retain;
  outgoing.properties = message.properties;
  const PublishStatus status = send(outgoing, token);
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

PublishStatus NativeClient::enqueue(const OutgoingMessage& message, Token token) {
  if (queue_.size() >= config_.queue_size) {
    switch (config_.when_full) {
      case WhenFull::Block:
        want_writable_ = true;
        return PublishStatus::Full;
      case WhenFull::Error:
        return refuse({ErrorKind::Failed,
                       Cause::MqttLost,
                       "the queue for the time without a connection is full",
                       {}});
      case WhenFull::DropOldest: {
        if (queue_.empty()) {
          want_writable_ = true;
          return PublishStatus::Full;
        }
        const Token dropped = queue_.front().token;
        queue_.pop_front();
        ++counts_.dropped;
        PublishOutcome outcome;
        outcome.ok = false;
        outcome.error = {ErrorKind::Failed,
                         Cause::MqttLost,
                         "dropped from the full queue while there was no connection",
                         {}};
        listener_.on_published(dropped, outcome);
        break;
      }
    }
  }
  std::shared_ptr<const std::string> payload = message.owner;
  if (!payload || payload->data() != message.payload.data() ||
      payload->size() != message.payload.size()) {
    payload = std::make_shared<const std::string>(message.payload);
  }
  queue_.push_back({std::string(message.topic), std::move(payload), message.qos, message.retain,
                    std::string(message.properties.raw()), token});
  ++counts_.published;
  return PublishStatus::Accepted;
}

void NativeClient::drain_queue() {
  while (!queue_.empty() && state_.connected() && !state_.window_full() &&
         connection_.out().size() < Connection::kHighWater) {
    const QueuedMessage message = std::move(queue_.front());
    queue_.pop_front();
    ClientState::Outgoing outgoing;
    outgoing.topic = message.topic;
    outgoing.payload = *message.payload;
    outgoing.owner = message.payload;
    outgoing.qos = message.qos;
    outgoing.retain = message.retain;
    outgoing.properties = wire::PropertiesView(message.properties);
    if (send(outgoing, message.token) == PublishStatus::Refused) {
      ++counts_.failed;
      PublishOutcome outcome;
      outcome.ok = false;
      outcome.error = last_error_;
      listener_.on_published(message.token, outcome);
    }
  }
}

void NativeClient::subscribe(std::vector<Subscription> subscriptions, Token token,
                             wire::PropertiesView properties) {
  const std::uint32_t group =
      subscriptions_.add(std::move(subscriptions), token, std::string(properties.raw()));
  if (state_.connected()) send_group(group);
}

void NativeClient::send_group(std::uint32_t group) {
  for (const std::uint64_t name : subscriptions_.requests(group)) {
    state_.subscribe(subscriptions_.filters(subscriptions_.request(name)), name,
                     wire::PropertiesView(subscriptions_.group(group).properties), monotonic_now());
  }
  turn_later_.schedule();
}

void NativeClient::unsubscribe(std::vector<std::string> filters, Token token,
                               wire::PropertiesView properties) {
  unsubscriptions_.push_back({std::move(filters), std::string(properties.raw()), token, false});
  if (!state_.connected()) return;
  const Unsubscription& request = unsubscriptions_.back();
  state_.unsubscribe({request.filters.begin(), request.filters.end()}, unsubscriptions_.size() - 1,
                     wire::PropertiesView(request.properties), monotonic_now());
  turn_later_.schedule();
}

void NativeClient::on_data(Bytes data) {
  counts_.bytes_in += data.size();
  if (first_bytes_.size() < 16) first_bytes_.append(data.substr(0, 16 - first_bytes_.size()));
  if (!state_.feed(data, monotonic_now())) {
    connection_.flush();
    connection_ended(explain_fault(*state_.fault(), config_.endpoints[endpoint_], first_bytes_));
    return;
  }
  if (server_said_) {
    const Error why = *server_said_;
    connection_ended(why);
  }
}

Duration NativeClient::on_data_end(TimePoint woke) {
  const std::size_t packets = std::exchange(packets_in_batch_, 0);
  listener_.on_messages_end();
  if (stage_ != Stage::Connected) return 0ns;
  drain_queue();
  tell_writable();
  leave_if_done();
  if (stage_ != Stage::Connected) return 0ns;
  flush();
  arm_tick();
  if (!config_.batch_wakeups) return 0ns;
  // A window is never left to run dry: at most half of what is outstanding may gather.
  constexpr std::size_t kBrokersUsualWindow = 20;
  std::size_t may_gather = 4096;
  if (state_.inflight() > 0) may_gather = std::min(may_gather, state_.inflight() / 2);
  if (qos_received_) may_gather = std::min(may_gather, kBrokersUsualWindow / 2);
  if (state_.pending_requests() > 0) may_gather = 0;
  return pacer_.after(woke, monotonic_now(), packets, may_gather);
}

void NativeClient::on_drained() {
  confirm_written();
  drain_queue();
  tell_writable();
}

void NativeClient::tell_writable() {
  if (!want_writable_ || stopping_ || !state_.connected() || !queue_.empty()) return;
  if (connection_.out().size() >= Connection::kHighWater) return;
  want_writable_ = false;
  listener_.on_writable();
}

void NativeClient::turn() {
  if (std::exchange(starting_, false)) {
    attempt();
  } else if (left_orderly_) {
    left(*std::exchange(left_orderly_, std::nullopt));
  } else if (stopping_ && stage_ != Stage::Connected && stage_ != Stage::Leaving &&
             stage_ != Stage::DeletingSession && pending() == 0) {
    connection_.close();
    end(nullptr);
  } else {
    flush();
  }
}

void NativeClient::flush() {
  if (stage_ != Stage::Connected) return;
  messages_since_clock_ = ~0U - 1;
  if (stopping_ && queue_.empty()) state_.confirm_qos0(monotonic_now());
  connection_.flush();
  if (stage_ != Stage::Connected) return;
  confirm_written();
  tell_writable();
  leave_if_done();
  arm_tick();
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

void NativeClient::on_message(const wire::Publish& message) {
  ++packets_in_batch_;
  ++counts_.received;
  if (message.qos != Qos::AtMostOnce) qos_received_ = true;
  if (stage_ != Stage::Connected) return;
  MessageView view;
  view.topic = message.topic;
  view.payload = message.payload;
  view.qos = message.qos;
  view.retain = message.retain;
  view.dup = message.dup;
  view.packet_id = message.packet_id;
  view.properties = message.properties;
  listener_.on_message(view);
}

void NativeClient::on_acknowledged(std::uint64_t token, wire::ReasonCode reason, TimePoint sent) {
  ++packets_in_batch_;
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

void NativeClient::on_suback(std::uint64_t name, Bytes codes) {
  SubscriptionList::Group* group = subscriptions_.answer(name, codes);
  if (group == nullptr) return;
  const bool all_ok = std::all_of(group->outcomes.begin(), group->outcomes.end(),
                                  [](const SubscribeOutcome& outcome) { return outcome.ok; });
  // A renewal is only worth a word when it was denied.
  if (std::exchange(group->told, true) && all_ok) return;
  const Token token = group->token;
  const std::vector<SubscribeOutcome> outcomes = group->outcomes;
  listener_.on_subscribed(token, outcomes);
}

void NativeClient::on_unsuback(std::uint64_t index, Bytes codes) {
  Unsubscription& request = unsubscriptions_[index];
  request.done = true;
  std::vector<SubscribeOutcome> outcomes;
  for (std::size_t i = 0; i < request.filters.size(); ++i) {
    const std::uint8_t code = i < codes.size() ? u8(codes[i]) : std::uint8_t{0};
    outcomes.push_back({request.filters[i], code < 0x80, code});
    subscriptions_.remove(request.filters[i]);
  }
  const Token token = request.token;
  listener_.on_unsubscribed(token, outcomes);
}

void NativeClient::on_packet_sent(const wire::Packet& packet) {
  listener_.on_packet(PacketDirection::Sent, packet, config_.version);
}

void NativeClient::on_packet_received(const wire::Packet& packet) {
  listener_.on_packet(PacketDirection::Received, packet, config_.version);
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

void NativeClient::arm_tick() {
  TimePoint next = state_.next_tick();
  if (config_.publish_timeout > 0ns && state_.connected() && state_.inflight() > 0) {
    // Exact when the timer fires; until then the newest message's deadline would only be later.
    next =
        std::min(next, tick_at_ == kNever ? monotonic_now() + config_.publish_timeout : tick_at_);
  }
  if (next >= tick_at_) return;
  if (!tick_timer_) {
    tick_timer_ = std::make_unique<Timer>(loop_, [this] {
      tick_at_ = kNever;
      tick();
    });
  }
  tick_at_ = next;
  tick_timer_->at(next);
}

void NativeClient::tick() {
  if (stage_ != Stage::Connected) return;
  const TimePoint now = monotonic_now();
  if (connection_.out().consumed_total() !=
      std::exchange(tick_progress_, connection_.out().consumed_total())) {
    state_.still_alive(now);
  }
  if (config_.publish_timeout > 0ns) {
    const TimePoint oldest = state_.oldest_unacknowledged();
    if (oldest != kNever && now >= oldest + config_.publish_timeout) {
      end_with({ErrorKind::Timeout, Cause::PubTimeout,
                "a message was not acknowledged within " + format_duration(config_.publish_timeout),
                "--publish-timeout sets how long to wait"});
      return;
    }
    if (oldest != kNever) {
      tick_at_ = std::min(state_.next_tick(), oldest + config_.publish_timeout);
      tick_timer_->at(tick_at_);
    }
  }
  if (!state_.tick(now)) {
    connection_.flush();
    connection_ended(explain_fault(*state_.fault(), config_.endpoints[endpoint_], first_bytes_));
    return;
  }
  flush();
  arm_tick();
}

}  // namespace mqtk
