// What a monitoring check found, and its three forms: a plugin's line, Prometheus text, JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "inspect/check/range.hpp"

namespace mqtk::inspect {

/// In the order of a plugin's exit codes.
enum class CheckState : std::uint8_t { Ok, Warning, Critical, Unknown };
/// "OK", ...
std::string_view name(CheckState state);
/// The one that decides: critical, then warning, then unknown.
CheckState worse(CheckState a, CheckState b);

struct CheckMetric {
  std::string label;   ///< in performance data: "connect", "sys_clients_connected"
  std::string family;  ///< for Prometheus: "phase_seconds"
  std::vector<std::pair<std::string, std::string>> labels = {};  ///< Prometheus
  double value = 0;
  std::string unit = {};  ///< of performance data: "s", "B", or empty
  std::optional<AlertRange> warn = {};
  std::optional<AlertRange> crit = {};

  CheckState state() const;
};

struct CheckReport {
  std::string target;
  CheckState state = CheckState::Ok;
  std::vector<std::string> problems;  ///< sentences
  std::vector<std::string> good;
  std::vector<CheckMetric> metrics;
  std::optional<Error> error;

  /// Adds it, and a sentence about it: `what` followed by nothing when it is fine, else by the
  /// threshold.
  void add(CheckMetric metric, const std::string& what);
  void problem(CheckState how, std::string text);
};

/// One line: "MQTT OK - ... | connect=0.003s;0.5;1;0".
std::string check_line(const CheckReport& report);
/// Prometheus text format, mqtt_check_*; `time` is seconds since 1970.
std::string check_prometheus(const CheckReport& report, double time);
/// mqtt-inspect.check/1
std::string check_json(const CheckReport& report);

}  // namespace mqtk::inspect
