// A run from its first connection to its result: tells the workers when each phase begins, takes
// samples, hears signals, and adds everything up.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/load/worker.hpp"
#include "bench/results/run_result.hpp"

namespace mqtk::bench {

/// Who watches a run; called in the thread of Run::execute().
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  /// "ramp", "warmup", "measure", "drain".
  virtual void on_phase(std::string_view) {}
  virtual void on_sample(const Sample&) {}
  /// SIGUSR1: how far it has come, a line for stderr.
  virtual void on_progress_wanted(const std::string&) {}
};

class Run {
 public:
  Run(const Scenario& scenario, RunObserver& observer);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// Does it all. The result lacks tool, command and what is judged. Once.
  RunResult execute();
  /// The signal that ended it early; 0: none.
  int signal() const { return signal_; }
  /// PUBLISH packets of the whole run, once it is over: written, and received of whatever kind.
  std::uint64_t written() const { return written_; }
  std::uint64_t arrived() const { return arrived_; }
  /// Why nothing could be measured, when not one client came to stand.
  const Error* failure() const { return failure_ ? &*failure_ : nullptr; }

 private:
  void tick();
  void tick_ramp(TimePoint now);
  void begin_traffic(TimePoint now);
  void tick_traffic(TimePoint now);
  void tick_drain(TimePoint now);
  void enter(RunStage stage, TimePoint now);
  void enter_phase(std::string_view name, TimePoint at);
  void interrupted(int number);
  std::string progress_text() const;
  void take_samples(TimePoint now);
  void sample(TimePoint now, std::vector<Tally> tallies);
  bool all_done() const;
  std::uint64_t expected_deliveries() const;

  void add_up(RunResult& result);
  void account_deliveries(MessageCounts& counts, std::vector<std::string>& notes) const;
  GeneratorCost generator_cost(const Tally& all, double duration_s) const;
  std::vector<std::string> notes_for(const Tally& all) const;

  const Scenario& scenario_;
  RunObserver& observer_;
  EventLoop loop_;
  RunControl control_;
  std::unique_ptr<SharedStreams> shared_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Timer> timer_;
  RunStage stage_ = RunStage::Wait;
  int signal_ = 0;
  std::optional<Error> failure_;
  std::uint64_t written_ = 0;
  std::uint64_t arrived_ = 0;
  TimePoint traffic_from_ = kNever;  ///< for --start-at
  TimePoint ramp_end_{};
  TimePoint quiet_since_{};
  std::uint64_t events_ = 0;
  std::vector<PhaseSpan> phases_;
  std::uint64_t memory_before_ = 0;
  std::uint64_t memory_most_ = 0;
  double own_cpu_before_ = 0;
  double own_cpu_ = 0;
  double process_cpu_before_ = 0;
  double process_cpu_measured_ = 0;
  // samples
  TimePoint sampled_at_{};
  TimePoint next_sample_{};
  bool snapshots_asked_ = false;
  std::vector<std::optional<Tally>> snapshots_;
  Tally last_;
  double process_cpu_ = 0;
  std::vector<Sample> series_;
};

}  // namespace mqtk::bench
