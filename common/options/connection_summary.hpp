// What --summary says at the end of a run: the connection as it was made, and what went over it.
// Secrets are left out: of WebSocket headers only the names, of the request's query nothing.
#pragma once

#include <string>

#include "client/client.hpp"

namespace mqtk {

struct ConnectionSummary {
  const ConnectionInfo* connection = nullptr;  ///< the last one; nullptr: there was none
  const ClientConfig* config = nullptr;
  ClientCounts counts{};
};

/// One line, "schema":"mqtt-toolkit.connection/1".
std::string summary_json(const ConnectionSummary& summary);
/// The same, a line for each value.
std::string summary_text(const ConnectionSummary& summary);

}  // namespace mqtk
