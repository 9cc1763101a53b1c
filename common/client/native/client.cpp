// Subscribing, receiving and the turn of the loop.
#include "client/native/client.hpp"

#include <algorithm>
#include <utility>

#include "base/units.hpp"
#include "session/session_settings.hpp"

namespace mqtk {

using wire::Qos;

namespace {
// What may gather during a sleep: less than fills the socket's buffer, which would hold
// up the peer.
constexpr std::uint64_t kGatheredBytes = 65536;
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
      persistence_(config_.reconnect, config_.endpoints.size(),
                   static_cast<std::uint64_t>(monotonic_now().time_since_epoch().count())),
      queue_(config_, listener_, counts_) {}

NativeClient::~NativeClient() = default;

std::size_t NativeClient::pending() const {
  return queue_.size() + state_.inflight() + (sent_qos0_.size() - sent_qos0_head_);
}

ClientCounts NativeClient::counts() const {
  ClientCounts counts = counts_;
  counts.retransmitted = state_.retransmitted();
  counts.connections = connections_;
  counts.bytes_out = connection_.out().consumed_total() - octets_not_written_;
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
  if (!state_.feed(data, connection_.arrived())) {
    connection_.flush();
    connection_ended(explain_fault(*state_.fault(), endpoint(), first_bytes_));
    return;
  }
  if (server_said_) {
    const Error why = *server_said_;
    connection_ended(why);
  }
}

Duration NativeClient::on_data_end(TimePoint woke) {
  const std::uint64_t seen = state_.message_packets();
  const auto packets = static_cast<std::size_t>(seen - std::exchange(packets_seen_, seen));
  const std::uint64_t bytes = counts_.bytes_in - std::exchange(bytes_seen_, counts_.bytes_in);
  listener_.on_messages_end();
  if (stage_ != Stage::Connected) return 0ns;
  drain_queue();
  tell_writable();
  leave_if_done();
  if (stage_ != Stage::Connected) return 0ns;
  flush();
  arm_tick();
  if (!config_.batch_wakeups) return 0ns;
  return pacer_.after(woke, monotonic_now(), packets, may_gather(packets, bytes));
}

// A window is never left to run dry: at most half of what is outstanding may gather. `packets` with
// `bytes` came now.
BatchPacer::Gather NativeClient::may_gather(std::size_t packets, std::uint64_t bytes) const {
  constexpr std::size_t kBrokersUsualWindow = 20;
  BatchPacer::Gather may{4096, false};
  if (state_.pending_requests() > 0) return {0, false};
  if (state_.inflight() > 0) {
    may.packets = state_.inflight() / 2;
    // Of QoS 2 a broker works on so many at a time, however many wait; each brings two packets.
    if (last_publish_.qos == Qos::ExactlyOnce) {
      may = {std::min(may.packets, kBrokersUsualWindow), true};
    }
  }
  if (qos_received_) may.packets = std::min(may.packets, kBrokersUsualWindow / 2);
  if (bytes > 0) may.packets = std::min(may.packets, kGatheredBytes * packets / bytes);
  return may;
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

void NativeClient::on_message(const wire::Publish& message) {
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

void NativeClient::arm_tick() {
  const TimePoint next = state_.next_tick();
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
  if (!connection_.is_open() || stage_ == Stage::Leaving) return;
  if (!state_.tick(monotonic_now(), connection_.octets_taken())) {
    waited_in_vain();
    return;
  }
  flush();
  arm_tick();
}

void NativeClient::waited_in_vain() {
  const ProtocolFault& fault = *state_.fault();
  if (fault.kind == ProtocolFault::Kind::NoConnack) {
    connection_ended(explain_no_connack(monotonic_now() - connack_asked_, endpoint(),
                                        state_.settings(), first_bytes_));
  } else if (fault.kind == ProtocolFault::Kind::NoAcknowledgement) {
    end_with({ErrorKind::Timeout, Cause::PubTimeout,
              "a message was not acknowledged within " + format_duration(config_.publish_timeout),
              "--publish-timeout sets how long to wait"});
  } else {
    connection_.flush();
    connection_ended(explain_fault(fault, endpoint(), first_bytes_));
  }
}

}  // namespace mqtk
