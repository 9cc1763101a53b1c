// What a broker declares and what was observed of it, capability by capability.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace mqtk::inspect {

enum class Finding : std::uint8_t {
  Yes,
  No,
  Limited,     ///< `observed` says how
  NotAllowed,  ///< refused for these credentials or under this prefix
  NotTested,   ///< by --safe, without --slow, or since it needs MQTT 5
  Unclear,     ///< no answer in time, or the broker contradicts itself
};
/// "yes", "no", "limited", "not_allowed", "not_tested", "unclear".
std::string_view name(Finding finding);

struct Capability {
  std::string name;  ///< "qos", "retained_by_wildcard": a key of the JSON
  Finding finding = Finding::Unclear;
  std::string observed;  ///< in words or as a number
  std::string declared;  ///< by CONNACK of MQTT 5; empty: nothing
};
using Capabilities = std::vector<Capability>;

struct CapsReport {
  std::string target;
  std::string prefix;   ///< of the topics
  std::string version;  ///< of MQTT, which most probes used
  Capabilities capabilities;
  std::vector<std::string> left_behind;  ///< what could not be removed again
  std::vector<std::string> notes;
  std::optional<Error> error;  ///< the broker cannot be talked to at all
  Duration total = 0ns;

  const Capability* find(std::string_view name) const;
  int exit_code() const;
};

std::string caps_text(const CapsReport& report);
/// mqtt-inspect.caps/1, with a newline at its end.
std::string caps_json(const CapsReport& report);
/// Two brokers side by side; differences are marked with '!'.
std::string comparison_text(const CapsReport& left, const CapsReport& right);
/// mqtt-inspect.caps-comparison/1: both reports and the names of what differs.
std::string comparison_json(const CapsReport& left, const CapsReport& right);

}  // namespace mqtk::inspect
