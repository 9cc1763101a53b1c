// A thread with its loop and its share of the clients: connects them, paces and counts. The run
// (run.hpp) tells all workers what to do through RunControl and asks for copies of what they have
// counted.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "bench/load/client.hpp"
#include "bench/load/workplace.hpp"
#include "bench/measure/thread_cost.hpp"
#include "session/batch_pacer.hpp"

namespace mqtk::bench {

enum class RunStage : std::uint8_t { Wait, Ramp, Traffic, Drain, Leave };

/// Written by the run before it sets `stage` and wakes the workers.
struct RunControl {
  std::atomic<RunStage> stage{RunStage::Wait};
  TimePoint started{};
  TimePoint warmup_start{};
  TimePoint measure_start{};
  TimePoint measure_end = kNever;
};

/// Written by the worker, for anyone to read.
struct WorkerStatus {
  std::atomic<std::uint32_t> decided{0};   ///< clients that stand or never will
  std::atomic<std::uint32_t> given_up{0};  ///< clients that do not stand and never will again
  std::atomic<bool> done{false};           ///< all that was to be sent is sent and acknowledged
  std::atomic<std::int64_t> done_ns{0};    ///< when that was first so, monotonic
  std::atomic<std::uint64_t> sent{0};      ///< measured ones
  std::atomic<std::uint64_t> settled{0};   ///< of them acknowledged or failed
  std::atomic<std::uint64_t> received{0};  ///< measured ones, distinct
  std::atomic<std::uint64_t> events{0};    ///< whatever arrives
  std::atomic<bool> left{false};
};

class Worker final : Workplace {
 public:
  /// Takes the clients whose place within shards and threads is `slot` of `slots`.
  Worker(const Scenario& scenario, const RunControl& control, SharedStreams* shared, unsigned slot,
         unsigned slots);
  ~Worker() override;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start();
  void wake() { waker_.wake(); }
  void join();
  const WorkerStatus& status() const { return status_; }

  /// The worker copies its tally soon; snapshot() answers it once it is there.
  void ask_for_snapshot();
  std::optional<Tally> snapshot();

  // --- after join()
  const Tally& result() const { return tally; }
  const std::vector<std::unique_ptr<LoadClient>>& publishers() const { return publishers_; }
  const std::vector<std::unique_ptr<LoadClient>>& subscribers() const { return subscribers_; }
  /// While measuring.
  ThreadCost cost() const { return cost_; }
  TimePoint measured_until() const { return measured_until_; }

 private:
  void attempt_over(LoadClient& client) override;
  void decided(LoadClient& client) override;
  void connect_again(LoadClient& client, TimePoint when) override;
  void continue_soon(LoadClient& client) override { eager_.push_back(&client); }
  void clock_is_due(TimePoint now) override { act_by_clock(now); }

  void run();
  void make_clients();
  /// What the time asks for; sets `clock_due` to when it is to be asked again.
  void act_by_clock(TimePoint now);
  /// Something has happened that is more than a message.
  void look_soon() { clock_due = {}; }
  bool end_is_near() const;
  TimePoint connect_some(TimePoint now);
  TimePoint connect_due(const LoadClient& client) const;
  TimePoint pace(TimePoint now);
  void follow(TimePoint now);
  void begin(bool measured, TimePoint start);
  void end_phase(TimePoint now);
  void rest(TimePoint next);
  void sweep(TimePoint now);
  void update_status(TimePoint now);
  void give_snapshot();
  const std::vector<std::unique_ptr<LoadClient>>& paced() const {
    return scenario.ping ? idle_ : publishers_;
  }
  /// The number, within the pacer, of this worker's next message.
  std::uint64_t next_number() const { return round_ + paced()[turn_]->index(); }
  void schedule_next();

  const RunControl& control_;
  const unsigned slot_;
  const unsigned slots_;
  Waker waker_;
  std::thread thread_;
  std::vector<std::unique_ptr<LoadClient>> idle_;
  std::vector<std::unique_ptr<LoadClient>> publishers_;
  std::vector<std::unique_ptr<LoadClient>> subscribers_;
  std::vector<LoadClient*> all_;
  std::deque<LoadClient*> to_connect_;
  std::multimap<TimePoint, LoadClient*> retries_;  ///< by when
  std::optional<Pacer> connect_pacer_;
  bool storming_ = false;
  std::uint32_t window_ = 1;
  std::uint32_t attempts_ = 0;  ///< in progress
  std::uint32_t decided_ = 0;
  RunStage stage_ = RunStage::Wait;
  bool warming_ = false;
  bool measuring_ = false;
  bool stopped_ = false;
  std::uint64_t quota_ = 0;  ///< messages of this worker in the phase, when they are counted
  std::uint64_t round_ = 0;  ///< messages of all workers' clients before this round
  std::size_t turn_ = 0;     ///< whose turn it is
  bool batching_ = false;    ///< several messages of one client were due at once
  TimePoint next_due_ = kNever;
  TimePoint next_sweep_{};
  TimePoint next_probe_{};
  TimePoint next_storm_ = kNever;
  std::size_t sweep_at_ = 0;
  std::size_t idle_upto_ = 0;  ///< publishers before it have done everything
  BatchPacer batches_;
  std::uint64_t answers_seen_ = 0;
  std::vector<LoadClient*> touched_;
  std::vector<LoadClient*> eager_;
  std::vector<LoadClient*> eager_now_;
  ThreadCost cost_{};
  ThreadCost cost_before_{};
  TimePoint measured_until_{};
  WorkerStatus status_;
  std::atomic<bool> snapshot_wanted_{false};
  std::mutex snapshot_mutex_;
  std::optional<Tally> snapshot_;
};

}  // namespace mqtk::bench
