// The account of a client: connections and what it publishes.
#include "bench/load/client.hpp"

#include <algorithm>
#include <utility>

#include "bench/load/direct_client.hpp"
#include "bench/load/engine_client.hpp"
#include "session/explain.hpp"

namespace mqtk::bench {

using wire::Qos;

std::uint64_t token_of(TimePoint due, bool measured) {
  return static_cast<std::uint64_t>(due.time_since_epoch().count()) << 1U | (measured ? 1U : 0U);
}
bool is_measured(std::uint64_t token) {
  return (token & 1U) != 0;
}
TimePoint due_of(std::uint64_t token) {
  return TimePoint(Duration(static_cast<std::int64_t>(token >> 1U)));
}

LoadClient::LoadClient(Workplace& place, Role role, std::uint32_t index)
    : place_(place), index_(index), role_(role) {
  if (role == Role::Publisher) publish_ = std::make_unique<PublishSide>();
  if (role == Role::Subscriber) receive_ = std::make_unique<ReceiveSide>();
}

LoadClient::~LoadClient() = default;

std::unique_ptr<LoadClient> make_load_client(Workplace& place, Role role, std::uint32_t index) {
  if (place.scenario.engine == Engine::Native) {
    return std::make_unique<DirectClient>(place, role, index);
  }
  return std::make_unique<EngineClient>(place, role, index);
}

void LoadClient::count_opened(const std::string& client_id) {
  opened_ = true;
  cut_ = not_made_again_ = false;
  ++place_.tally.flow.open;
  if (std::exchange(ever_stood_, true)) {
    ++place_.tally.connections.reconnected;
  } else {
    ++place_.tally.connections.opened;
  }
  const Scenario& scenario = place_.scenario;
  if (publish_ && publish_->topic.empty()) {
    Identity identity = scenario.identity(role_, index_);
    identity.client_id = client_id;
    publish_->topic = scenario.topic_of(index_, identity);
  }
  if (receive_ && receive_->filter.empty()) {
    Identity identity = scenario.identity(role_, index_);
    identity.client_id = client_id;
    receive_->filter = scenario.filter_of(index_, identity);
  }
}

void LoadClient::count_closed(bool lost) {
  if (!std::exchange(opened_, false)) return;
  --place_.tally.flow.open;
  if (lost) ++place_.tally.connections.lost;
}

void LoadClient::count_cut() {
  cut_ |= opened_;
  count_closed(false);
}

void LoadClient::count_left() {
  count_closed(false);
  if (std::exchange(not_made_again_, false)) ++place_.tally.connections.lost;
}

void LoadClient::stand() {
  stands_ = true;
  place_.attempt_over(*this);
  if (!std::exchange(decided_, true)) place_.decided(*this);
}

void LoadClient::give_up() {
  stands_ = false;
  if (!std::exchange(given_up_, true)) ++place_.given_up;
  if (std::exchange(decided_, true)) return;
  if (!ever_stood_) ++place_.tally.connections.failed;
  place_.decided(*this);
}

void LoadClient::begin_phase(std::uint64_t quota) {
  publish_->sequence = 0;
  publish_->owed = 0;
  publish_->quota = quota;
  publish_->written = 0;
  publish_->refused = 0;
}

bool LoadClient::wants_to_send() const {
  if (!place_.order.active) return false;
  return place_.order.pacer != nullptr ? publish_->owed > 0 : publish_->sequence < publish_->quota;
}

bool LoadClient::count_due(bool may_send) {
  const bool punctual = publish_->owed == 0 && may_send;
  ++publish_->owed;
  if (place_.order.measured) {
    ++place_.tally.by_qos[static_cast<std::size_t>(place_.scenario.qos)].scheduled;
    if (!punctual) ++place_.tally.held_up;
  }
  return punctual;
}

TimePoint LoadClient::next_due(TimePoint now) const {
  const Order& order = place_.order;
  if (order.pacer == nullptr) return now;
  return order.start + order.pacer->due(publish_->sequence * place_.scenario.publishers + index_);
}

PayloadHeader LoadClient::next_header(TimePoint due, TimePoint now) const {
  PayloadHeader header;
  header.measured = place_.order.measured;
  header.run = place_.scenario.run;
  header.stream = index_;
  header.sequence = publish_->sequence;
  header.due_ns = due.time_since_epoch().count();
  header.delay = now - due;
  return header;
}

void LoadClient::message_begun() {
  ++publish_->sequence;
  if (place_.order.pacer != nullptr) {
    --publish_->owed;
  } else if (place_.order.measured) {
    ++place_.tally.by_qos[static_cast<std::size_t>(place_.scenario.qos)].scheduled;
  }
}

void LoadClient::count_written(std::uint32_t size, bool measured) {
  Tally& tally = place_.tally;
  ++tally.flow.sent;
  tally.flow.sent_bytes += size;
  if (!measured) return;
  ++publish_->written;
  ++tally.by_qos[static_cast<std::size_t>(place_.scenario.qos)].sent;
  tally.sent_bytes += size;
}

void LoadClient::count_lateness(Duration late) {
  Tally& tally = place_.tally;
  tally.send_late.record(late);
  tally.send_late_max_ns =
      std::max(tally.send_late_max_ns, static_cast<std::uint64_t>(std::max(late, 0ns).count()));
}

void LoadClient::count_answer(TimePoint due, bool measured, wire::ReasonCode reason, TimePoint sent,
                              TimePoint now) {
  Tally& tally = place_.tally;
  const bool refused = wire::is_failure(reason);
  ++(refused ? tally.flow.failed : tally.flow.acked);
  if (refused) {
    tally.error(explain_publish_refusal(reason, publish_->topic), now - place_.started);
  }
  if (!measured) return;
  const Qos qos = place_.scenario.qos;
  MessageCounts& counts = tally.by_qos[static_cast<std::size_t>(qos)];
  if (refused) {
    ++counts.failed;
    ++publish_->refused;
    return;
  }
  ++counts.acked;
  LatencyPair& latency =
      tally.latency(qos == Qos::AtLeastOnce ? Latency::Puback : Latency::Pubcomp);
  latency.corrected.record(now - due);
  if (place_.order.pacer != nullptr) latency.uncorrected.record(now - sent);
}

}  // namespace mqtk::bench
