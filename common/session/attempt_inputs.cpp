#include "session/attempt_inputs.hpp"

#include <utility>

namespace mqtk {

Result<Credentials> ask_before_attempt(ClientConfig& config, Persistence& persistence) {
  if (config.endpoint_source) {
    auto fresh = config.endpoint_source();
    if (!fresh) return fail(std::move(fresh.error()));
    config.endpoints = {std::move(fresh->first)};
    config.websocket.target = std::move(fresh->second);
    persistence.replace_endpoints(config.endpoints.size());
  }
  if (!config.credentials) return Credentials{};
  return config.credentials();
}

}  // namespace mqtk
