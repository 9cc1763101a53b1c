// The policy of mqtt-inspect connect: one probe through all phases, then the variants at once, then
// the verdict.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "inspect/connect/address_check.hpp"
#include "inspect/connect/variants.hpp"
#include "inspect/shared/probe.hpp"
#include "options/run.hpp"

namespace mqtk::inspect {

struct DiagnosisOptions {
  ClientConfig config;
  ProbePlan plan;
  bool variants = true;
  bool json = false;
};

class Diagnosis final : public Job {
 public:
  Diagnosis(EventLoop& loop, Host& host, DiagnosisOptions options);

  void start();
  void on_interrupt() override;
  void on_deadline(Duration limit) override;

 private:
  struct Trial {
    VariantReport report;
    std::unique_ptr<Probe> probe;
  };

  void probed();
  void addresses_checked();
  void try_variants();
  void tried(std::size_t index);
  void conclude();

  EventLoop& loop_;
  Host& host_;
  DiagnosisOptions options_;
  ConnectReport report_;
  std::unique_ptr<Probe> probe_;
  AttemptReport attempt_;
  AddressCheck address_check_;
  std::vector<Trial> trials_;
  std::size_t running_ = 0;
};

}  // namespace mqtk::inspect
