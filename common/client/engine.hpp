// Which implementation of MQTT stands behind Client, and the one place that makes one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client/client.hpp"

namespace mqtk {

enum class Engine : std::uint8_t {
  Native,  ///< ours
  Paho,    ///< Eclipse Paho, as applications that are built on it see a broker; a module
};

/// "native", "paho".
std::string_view name(Engine engine);
std::optional<Engine> parse_engine(std::string_view text);

/// What of this configuration the engine cannot carry, as one error (Usage) before anything is
/// tried; the build without the engine, too.
Result<void> check_engine(Engine engine, const ClientConfig& config, DisconnectMode disconnect);

/// `listener` outlives the client. With Engine::Paho the packets are not shown, addresses, TLS and
/// byte counts are not known, and ping() does nothing: Paho does not tell.
std::unique_ptr<Client> make_client(Engine engine, EventLoop& loop, ClientConfig config,
                                    ClientListener& listener);

/// "Paho C 1.3.11"; loads the module.
Result<std::string> paho_library_version();

}  // namespace mqtk
