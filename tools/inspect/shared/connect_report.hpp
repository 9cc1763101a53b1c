// What a diagnosis found, phase by phase: one struct that is shown to people and as JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "session/attempt_report.hpp"

namespace mqtk::inspect {

/// Something worth knowing, under the name it has in JSON.
struct Fact {
  std::string name;
  std::variant<bool, std::int64_t, std::string, std::vector<std::string>> value;
};
using Facts = std::vector<Fact>;

enum class Verdict : std::uint8_t { Ok, Failed, Skipped };

struct PhaseReport {
  std::string name;  ///< "resolve" to "websocket", "connect", "ping", "subscribe", "publish_qos0"
  Verdict verdict = Verdict::Ok;
  Duration took = 0ns;
  std::string text;  ///< what came of it, in words
  Facts details;
};

struct ConnackReport {
  std::uint8_t code = 0;
  std::string reason;
  bool session_present = false;
  Facts properties;  ///< in the order in which they came
};

/// One of the other ways that were tried after a failure.
struct VariantReport {
  std::string change;  ///< "MQTT 3.1.1 instead of 5"
  std::string option;  ///< what to type for it
  bool ok = false;
  Cause cause = Cause::None;
  std::string message;
};

struct ConnectReport {
  std::string target;  ///< the URL without credentials
  std::string client_id;
  std::string version;  ///< of MQTT
  std::vector<PhaseReport> phases;
  std::vector<AddressReport> addresses;  ///< each one of the host or the proxy, and how it fared
  std::optional<TlsInfo> tls;
  std::optional<WebSocketInfo> websocket;
  std::optional<ConnackReport> connack;
  std::optional<Error> error;
  std::vector<std::string> evidence;
  std::vector<std::string> notes;
  std::vector<VariantReport> variants;
  Duration total = 0ns;

  bool ok() const { return !error.has_value(); }
  int exit_code() const { return error ? mqtk::exit_code(error->kind) : 0; }
};

/// A line (or a few) for one phase.
std::string phase_text(const PhaseReport& phase, const ConnectReport& report);
/// The certificates that the server sent, its own first.
std::string chain_text(const TlsInfo& tls);
/// What stands below the phases: cause, evidence, what else was tried, what to do next.
std::string verdict_text(const ConnectReport& report);
/// mqtt-inspect.connect/1, with a newline at its end.
std::string report_json(const ConnectReport& report);

}  // namespace mqtk::inspect
