// Which other ways to connect are worth a try after a failure: a rule book without input and
// output.
#pragma once

#include <string>
#include <vector>

#include "inspect/shared/connect_report.hpp"
#include "session/attempt_report.hpp"
#include "session/client_config.hpp"

namespace mqtk::inspect {

struct Variant {
  std::string change;  ///< "MQTT 3.1.1 instead of 5"
  std::string option;  ///< what to type for it
  ClientConfig config;
};

inline constexpr std::size_t kMaxVariants = 6;

/// False after the broker, a proxy or a web server has refused the credentials: trying again could
/// lock an account. `why` then says so.
bool may_try_variants(const Error& error, std::string& why);

/// At most kMaxVariants, the likeliest first; of the addresses those that are known to answer. Each
/// has a client id of its own, no session and no will; one that leaves TLS out also leaves the
/// credentials out.
std::vector<Variant> variants_of(const ClientConfig& config, const Error& error,
                                 const AttemptReport& attempt);

/// What to do next when these were tried: the first that works, else the first that the other side
/// at least understands; empty: neither.
std::string advice(const std::vector<VariantReport>& tried);

}  // namespace mqtk::inspect
