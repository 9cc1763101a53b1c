#include "inspect/connect/diagnosis.hpp"

#include <algorithm>

#include "inspect/shared/probe_phases.hpp"

namespace mqtk::inspect {

namespace {

// How long one of the other ways may take.
constexpr Duration kTrialLimit = 3s;

ConnectTimeouts shortened(ConnectTimeouts timeouts) {
  for (Duration* each : {&timeouts.connect, &timeouts.resolve, &timeouts.tcp, &timeouts.proxy,
                         &timeouts.tls, &timeouts.websocket, &timeouts.mqtt}) {
    *each = *each > 0ns ? std::min(*each, Duration(kTrialLimit)) : Duration(kTrialLimit);
  }
  return timeouts;
}

}  // namespace

Diagnosis::Diagnosis(EventLoop& loop, Host& host, DiagnosisOptions options)
    : loop_(loop), host_(host), options_(std::move(options)), address_check_(loop) {}

void Diagnosis::start() {
  auto shown = [this](const PhaseReport& phase) {
    if (!options_.json) print_and_exit_code(phase_text(phase, probe_->report()));
  };
  probe_ = std::make_unique<Probe>(loop_, options_.config, options_.plan, std::move(shown),
                                   [this] { probed(); });
  probe_->start();
}

void Diagnosis::probed() {
  report_ = probe_->report();
  attempt_ = probe_->attempt();
  address_check_.start(attempt_.addresses, options_.config.bind_address,
                       [this] { addresses_checked(); });
}

void Diagnosis::addresses_checked() {
  const std::vector<AddressReport>& before = probe_->attempt().addresses;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const AddressReport& now = attempt_.addresses[i];
    if (now.outcome == before[i].outcome) continue;
    report_.notes.push_back(now.outcome == "connected"
                                ? now.address + " answers too"
                                : now.address + " does not answer: " + now.outcome);
  }
  report_.addresses = attempt_.addresses;
  report_.evidence = evidence_of(report_, attempt_);
  std::string why;
  const bool connecting = !report_.phases.empty() &&
                          report_.phases.back().name != "configuration" &&
                          std::ranges::none_of(report_.phases, [](const PhaseReport& phase) {
                            return phase.name == "connect" && phase.verdict == Verdict::Ok;
                          });
  if (report_.ok() || !options_.variants || !connecting) return conclude();
  if (!may_try_variants(*report_.error, why)) {
    report_.notes.push_back(why);
    return conclude();
  }
  try_variants();
}

void Diagnosis::try_variants() {
  for (Variant& variant : variants_of(options_.config, *report_.error, attempt_)) {
    Trial& trial = trials_.emplace_back();
    trial.report = {variant.change, variant.option, false, Cause::None, {}};
    variant.config.timeouts = shortened(variant.config.timeouts);
    ProbePlan plan;
    plan.checks = false;
    plan.debug = options_.plan.debug;
    const std::size_t index = trials_.size() - 1;
    trial.probe = std::make_unique<Probe>(loop_, std::move(variant.config), plan, nullptr,
                                          [this, index] { tried(index); });
  }
  if (trials_.empty()) return conclude();
  if (!options_.config.client_id_generated) {
    report_.notes.push_back("the variants used client ids of their own instead of '" +
                            options_.config.client_id + "'");
  }
  running_ = trials_.size();
  for (const Trial& trial : trials_) trial.probe->start();
}

void Diagnosis::tried(std::size_t index) {
  Trial& trial = trials_[index];
  const std::optional<Error>& error = trial.probe->report().error;
  trial.report.ok = !error;
  if (error) {
    trial.report.cause = error->cause;
    trial.report.message = error->message;
  }
  if (--running_ == 0) conclude();
}

void Diagnosis::conclude() {
  for (const Trial& trial : trials_) report_.variants.push_back(trial.report);
  if (std::string next = advice(report_.variants); !next.empty()) {
    report_.error->hint = std::move(next);
  }
  const std::string text = options_.json ? report_json(report_) : verdict_text(report_);
  const int printed = print_and_exit_code(text);
  host_.finish(printed != 0 ? printed : report_.exit_code());
}

void Diagnosis::on_interrupt() {
  if (probe_ && probe_->clear([this] { host_.finish(0); })) return;
  if (probe_) probe_->abort();
  for (const Trial& trial : trials_) trial.probe->abort();
  host_.finish(0);
}

void Diagnosis::on_deadline(Duration) {
  on_interrupt();
}

}  // namespace mqtk::inspect
