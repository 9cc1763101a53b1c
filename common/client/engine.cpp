#include "client/engine.hpp"

#include <utility>

#include "client/paho/client.hpp"
#include "client/paho/limits.hpp"

namespace mqtk {

std::string_view name(Engine engine) {
  return engine == Engine::Paho ? "paho" : "native";
}

std::optional<Engine> parse_engine(std::string_view text) {
  for (const Engine engine : {Engine::Native, Engine::Paho}) {
    if (text == name(engine)) return engine;
  }
  return std::nullopt;
}

Result<void> check_engine(Engine engine, const ClientConfig& config, DisconnectMode disconnect) {
  if (engine == Engine::Native) return {};
  if (auto module = paho_module(); !module) return fail(std::move(module.error()));
  return check_paho(config, disconnect);
}

std::unique_ptr<Client> make_client(Engine engine, EventLoop& loop, ClientConfig config,
                                    ClientListener& listener) {
  if (engine == Engine::Paho) {
    return std::make_unique<PahoClient>(loop, std::move(config), listener);
  }
  return make_native_client(loop, std::move(config), listener);
}

Result<std::string> paho_library_version() {
  auto module = paho_module();
  if (!module) return fail(std::move(module.error()));
  return (*module)->library_version();
}

}  // namespace mqtk
