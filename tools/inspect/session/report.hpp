// What is stored under a client id, and whether it could be deleted.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/error.hpp"

namespace mqtk::inspect {

struct SessionReport {
  std::string target;
  std::string client_id;
  std::string version;
  std::optional<Error> error;
  std::string refusal;  ///< of the client id, or of these credentials for it; empty: none
  bool present = false;
  std::uint64_t waiting = 0;  ///< messages that were sent at once
  std::uint64_t octets = 0;
  std::set<std::string> topics;
  std::optional<bool> deleted;

  /// Of a broker that could be asked.
  int exit_code() const;
};

/// Nothing when there is an error.
std::string session_text(const SessionReport& report);
/// mqtt-inspect.session/1
std::string session_json(const SessionReport& report);

}  // namespace mqtk::inspect
