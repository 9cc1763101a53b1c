// The phases of a run.
#include "bench/load/run.hpp"
#include "base/ending.hpp"
#include "base/units.hpp"
#include "bench/results/figures.hpp"
#include "bench/results/iso_time.hpp"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace mqtk::bench {

namespace {

constexpr Duration kTick = 5ms;
/// All workers learn of the beginning before it comes.
constexpr Duration kNotice = 20ms;

}  // namespace

Run::Run(const Scenario& scenario, RunObserver& observer)
    : scenario_(scenario), observer_(observer), memory_before_(resident_bytes()) {
  if (scenario.topology == Topology::Shared && scenario.publishers > 0) {
    shared_ = std::make_unique<SharedStreams>(scenario.publishers);
  }
  const unsigned slots = scenario.shards * scenario.threads;
  for (unsigned i = 0; i < scenario.threads; ++i) {
    workers_.push_back(std::make_unique<Worker>(scenario, control_, shared_.get(),
                                                scenario.shard + scenario.shards * i, slots));
  }
  snapshots_.resize(workers_.size());
}

Run::~Run() = default;

RunResult Run::execute() {
  RunResult result;
  result.started_ns = unix_now_ns();
  std::vector<std::unique_ptr<SignalWatcher>> signals;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action;
    if (::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) continue;
    signals.push_back(
        std::make_unique<SignalWatcher>(loop_, number, [this, number] { interrupted(number); }));
  }
  signals.push_back(std::make_unique<SignalWatcher>(
      loop_, SIGUSR1, [this] { observer_.on_progress_wanted(progress_text()); }));
  control_.started = monotonic_now();
  sampled_at_ = control_.started;
  next_sample_ = control_.started + 1s;
  process_cpu_ = process_cpu_s();
  own_cpu_before_ = thread_cost().cpu_s;
  enter_phase("ramp", control_.started);
  for (const auto& worker : workers_) worker->start();
  enter(RunStage::Ramp, control_.started);
  timer_ = std::make_unique<Timer>(loop_, [this] { tick(); });
  timer_->after(1ms);
  loop_.run();
  for (const auto& worker : workers_) worker->join();
  timer_.reset();
  signals.clear();
  take_signals();
  result.finished_ns = unix_now_ns();
  add_up(result);
  return result;
}

void Run::interrupted(int number) {
  if (signal_ != 0) end_process(0, number);
  signal_ = number;
  let_signals_end_process();  // at a second one
  if (stage_ == RunStage::Ramp) {
    enter(RunStage::Leave, monotonic_now());
  } else if (stage_ == RunStage::Traffic) {
    control_.measure_end = std::min(control_.measure_end, monotonic_now());
    enter(RunStage::Drain, monotonic_now());
  } else if (stage_ == RunStage::Drain) {
    enter(RunStage::Leave, monotonic_now());
  }
}

std::string Run::progress_text() const {
  std::uint64_t decided = 0, given_up = 0, sent = 0, settled = 0, received = 0;
  for (const auto& worker : workers_) {
    const WorkerStatus& status = worker->status();
    decided += status.decided;
    given_up += status.given_up;
    sent += status.sent;
    settled += status.settled;
    received += status.received;
  }
  const Duration elapsed = monotonic_now() - control_.started;
  return (phases_.empty() ? "" : phases_.back().name + ", ") +
         count_text(decided - std::min(given_up, decided)) + " of " +
         count_text(scenario_.clients_here()) + " clients connected; measured " + count_text(sent) +
         " messages sent, " + count_text(settled) + " acknowledged or failed, " +
         count_text(received) + " received; " + format_duration(elapsed / 1ms * 1ms);
}

void Run::enter(RunStage stage, TimePoint now) {
  stage_ = stage;
  if (stage == RunStage::Drain) {
    own_cpu_ = thread_cost().cpu_s - own_cpu_before_;
    process_cpu_measured_ = process_cpu_s() - process_cpu_before_;
    quiet_since_ = now;
    enter_phase("drain", now);
  }
  if (stage == RunStage::Leave) {
    memory_most_ = std::max(memory_most_, resident_bytes());
    if (!phases_.empty()) enter_phase({}, now);
  }
  control_.stage.store(stage, std::memory_order_release);
  for (const auto& worker : workers_) worker->wake();
}

// Ends the phase before; without a name begins none.
void Run::enter_phase(std::string_view name, TimePoint at) {
  const double since =
      std::chrono::duration<double>(std::max(at, control_.started) - control_.started).count();
  if (!phases_.empty() && phases_.back().duration_s == 0) {
    phases_.back().duration_s = since - phases_.back().start_s;
  }
  if (name.empty()) return;
  phases_.push_back({std::string(name), since, 0});
  observer_.on_phase(name);
}

void Run::tick() {
  const TimePoint now = monotonic_now();
  switch (stage_) {
    case RunStage::Wait:
      break;
    case RunStage::Ramp:
      tick_ramp(now);
      break;
    case RunStage::Traffic:
      tick_traffic(now);
      break;
    case RunStage::Drain:
      tick_drain(now);
      break;
    case RunStage::Leave:
      if (std::ranges::all_of(workers_, [](const auto& w) { return w->status().left.load(); })) {
        loop_.stop();
        return;
      }
  }
  take_samples(now);
  timer_->after(kTick);
}

