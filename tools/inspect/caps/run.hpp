// One broker's capabilities, from the first connection to the last thing removed: versions, a
// loopback that shows what is allowed here, all probes at once, cleaning up.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "inspect/caps/probes.hpp"
#include "inspect/shared/probe.hpp"

namespace mqtk::inspect {

class CapsRun {
 public:
  CapsRun(EventLoop& loop, CapsOptions options, std::function<void()> done);

  /// `done` follows, within 15 seconds.
  void start();
  /// Gives up what is being tried and cleans up; `done` follows.
  void stop();
  const CapsReport& report() const { return report_; }

 private:
  enum class Stage : std::uint8_t { Preparing, Probing, Cleaning, Done };

  void reached();
  Task<bool> prepare();
  Task<Capability> version(wire::ProtocolVersion version);
  Task<bool> supervise(std::size_t index);
  Task<bool> clean();
  void run_probes();
  void probes_done();
  void conclude();
  /// Not Unclear: the probe need not run, for this reason.
  Capability reason_to_skip(const CapsProbe& probe) const;
  void add_declared();
  void add_contradictions();

  Laboratory laboratory_;
  Stage stage_ = Stage::Preparing;
  std::function<void()> done_;
  CapsReport report_;
  std::unique_ptr<Probe> probe_;
  TimePoint started_{};
  bool loopback_works_ = false;
  std::string loopback_refusal_;
  std::string declared_;  ///< encoded properties of the CONNACK
  bool declares_ = false;
  std::vector<CapsProbe> probes_;
  std::vector<std::optional<Capabilities>> results_;
  std::size_t running_ = 0;
  Deferred next_;
  Timer limit_;
  std::function<void()> next_step_;
  std::vector<Task<bool>> tasks_;  ///< last: what waits goes before what it waits for
};

}  // namespace mqtk::inspect
