// From what the engine reports to the phases of a ConnectReport.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/client.hpp"
#include "inspect/shared/connect_report.hpp"

namespace mqtk::inspect {

/// "mqtts://broker:8883"; of several, all.
std::string target_text(const ClientConfig& config);
/// "0.35 ms"
std::string milliseconds(Duration duration);

/// Resolve to CONNECT, as far as the attempt came; `error` is why it ended, nullptr when it was
/// accepted.
std::vector<PhaseReport> attempt_phases(const AttemptReport& attempt, const ClientConfig& config,
                                        const ConnectReport& report, const Error* error);

ConnackReport connack_report(const wire::Connack& connack, wire::ProtocolVersion version);
/// Under the names of the specification, with underscores.
Facts property_facts(wire::PropertiesView properties);

/// A message did not come back. `acknowledged` is what the broker said of it, if it did.
Error not_delivered(const std::string& topic, wire::ProtocolVersion version,
                    const std::optional<PublishOutcome>& acknowledged, const std::string& waited);

/// What was seen, for somebody who doubts the cause.
std::vector<std::string> evidence_of(const ConnectReport& report, const AttemptReport& attempt);

}  // namespace mqtk::inspect
