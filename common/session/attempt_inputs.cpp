#include "session/attempt_inputs.hpp"

#include <utility>

namespace mqtk {

Result<Credentials> ask_before_attempt(ClientConfig& config, std::size_t& endpoint) {
  if (config.endpoint_source) {
    auto fresh = config.endpoint_source();
    if (!fresh) return fail(std::move(fresh.error()));
    config.endpoints = {std::move(fresh->first)};
    config.websocket.target = std::move(fresh->second);
    endpoint = 0;
  }
  if (!config.credentials) return Credentials{};
  return config.credentials();
}

}  // namespace mqtk