void Run::tick_ramp(TimePoint now) {
  if (traffic_from_ != kNever) {
    if (now + kNotice >= traffic_from_) begin_traffic(traffic_from_);
    return;
  }
  std::uint64_t decided = 0;
  for (const auto& worker : workers_) decided += worker->status().decided.load();
  if (decided < scenario_.clients_here()) return;
  ramp_end_ = now;
  memory_most_ = std::max(memory_most_, resident_bytes());
  traffic_from_ = now + kNotice;
  if (scenario_.start_at_ns) {
    traffic_from_ = std::max(traffic_from_, now + Duration(*scenario_.start_at_ns - unix_now_ns()));
  }
  if (scenario_.work == Work::Connect && scenario_.duration == 0ns) {
    enter(RunStage::Leave, now);
  } else if (!scenario_.start_at_ns) {
    begin_traffic(traffic_from_);
  }
}

void Run::begin_traffic(TimePoint now) {
  control_.warmup_start = now;
  control_.measure_start = now + scenario_.warmup;
  if (scenario_.duration > 0ns) {
    control_.measure_end = control_.measure_start + scenario_.duration;
  } else if (scenario_.pacer && scenario_.pacer->length() != Duration::max()) {
    control_.measure_end = control_.measure_start + scenario_.pacer->length();
  }
  if (scenario_.warmup > 0ns) enter_phase("warmup", now);
  enter(RunStage::Traffic, now);
}

bool Run::all_done() const {
  return std::ranges::all_of(workers_, [](const auto& w) { return w->status().done.load(); });
}

void Run::tick_traffic(TimePoint now) {
  if (phases_.back().name != "measure" && now >= control_.measure_start) {
    enter_phase("measure", control_.measure_start);
    own_cpu_before_ = thread_cost().cpu_s;
    process_cpu_before_ = process_cpu_s();
  }
  const bool by_count = scenario_.count > 0 && scenario_.publishers > 0 && all_done();
  std::uint64_t received = 0;
  for (const auto& worker : workers_) received += worker->status().received.load();
  const bool heard_all =
      scenario_.work == Work::Subscribe && scenario_.count > 0 && received >= scenario_.count;
  std::uint64_t given_up = 0;
  for (const auto& worker : workers_) given_up += worker->status().given_up.load();
  const bool nobody_left = given_up >= scenario_.clients_here();
  if (now < control_.measure_end && !by_count && !heard_all && !nobody_left) return;
  memory_most_ = std::max(memory_most_, resident_bytes());
  enter(RunStage::Drain, now);
}

std::uint64_t Run::expected_deliveries() const {
  std::uint64_t sent = 0;
  for (const auto& worker : workers_) sent += worker->status().sent.load();
  const bool each = scenario_.topology == Topology::FanIn || scenario_.topology == Topology::FanOut;
  return scenario_.receives() ? sent * (each ? scenario_.here(Role::Subscriber) : 1) : 0;
}

void Run::tick_drain(TimePoint now) {
  std::uint64_t events = 0;
  std::uint64_t received = 0;
  for (const auto& worker : workers_) {
    events += worker->status().events.load();
    received += worker->status().received.load();
  }
  if (std::exchange(events_, events) != events) quiet_since_ = now;
  const bool listening = scenario_.work == Work::Subscribe || scenario_.work == Work::Connect;
  const bool complete = listening || (all_done() && received >= expected_deliveries());
  if (complete || now - quiet_since_ >= scenario_.drain) enter(RunStage::Leave, now);
}

void Run::take_samples(TimePoint now) {
  if (!snapshots_asked_) {
    if (now < next_sample_ || stage_ == RunStage::Leave) return;
    snapshots_asked_ = true;
    for (auto& snapshot : snapshots_) snapshot.reset();
    for (const auto& worker : workers_) worker->ask_for_snapshot();
    return;
  }
  bool all = true;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    if (!snapshots_[i]) snapshots_[i] = workers_[i]->snapshot();
    all = all && snapshots_[i].has_value();
  }
  if (!all) return;
  snapshots_asked_ = false;
  next_sample_ += 1s;
  std::vector<Tally> tallies;
  for (auto& snapshot : snapshots_) tallies.push_back(std::move(*snapshot));
  sample(now, std::move(tallies));
}

void Run::sample(TimePoint now, std::vector<Tally> tallies) {
  Tally all = std::move(tallies.front());
  for (std::size_t i = 1; i < tallies.size(); ++i) all += tallies[i];
  const Flow flow = all.flow.since(last_.flow);
  Sample out;
  out.time_s = std::chrono::duration<double>(now - control_.started).count();
  out.interval_s = std::chrono::duration<double>(now - sampled_at_).count();
  out.phase = phases_.back().name;
  out.connections = all.flow.open;
  if (scenario_.pacer && stage_ == RunStage::Traffic) {
    out.target_per_s = scenario_.pacer->rate_at(now - control_.measure_start);
  }
  out.sent = flow.sent;
  out.acked = flow.acked;
  out.received = flow.received;
  out.failed = flow.failed;
  out.errors = flow.errors;
  out.sent_bytes = flow.sent_bytes;
  out.received_bytes = flow.received_bytes;
  if (scenario_.qos != wire::Qos::AtMostOnce) {
    out.in_flight = all.flow.sent - all.flow.acked - all.flow.failed;
  }
  const double cpu = process_cpu_s();
  out.cpu_percent = (cpu - std::exchange(process_cpu_, cpu)) / out.interval_s * 100;
  out.send_late_max_us = static_cast<double>(all.send_late_max_ns) / 1000;
  for (std::size_t i = 0; i < all.latencies.size(); ++i) {
    Histogram interval = all.latencies[i].corrected.since(last_.latencies[i].corrected);
    if (!interval.empty()) out.latencies.emplace(static_cast<Latency>(i), std::move(interval));
  }
  memory_most_ = std::max(memory_most_, resident_bytes());
  sampled_at_ = now;
  last_ = std::move(all);
  series_.push_back(out);
  observer_.on_sample(out);
}

}  // namespace mqtk::bench
