#include "bench/load/worker.hpp"

#include <algorithm>
#include <utility>

namespace mqtk::bench {

namespace {

constexpr Duration kSweepEvery = 50ms;
constexpr std::size_t kSweeps = 20;  ///< until every client had its turn
constexpr Duration kProbeEvery = 10ms;
constexpr Duration kGather = 50us;  ///< what is due, for one write
constexpr Duration kLate = 250us;   ///< what is that late does not wait for more
constexpr Duration kFarewell = 5s;  // for engines whose ends take their time

}  // namespace

Worker::Worker(const Scenario& s, const RunControl& control, SharedStreams* all_streams,
               unsigned slot, unsigned slots)
    : Workplace(s, s.seed + slot),
      control_(control),
      slot_(slot),
      slots_(slots),
      waker_(loop, [this] { look_soon(); }) {
  shared = all_streams;
  window_ = std::max(1U, s.connect_window / std::max(1U, s.threads));
  if (s.connect_rate) connect_pacer_.emplace(*s.connect_rate);
}

Worker::~Worker() {
  join();
}

void Worker::start() {
  thread_ = std::thread([this] { run(); });
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

void Worker::make_clients() {
  Workplace& place = *this;
  const auto make = [this, &place](Role role, std::vector<std::unique_ptr<LoadClient>>& list) {
    for (std::uint32_t i = slot_; i < scenario.of_role(role); i += slots_) {
      list.push_back(make_load_client(place, role, i));
      all_.push_back(list.back().get());
    }
  };
  // Subscribers stand before publishers come.
  make(Role::Subscriber, subscribers_);
  make(Role::Publisher, publishers_);
  make(Role::Idle, idle_);
  to_connect_.assign(all_.begin(), all_.end());
  tally.connections.requested = all_.size();
  // What is to be received is counted from the first message on, however early it comes.
  order.measured = scenario.work == Work::Subscribe && scenario.count > 0 && scenario.warmup == 0ns;
}

void Worker::run() {
  make_clients();
  next_probe_ = monotonic_now();
  look_soon();
  while (true) {
    const TimePoint now = monotonic_now();
    if (now >= clock_due || end_is_near()) act_by_clock(now);
    if (stage_ == RunStage::Leave) break;
    if (!eager_.empty()) {
      eager_now_.swap(eager_);
      for (LoadClient* client : eager_now_) client->pump(monotonic_now());
      eager_now_.clear();
    }
    loop.run_until(eager_.empty() ? clock_due : now);
    rest(clock_due);
  }
  for (LoadClient* client : all_) client->leave();
  const TimePoint patience = monotonic_now() + kFarewell;
  while (!std::ranges::all_of(all_, &LoadClient::gone) && monotonic_now() < patience) {
    loop.run_until(monotonic_now() + kProbeEvery);
  }
  update_status(monotonic_now());
  status_.left = true;
}

// Then every answer may be the one that the run waits for; until then a turn of the loop, which
// often serves one client, need not look at them all.
bool Worker::end_is_near() const {
  if (stopped_ || (scenario.work == Work::Subscribe && scenario.count > 0)) return true;
  const auto& counts = tally.by_qos[static_cast<std::size_t>(scenario.qos)];
  return measuring_ && order.limit > 0 && counts.scheduled >= quota_;
}

// One turn of the loop may serve 50,000 connections, longer than what is due can wait: clients call
// this in between (Workplace::clock_due).
void Worker::act_by_clock(TimePoint now) {
  if (stage_ == RunStage::Leave) return;
  clock_due = kNever;
  if (now >= next_probe_) {
    if (measuring_ && !stopped_) tally.loop_lag.record(now - next_probe_);
    next_probe_ = now + kProbeEvery;
  }
  follow(now);
  if (stage_ == RunStage::Leave) return;
  const TimePoint next = std::min({next_probe_, connect_some(now), pace(now)});
  // Messages that are due all the time must not keep answers waiting: these get as much time.
  const TimePoint end = monotonic_now();
  others_until = end + (end - now);
  clock_due = std::min(clock_due, batching_ ? std::max(next, end + kGather) : next);
  sweep(now);
  update_status(now);
  if (snapshot_wanted_.load(std::memory_order_relaxed)) give_snapshot();
}

// What the run has decided, and what the clock has.
void Worker::follow(TimePoint now) {
  const RunStage stage = control_.stage.load(std::memory_order_acquire);
  if (stage != stage_) {
    stage_ = stage;
    started = control_.started;
    // A busy worker may not have seen the drain begin before it was over.
    if (stage >= RunStage::Drain && !stopped_) end_phase(now);
  }
  if (stage_ != RunStage::Traffic || stopped_) return;
  if (!warming_ && !measuring_ && now >= control_.warmup_start &&
      control_.warmup_start < control_.measure_start) {
    warming_ = true;
    begin(false, control_.warmup_start);
  }
  if (!measuring_ && now >= control_.measure_start) {
    if (warming_) pace(now);
    measuring_ = true;
    cost_before_ = thread_cost();
    begin(true, control_.measure_start);
    if (scenario.storm) next_storm_ = control_.measure_start + *scenario.storm;
  }
  if (now >= control_.measure_end) end_phase(now);
}

void Worker::begin(bool measured, TimePoint start) {
  order.active = true;
  order.measured = measured;
  order.start = start;
  order.pacer = scenario.pacer ? &*scenario.pacer : nullptr;
  order.limit = measured ? scenario.count : 0;
  round_ = 0;
  turn_ = 0;
  next_due_ = kNever;
  quota_ = 0;
  for (const auto& client : publishers_) {
    std::uint64_t quota = ~std::uint64_t{0};
    if (order.limit > 0) {
      quota = order.limit / scenario.publishers +
              (client->index() < order.limit % scenario.publishers ? 1 : 0);
    }
    client->begin_phase(quota);
    if (order.limit > 0) quota_ += quota;
    if (order.pacer == nullptr) eager_.push_back(client.get());
  }
  if (order.pacer != nullptr && !paced().empty()) schedule_next();
}

void Worker::schedule_next() {
  const std::uint64_t number = next_number();
  const Duration due =
      order.limit > 0 && number >= order.limit ? Duration::max() : order.pacer->due(number);
  next_due_ = due == Duration::max() ? kNever : order.start + due;
}

TimePoint Worker::pace(TimePoint now) {
  if (!order.active) {
    if (stage_ != RunStage::Traffic || stopped_) return kNever;
    return now < control_.warmup_start ? control_.warmup_start : control_.measure_start;
  }
  const auto& list = paced();
  const TimePoint first = next_due_;
  std::size_t begun = 0;
  for (; next_due_ <= now; ++begun) {
    // A phase ends sharply: what is due after it is not of it.
    const TimePoint end = order.measured ? control_.measure_end : control_.measure_start;
    if (next_due_ >= end) {
      next_due_ = kNever;
      break;
    }
    LoadClient* client = list[turn_].get();
    if (scenario.ping) {
      client->ping(next_due_, now);
    } else {
      client->owe(next_due_, now);
      if (touched_.empty() || touched_.back() != client) touched_.push_back(client);
    }
    if (++turn_ == list.size()) {
      turn_ = 0;
      round_ += scenario.ping ? scenario.idle : scenario.publishers;
    }
    schedule_next();
  }
  for (LoadClient* client : touched_) client->pump(now);
  touched_.clear();
  // One write for several messages is worth a moment, unless they are late already; with one
  // message each it would save nothing.
  batching_ = begun > list.size() && now - first < kLate;
  TimePoint next = next_due_;
  if (!order.measured) next = std::min(next, control_.measure_start);
  return std::min(next, control_.measure_end);
}

// However late this is: what was due before the end is still of the phase.
void Worker::end_phase(TimePoint now) {
  if (measuring_) pace(now);
  stopped_ = true;
  order.active = false;
  measured_until_ = now;
  next_due_ = kNever;
  next_storm_ = kNever;
  if (measuring_) {
    const ThreadCost cost = thread_cost();
    cost_ = {cost.cpu_s - cost_before_.cpu_s, cost.waiting_s - cost_before_.waiting_s};
  }
}

// Where publishers wait for answers alone, some may gather: with many on their way a 64th of them,
// so that no answer looks later by more than a 64th of its time. With fewer an eighth, for 100 us
// at most, and only where they come one by one: where several come at once, it is we who are slow.
void Worker::rest(TimePoint next) {
  constexpr std::uint64_t kShare = 64;
  constexpr std::uint64_t kShareOfFew = 8;
  constexpr std::uint64_t kWorthwhile = 6;
  constexpr std::uint64_t kSeveral = 4;
  constexpr Duration kShortest = 50us;
  constexpr Duration kLongestOfFew = 100us;
  if (!order.active || order.pacer != nullptr || scenario.qos == wire::Qos::AtMostOnce ||
      !subscribers_.empty()) {
    return;
  }
  const std::uint64_t answers = tally.flow.acked + tally.flow.failed;
  const std::uint64_t came = answers - std::exchange(answers_seen_, answers);
  const std::uint64_t on_the_way = tally.flow.sent - std::min(tally.flow.sent, answers);
  BatchPacer::Gather may{on_the_way / kShare, false, kShortest};
  if (may.packets < kWorthwhile) {
    if (on_the_way < kWorthwhile * kShareOfFew) return;
    may = {came < kSeveral ? on_the_way / kShareOfFew : 0, false, kShortest, kLongestOfFew};
  }
  const TimePoint now = monotonic_now();
  const Duration pause = batches_.after(now, now, came, may);
  if (pause > 0ns && now < next) loop.rest(std::min(pause, next - now));
}

TimePoint Worker::connect_due(const LoadClient& client) const {
  if (!connect_pacer_ || storming_) return control_.started;
  const std::uint64_t before = client.role() == Role::Publisher ? scenario.subscribers : 0;
  return control_.started + connect_pacer_->due(before + client.index());
}

TimePoint Worker::connect_some(TimePoint now) {
  if (stage_ == RunStage::Wait || stage_ == RunStage::Drain) return kNever;
  while (!retries_.empty() && retries_.begin()->first <= now) {
    to_connect_.push_back(retries_.extract(retries_.begin()).mapped());
  }
  if (now >= next_storm_) {
    storming_ = true;
    next_storm_ += *scenario.storm;
    for (LoadClient* client : all_) {
      if (!client->stands()) continue;
      client->cut();
      to_connect_.push_back(client);
    }
  }
  while (!to_connect_.empty() && attempts_ < window_) {
    LoadClient* client = to_connect_.front();
    if (!client->ever_stood()) {
      if (const TimePoint due = connect_due(*client); due > now) return std::min(due, next_storm_);
    }
    to_connect_.pop_front();
    ++attempts_;
    client->connect();
  }
  return retries_.empty() ? next_storm_ : std::min(next_storm_, retries_.begin()->first);
}

void Worker::attempt_over(LoadClient&) {
  --attempts_;
  look_soon();
}

void Worker::decided(LoadClient&) {
  ++decided_;
  look_soon();
}

void Worker::connect_again(LoadClient& client, TimePoint when) {
  retries_.emplace(when, &client);
  look_soon();
}

void Worker::sweep(TimePoint now) {
  if (now < next_sweep_) return;
  next_sweep_ = now + kSweepEvery;
  const std::size_t share = all_.size() / kSweeps + 1;
  for (std::size_t i = 0; i < share && !all_.empty(); ++i) {
    sweep_at_ = (sweep_at_ + 1) % all_.size();
    all_[sweep_at_]->tick(now);
  }
}

void Worker::update_status(TimePoint now) {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  status_.decided.store(decided_, kRelaxed);
  status_.given_up.store(given_up, kRelaxed);
  std::uint64_t sent = 0;
  std::uint64_t settled = 0;
  std::uint64_t got = 0;
  std::uint64_t twice = 0;
  for (const MessageCounts& counts : tally.by_qos) {
    sent += counts.sent;
    settled += counts.acked + counts.failed;
    got += counts.received;
    twice += counts.duplicated;
  }
  status_.sent.store(sent, kRelaxed);
  status_.settled.store(settled, kRelaxed);
  status_.received.store(got, kRelaxed);
  status_.events.store(settled + got + twice, kRelaxed);
  if (!measuring_ || status_.done.load(kRelaxed)) return;
  if (order.limit == 0 && !stopped_) return;
  if (order.pacer != nullptr && next_due_ != kNever) return;
  while (idle_upto_ < publishers_.size() && publishers_[idle_upto_]->idle()) ++idle_upto_;
  if (idle_upto_ < publishers_.size()) return;
  status_.done_ns = now.time_since_epoch().count();
  status_.done = true;
}

void Worker::ask_for_snapshot() {
  snapshot_wanted_ = true;
  wake();
}

void Worker::give_snapshot() {
  const std::lock_guard lock(snapshot_mutex_);
  snapshot_ = tally;
  tally.send_late_max_ns = 0;
  snapshot_wanted_ = false;
}

std::optional<Tally> Worker::snapshot() {
  const std::lock_guard lock(snapshot_mutex_);
  return std::exchange(snapshot_, std::nullopt);
}

}  // namespace mqtk::bench
