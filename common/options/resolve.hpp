// From what was typed, and the environment, to the validated configuration of a client. Precedence:
// default, environment, command line. Files named by will and header options are read here;
// password files are not.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "client/engine.hpp"
#include "options/client_flags.hpp"
#include "options/environment.hpp"
#include "options/property_options.hpp"
#include "session/client_config.hpp"

namespace mqtk {

/// What the program adds of its own.
struct ResolveInput {
  std::string_view id_prefix = "mqtt-";  ///< of a generated client id, which is 21 octets in all
  bool reconnect = false;                ///< the program's default after the loss of a connection
  bool engines = false;                  ///< the program leaves the choice of the engine
  std::string_view publish_topic;        ///< for a will without a topic; empty: the URL's
  std::span<const std::string> mqtt5_options;  ///< CommandLine::mqtt5_options
};

struct ResolvedClient {
  ClientConfig config;
  Engine engine = Engine::Native;
  std::optional<std::string> url_topic;  ///< the path of an mqtt-like URL
  PropertySets properties;  ///< publish, subscribe and unsubscribe are the program's to use
  DisconnectMode disconnect = DisconnectMode::Normal;
  std::vector<std::string> warnings;  ///< to be shown
  std::vector<std::string> notes;     ///< to be shown with --debug
};

Result<ResolvedClient> resolve_client(const ClientFlags& flags, const Environment& environment,
                                      const ResolveInput& input);

/// `prefix` and random letters and digits, `size` octets in all (at least eight of them random).
std::string generate_client_id(std::string_view prefix, std::size_t size = 21);

}  // namespace mqtk
