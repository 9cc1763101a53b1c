// The parts of resolve_client(), one a subject. Private to this room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "options/resolve.hpp"
#include "options/url.hpp"

namespace mqtk {

/// Where to connect, as far as flags and environment say; TLS is settled already.
struct Targets {
  std::vector<Endpoint> endpoints;
  std::optional<std::string> username, password, topic;
  std::string ws_target;  ///< empty: none was given

  bool any_tls() const;
  bool any_websocket() const;
};

/// Endpoints from -h/-p/--unix/--ws, from -L, or from the environment's URL.
Result<Targets> resolve_targets(const ClientFlags& flags, const Environment& environment);

/// TLS, WebSocket and proxy settings, and --url-command.
Result<void> resolve_transport(const ClientFlags& flags, const Environment& environment,
                               const Targets& targets, ResolvedClient& out);

/// Whether an option asks for TLS (a CA, a certificate, a PSK).
bool wants_tls(const TlsFlags& flags);

/// The will and the birth message; `publish_topic` is where a will without a topic goes, with
/// "$will".
Result<void> resolve_will(const WillFlags& flags, std::string_view publish_topic,
                          ResolvedClient& out);

}  // namespace mqtk
