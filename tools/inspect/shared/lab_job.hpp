// A subcommand whose work is done by probes over packet links: a diagnosis first says why there is
// no connection; then begin() starts the tasks, and conclude() follows the last of them.
#pragma once

#include <memory>
#include <vector>

#include "inspect/shared/laboratory.hpp"
#include "inspect/shared/probe.hpp"

namespace mqtk::inspect {

class LabJob : public Job {
 public:
  LabJob(EventLoop& loop, Host& host, CapsOptions options);
  void start();
  void on_interrupt() override;
  void on_deadline(Duration) override { on_interrupt(); }

 protected:
  virtual void begin() = 0;
  /// Prints what was found, or why nothing could be; answers the exit code, which counts when
  /// `error` is nullptr.
  virtual int conclude(const Error* error) = 0;
  /// Starts it, and keeps it until all are done.
  void run(Task<bool> task);

  Host& host_;
  Laboratory laboratory_;
  std::string target_;

 private:
  void reached();
  void end(const Error* error);
  Task<bool> tracked(Task<bool> task);

  std::unique_ptr<Probe> probe_;
  std::size_t running_ = 0;
  Deferred done_;
  std::vector<Task<bool>> tasks_;  ///< last: what waits goes before what it waits for
};

/// As every subcommand of this kind makes it of its own flags.
CapsOptions lab_options(ClientConfig config, Report& report);

}  // namespace mqtk::inspect
