#include "inspect/shared/lab_job.hpp"

#include "inspect/shared/probe_phases.hpp"

namespace mqtk::inspect {

LabJob::LabJob(EventLoop& loop, Host& host, CapsOptions options)
    : host_(host), laboratory_(loop, std::move(options)), done_(loop, [this] { end(nullptr); }) {
  laboratory_.route.version = laboratory_.options.config.version;
}

void LabJob::start() {
  ProbePlan plan;
  plan.checks = false;
  plan.debug = laboratory_.options.debug;
  ClientConfig config = laboratory_.options.config;
  config.client_id = laboratory_.id("probe");
  config.client_id_generated = true;
  config.clean_start = true;
  target_ = target_text(config);
  probe_ = std::make_unique<Probe>(laboratory_.loop, std::move(config), plan, nullptr,
                                   [this] { reached(); });
  probe_->start();
}

void LabJob::reached() {
  if (const auto& error = probe_->report().error) return end(&*error);
  target_ = probe_->report().target;
  if (auto settled = settle(laboratory_.route, probe_->attempt().endpoint); !settled) {
    return end(&settled.error());
  }
  begin();
}

void LabJob::run(Task<bool> task) {
  ++running_;
  tasks_.push_back(tracked(std::move(task)));
  tasks_.back().start();
}

Task<bool> LabJob::tracked(Task<bool> task) {
  const bool result = co_await task;
  if (--running_ == 0) done_.schedule();
  co_return result;
}

void LabJob::end(const Error* error) {
  const int found = conclude(error);
  host_.finish(error != nullptr ? host_.report().finish(*error) : found);
}

void LabJob::on_interrupt() {
  if (probe_) probe_->abort();
  tasks_.clear();
  host_.finish(0);
}

CapsOptions lab_options(ClientConfig config, Report& report) {
  CapsOptions out;
  out.config = std::move(config);
  out.debug = report.debugging() ? &report : nullptr;
  return out;
}

}  // namespace mqtk::inspect
