#include "session/connect_plan.hpp"

#include <utility>

namespace mqtk {

Result<TlsContext*> LazyTls::get(const TlsConfig& config) {
  if (!context_) {
    auto made = make_tls_context(config);
    if (!made) return fail(std::move(made.error()));
    context_ = std::move(*made);
  }
  return context_.get();
}

ConnectPlan connect_plan(const ClientConfig& config, const Endpoint& endpoint, LazyTls& tls) {
  ConnectPlan plan;
  plan.endpoint = endpoint;
  plan.family = config.ip_family;
  plan.bind_address = config.bind_address;
  plan.tcp_nodelay = config.tcp_nodelay;
  plan.proxy = config.proxy ? &*config.proxy : nullptr;
  plan.tls = [&config, &tls] { return tls.get(config.tls); };
  plan.websocket = &config.websocket;
  plan.timeouts = config.timeouts;
  return plan;
}

}  // namespace mqtk
