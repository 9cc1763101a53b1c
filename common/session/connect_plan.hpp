// How a connection is made, from the configuration: the one place that knows every field of it.
#pragma once

#include <memory>

#include "net/connection.hpp"
#include "session/client_config.hpp"

namespace mqtk {

/// The TLS context of one configuration, for all its connections: made when it is first asked for,
/// since that costs a short run as much as everything else.
class LazyTls {
 public:
  /// Reads and checks all files the first time. Errors are Configuration.
  Result<TlsContext*> get(const TlsConfig& config);

 private:
  std::unique_ptr<TlsContext> context_;
};

/// To `endpoint`, with everything else as `config` has it. Both references must stay valid for as
/// long as a connection is made by this plan.
ConnectPlan connect_plan(const ClientConfig& config, const Endpoint& endpoint, LazyTls& tls);

}  // namespace mqtk
