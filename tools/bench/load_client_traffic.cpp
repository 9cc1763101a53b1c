// What a client publishes and receives, and the account of it.
#include <algorithm>
#include <utility>

#include "bench/load_client.hpp"
#include "client/explain.hpp"

namespace mqtk::bench {

using wire::Qos;

namespace {

// One batch is encoded, then written; so many in a row, then the others have their turn.
constexpr std::size_t kBatchOctets = 64 * 1024;
constexpr unsigned kBatchesPerTurn = 4;
// The clock is asked once for so many messages of a closed loop.
constexpr unsigned kMessagesPerClock = 16;

// What comes back with an acknowledgement: when the message was due, and whether it is measured.
std::uint64_t token_of(TimePoint due, bool measured) {
  return static_cast<std::uint64_t>(due.time_since_epoch().count()) << 1U | (measured ? 1U : 0U);
}
bool is_measured(std::uint64_t token) {
  return (token & 1U) != 0;
}
TimePoint due_of(std::uint64_t token) {
  return TimePoint(Duration(static_cast<std::int64_t>(token >> 1U)));
}

}  // namespace

void LoadClient::begin_phase(std::uint64_t quota) {
  publish_->sequence = 0;
  publish_->owed = 0;
  publish_->quota = quota;
  publish_->written = 0;
  publish_->refused = 0;
}

bool LoadClient::may_send() const {
  return stage_ == Stage::Stands && !publish_->blocked &&
         (place_.scenario.qos == Qos::AtMostOnce || !state_.window_full());
}

bool LoadClient::wants_to_send() const {
  if (!place_.order.active) return false;
  return place_.order.pacer != nullptr ? publish_->owed > 0 : publish_->sequence < publish_->quota;
}

void LoadClient::owe(TimePoint now) {
  const bool punctual = publish_->owed == 0 && may_send();
  ++publish_->owed;
  if (place_.order.measured) {
    ++place_.tally.by_qos[static_cast<std::size_t>(place_.scenario.qos)].scheduled;
    if (!punctual) ++place_.tally.held_up;
  }
  if (!punctual) return;
  send_one(now, true);
  if (connection_.out().size() >= kBatchOctets) write_out();
}

void LoadClient::pump(TimePoint now) {
  if (stage_ != Stage::Stands) return;
  unsigned since_clock = 0;
  for (unsigned batch = 0; batch < kBatchesPerTurn; ++batch) {
    while (wants_to_send() && may_send() && connection_.out().size() < kBatchOctets) {
      if (place_.order.pacer == nullptr && ++since_clock > kMessagesPerClock) {
        now = monotonic_now();
        since_clock = 1;
      }
      if (!send_one(now, false)) return;
    }
    write_out();
    if (!wants_to_send() || !may_send()) return;
  }
  place_.continue_soon(*this);
}

// False: the message cannot be sent, and no other of this client.
bool LoadClient::send_one(TimePoint now, bool punctual) {
  const Scenario& scenario = place_.scenario;
  const Order& order = place_.order;
  PublishSide& side = *publish_;
  TimePoint due = now;
  if (order.pacer != nullptr) {
    due = order.start + order.pacer->due(side.sequence * scenario.publishers + index_);
  } else if (order.measured) {
    ++place_.tally.by_qos[static_cast<std::size_t>(scenario.qos)].scheduled;
  }
  PayloadHeader header;
  header.measured = order.measured;
  header.run = scenario.run;
  header.stream = index_;
  header.sequence = side.sequence;
  header.due_ns = due.time_since_epoch().count();
  header.delay = now - due;
  ClientState::Outgoing message;
  message.topic = side.topic;
  message.payload = place_.payload.make(header, state_.settings().client_id);
  message.qos = scenario.qos;
  message.retain = scenario.retain;
  message.properties = scenario.properties.publish;
  const std::uint64_t begin = connection_.out().appended_total();
  const ClientState::Accept accept = state_.publish(message, token_of(due, order.measured), now);
  if (accept != ClientState::Accept::Sent) {
    const Error why = explain_limit(accept, message, state_.limits());
    connection_.close();
    stage_ = Stage::Stands;
    place_.tally.error(why, now - place_.started);
    if (std::exchange(opened_, false)) --place_.tally.flow.open;
    account_loss(true);
    give_up();
    return false;
  }
  const std::uint64_t end = connection_.out().appended_total();
  side.unwritten.push_back(
      {end, due, static_cast<std::uint32_t>(end - begin), order.measured, punctual});
  ++side.sequence;
  if (order.pacer != nullptr) --side.owed;
  return true;
}

void LoadClient::write_out() {
  if (!connection_.out().empty()) connection_.flush();
  take_written();
}

void LoadClient::take_written() {
  PublishSide& side = *publish_;
  if (side.unwritten.empty()) {
    side.blocked = false;
    return;
  }
  // Only messages with a time of their own need to know it: asking costs as much as the rest.
  const bool timed = std::ranges::any_of(side.unwritten, &Unwritten::punctual);
  const TimePoint now = timed ? monotonic_now() : TimePoint{};
  const std::uint64_t place = connection_.out().consumed_total();
  std::size_t done = 0;
  while (done < side.unwritten.size() && side.unwritten[done].end <= place) {
    written(side.unwritten[done++], now);
  }
  side.unwritten.erase(side.unwritten.begin(),
                       side.unwritten.begin() + static_cast<std::ptrdiff_t>(done));
  side.blocked = !side.unwritten.empty();
}

void LoadClient::written(const Unwritten& message, TimePoint now) {
  Tally& tally = place_.tally;
  ++tally.flow.sent;
  tally.flow.sent_bytes += message.size;
  if (!message.measured) return;
  ++publish_->written;
  ++tally.by_qos[static_cast<std::size_t>(place_.scenario.qos)].sent;
  tally.sent_bytes += message.size;
  if (!message.punctual) return;
  const Duration late = now - message.due;
  tally.send_late.record(late);
  tally.send_late_max_ns =
      std::max(tally.send_late_max_ns, static_cast<std::uint64_t>(std::max(late, 0ns).count()));
}

void LoadClient::on_writable() {
  if (!publish_) return;
  take_written();
  if (stage_ == Stage::Stands && wants_to_send()) pump(monotonic_now());
}

bool LoadClient::idle() const {
  if (!publish_ || stage_ == Stage::Over) return true;
  return !wants_to_send() && publish_->unwritten.empty() && state_.inflight() == 0;
}

void LoadClient::on_acknowledged(std::uint64_t token, wire::ReasonCode reason, TimePoint sent) {
  Tally& tally = place_.tally;
  const bool refused = wire::is_failure(reason);
  ++(refused ? tally.flow.failed : tally.flow.acked);
  if (refused) {
    tally.error(explain_publish_refusal(reason, publish_->topic), now_ - place_.started);
  }
  if (!is_measured(token)) return;
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
  latency.corrected.record(now_ - due_of(token));
  if (place_.order.pacer != nullptr) latency.uncorrected.record(now_ - sent);
}

// A message of QoS 0 that was not written never was; the others are sent again, unless the
// connection is gone for good.
void LoadClient::account_loss(bool for_good) {
  if (!publish_) return;
  take_written();
  PublishSide& side = *publish_;
  side.blocked = false;
  if (place_.scenario.qos == Qos::AtMostOnce || for_good) {
    const auto never_written = static_cast<std::uint64_t>(
        std::ranges::count_if(side.unwritten, [](const Unwritten& each) { return each.measured; }));
    side.unwritten.clear();
    if (place_.scenario.qos == Qos::AtMostOnce) return;
    const auto tokens = state_.unacknowledged_tokens();
    const auto measured = static_cast<std::uint64_t>(std::ranges::count_if(tokens, is_measured));
    const std::uint64_t failed = measured - std::min(measured, never_written);
    place_.tally.by_qos[static_cast<std::size_t>(place_.scenario.qos)].failed += failed;
    place_.tally.flow.failed += failed;
  }
}

void LoadClient::on_message(const wire::Publish& message) {
  const std::optional<PayloadHeader> header = read_header(message.payload);
  Tally& tally = place_.tally;
  const bool ours = header && header->run == place_.scenario.run;
  const bool listening = place_.scenario.publishers == 0;
  if (place_.scenario.payload.stamped && !ours && !listening) {
    ++tally.foreign;
    return;
  }
  ++tally.flow.received;
  const std::uint64_t size = wire::publish_size(message, state_.settings().version);
  tally.flow.received_bytes += size;
  const bool measured = header && !listening ? header->measured : place_.order.measured;
  if (!measured) return;
  tally.received_bytes += size;
  received(message, header ? &*header : nullptr);
}

void LoadClient::received(const wire::Publish& message, const PayloadHeader* header) {
  Tally& tally = place_.tally;
  const bool listening = place_.scenario.publishers == 0;
  MessageCounts& counts =
      tally.by_qos[static_cast<std::size_t>(listening ? message.qos : place_.scenario.qos)];
  if (header != nullptr) {
    const Arrival arrival = listening ? arrival_of_foreign(*header) : arrival_of(*header);
    if (arrival == Arrival::Duplicate) {
      ++counts.duplicated;
      return;
    }
    if (arrival == Arrival::Reordered) ++counts.reordered;
  }
  ++counts.received;
  ++receive_->received;
  constexpr std::uint32_t kSameMachine = 0xFFFF;
  if (header == nullptr || ((header->run ^ place_.scenario.run) & kSameMachine) != 0) return;
  const TimePoint due{Duration(header->due_ns)};
  LatencyPair& latency = tally.latency(Latency::EndToEnd);
  latency.corrected.record(now_ - due);
  if (place_.order.pacer != nullptr || listening) {
    latency.uncorrected.record(now_ - due - header->delay);
  }
}

Arrival LoadClient::arrival_of(const PayloadHeader& header) {
  ReceiveSide& side = *receive_;
  if (place_.scenario.topology == Topology::Pair) {
    if (side.streams.empty()) side.streams.resize(1);
    return side.streams[0].arrived(header.sequence);
  }
  if (header.stream >= place_.scenario.publishers) return Arrival::InOrder;
  if (place_.shared != nullptr) {
    if (place_.shared->arrived(header.stream, header.sequence) == Arrival::Duplicate) {
      return Arrival::Duplicate;
    }
    // In a group only what one member gets has an order.
    if (side.last.size() <= header.stream) side.last.resize(header.stream + 1);
    std::uint64_t& last = side.last[header.stream];
    const bool late = header.sequence + 1 < last;
    last = std::max(last, header.sequence + 1);
    return late ? Arrival::Reordered : Arrival::InOrder;
  }
  if (side.streams.size() <= header.stream) side.streams.resize(header.stream + 1);
  return side.streams[header.stream].arrived(header.sequence);
}

// Streams of another process: each begins with its first message that is seen.
Arrival LoadClient::arrival_of_foreign(const PayloadHeader& header) {
  constexpr unsigned kRunShift = 32;
  const std::uint64_t id = std::uint64_t{header.run} << kRunShift | header.stream;
  auto& streams = receive_->foreign;
  auto found = std::ranges::lower_bound(streams, id, {}, &ForeignStream::id);
  if (found == streams.end() || found->id != id) {
    found = streams.insert(found, {id, StreamTracker(header.sequence)});
  }
  // A shared subscription's member sees a part of each stream only.
  if (place_.scenario.topology == Topology::Shared) return Arrival::InOrder;
  return found->tracker.arrived(header.sequence);
}

std::uint64_t LoadClient::gaps() const {
  std::uint64_t count = 0;
  if (receive_) {
    for (const ForeignStream& stream : receive_->foreign) count += stream.tracker.missing(0);
  }
  return count;
}

}  // namespace mqtk::bench
