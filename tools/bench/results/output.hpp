// Where a result goes: a summary on stdout, files of other forms, a live line on a terminal.
#pragma once

#include <optional>
#include <string>

#include "base/output_file.hpp"
#include "base/result.hpp"
#include "bench/load/run.hpp"
#include "bench/results/live_line.hpp"
#include "options/report.hpp"

namespace mqtk::bench {

struct OutputPlan {
  std::optional<std::string> json, csv, hlog;  ///< paths; "-" is standard output
};

/// Writes the files, and the summary unless a file is standard output.
Result<void> write_result(const RunResult& result, const OutputPlan& plan);
/// Writes all of `text` to a file or to standard output ("-").
Result<void> write_text(const std::string& path, std::string_view text,
                        FileAccess access = FileAccess::Usual);

/// Shows a run on stderr while it lasts, when that is a terminal.
class LiveDisplay final : public RunObserver {
 public:
  LiveDisplay(const Scenario& scenario, Report& report);
  ~LiveDisplay() override { clear(); }
  void on_phase(std::string_view phase) override;
  void on_sample(const Sample& sample) override;
  void on_progress_wanted(const std::string& text) override;
  void clear();

 private:
  const Scenario& scenario_;
  Report& report_;
  bool shown_ = false;
  bool on_line_ = false;
  LiveLine line_;
  double phase_started_s_ = 0;
  double last_time_s_ = 0;
  std::uint64_t errors_ = 0;
  std::string phase_;
};

}  // namespace mqtk::bench
