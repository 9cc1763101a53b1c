#include "options/client_flags.hpp"

namespace mqtk {

void append_flags(FlagTable& table, EngineFlags& flags) {
  table.push_back(
      {.name = "engine",
       .value_name = "ENGINE",
       .kind = FlagKind::Value,
       .group = "Connection",
       .doc = "which implementation of MQTT to use: native or paho",
       .details =
           "Which implementation of MQTT to use: native, this toolkit's own, or paho, the Eclipse "
           "Paho library, to see what an application that is built on Paho sees. What Paho cannot "
           "do is refused before anything is tried. With it --debug shows no packets.",
       .default_text = "native",
       .choices = "native paho",
       .store = store_choice(flags.engine, "native paho", {Engine::Native, Engine::Paho})});
}

}  // namespace mqtk
