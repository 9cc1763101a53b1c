// What a client of our own engine publishes.
#include <algorithm>
#include <utility>

#include "bench/load/direct_client.hpp"
#include "session/explain.hpp"

namespace mqtk::bench {

using wire::Qos;

namespace {

// One batch is encoded, then written; so many in a row, then the others have their turn.
constexpr std::size_t kBatchOctets = 64 * 1024;
constexpr unsigned kBatchesPerTurn = 4;
// The clock is asked once for so many messages of a closed loop.
constexpr unsigned kMessagesPerClock = 16;

}  // namespace

bool DirectClient::may_send() const {
  return stage_ == Stage::Stands && !publish_->blocked &&
         (place_.scenario.qos == Qos::AtMostOnce || !state_.window_full());
}

// Where the window is what holds messages up, an eighth of it is sent at once: a write for each
// answer would cost more than everything else.
bool DirectClient::batch_free() const {
  if (place_.scenario.qos == Qos::AtMostOnce) return true;
  constexpr std::size_t kShare = 8;
  const std::size_t window = state_.window();
  const std::size_t share = std::max<std::size_t>(1, window / kShare);
  if (place_.order.pacer != nullptr && publish_->owed < share) return true;
  return state_.inflight() + share <= window;
}

void DirectClient::owe(TimePoint due, TimePoint now) {
  if (!count_due(may_send())) return;
  send_one(due, now, true);
  if (connection_.out().size() >= kBatchOctets) write_out();
}

void DirectClient::pump(TimePoint now) {
  if (stage_ != Stage::Stands) return;
  if (!batch_free()) {
    write_out();
    return;
  }
  unsigned since_clock = 0;
  for (unsigned batch = 0; batch < kBatchesPerTurn; ++batch) {
    while (wants_to_send() && may_send() && connection_.out().size() < kBatchOctets) {
      if (place_.order.pacer == nullptr && ++since_clock > kMessagesPerClock) {
        now = monotonic_now();
        since_clock = 1;
      }
      if (!send_one(next_due(now), now, false)) return;
    }
    write_out();
    if (!wants_to_send() || !may_send()) return;
  }
  place_.continue_soon(*this);
}

// False: the message cannot be sent, and no other of this client.
bool DirectClient::send_one(TimePoint due, TimePoint now, bool punctual) {
  const Scenario& scenario = place_.scenario;
  const bool measured = place_.order.measured;
  // A copy that is made right after waits for what was just stored. So the header is written into
  // what leaves, where that is the only copy.
  const bool header_last = scenario.payload.stamped && scenario.qos == Qos::AtMostOnce;
  const PayloadHeader header = next_header(due, now);
  const std::string& id = state_.settings().client_id;
  ClientState::Outgoing message;
  message.topic = publish_->topic;
  message.payload = header_last ? place_.payload.make_without_header(header, id)
                                : place_.payload.make(header, id);
  message.qos = scenario.qos;
  message.retain = scenario.retain;
  message.properties = scenario.properties.publish;
  const std::uint64_t begin = connection_.out().appended_total();
  const ClientState::Accept accept = state_.publish(message, token_of(due, measured), now);
  if (accept != ClientState::Accept::Sent) {
    const Error why = explain_limit(accept, message, state_.limits());
    connection_.close();
    place_.tally.error(why, now - place_.started);
    count_closed(false);
    account_loss(true);
    stage_ = Stage::Over;
    give_up();
    return false;
  }
  if (header_last) {
    std::string& out = connection_.out().tail();
    write_header(header, out.data() + out.size() - message.payload.size());
  }
  const std::uint64_t end = connection_.out().appended_total();
  unwritten_.push_back({end, due, static_cast<std::uint32_t>(end - begin), measured, punctual});
  message_begun();
  return true;
}

void DirectClient::write_out() {
  if (!connection_.out().empty()) connection_.flush();
  take_written();
}

void DirectClient::take_written() {
  if (unwritten_.empty()) {
    publish_->blocked = false;
    return;
  }
  // Only messages with a time of their own need to know it: asking costs as much as the rest.
  TimePoint now{};
  const std::uint64_t place = connection_.out().consumed_total();
  auto message = unwritten_.begin();
  for (; message != unwritten_.end() && message->end <= place; ++message) {
    count_written(message->size, message->measured);
    if (!message->measured || !message->punctual) continue;
    if (now == TimePoint{}) now = monotonic_now();
    count_lateness(now - message->due);
  }
  unwritten_.erase(unwritten_.begin(), message);
  if (std::exchange(publish_->blocked, !unwritten_.empty())) return;
  // What the socket did not take is late because of it.
  for (Unwritten& each : unwritten_) {
    if (std::exchange(each.punctual, false) && each.measured) ++place_.tally.held_up;
  }
}

void DirectClient::on_writable() {
  if (!publish_) return;
  take_written();
  if (stage_ == Stage::Stands && wants_to_send()) pump(monotonic_now());
}

bool DirectClient::idle() const {
  if (!publish_ || stage_ == Stage::Over) return true;
  return !wants_to_send() && unwritten_.empty() && state_.inflight() == 0;
}

void DirectClient::on_acknowledged(std::uint64_t token, wire::ReasonCode reason, TimePoint sent) {
  count_answer(due_of(token), is_measured(token), reason, sent, now());
}

// A message of QoS 0 that was not written never was; the others are sent again, unless the
// connection is gone for good.
void DirectClient::account_loss(bool for_good) {
  if (!publish_) return;
  take_written();
  publish_->blocked = false;
  if (place_.scenario.qos == Qos::AtMostOnce || for_good) {
    const auto never_written = static_cast<std::uint64_t>(
        std::ranges::count_if(unwritten_, [](const Unwritten& each) { return each.measured; }));
    unwritten_.clear();
    if (place_.scenario.qos == Qos::AtMostOnce) return;
    const auto tokens = state_.unacknowledged_tokens();
    const auto measured = static_cast<std::uint64_t>(std::ranges::count_if(tokens, is_measured));
    const std::uint64_t failed = measured - std::min(measured, never_written);
    place_.tally.by_qos[static_cast<std::size_t>(place_.scenario.qos)].failed += failed;
    place_.tally.flow.failed += failed;
  }
}

}  // namespace mqtk::bench
