// What the Paho module shows to the outside: one factory.
#include <MQTTAsync.h>

#include <string>
#include <string_view>

#include "base/module.hpp"
#include "client/paho/link.hpp"
#include "client/paho/session.hpp"

namespace {

std::string library_version() {
  std::string version = "Paho C";
  for (const MQTTAsync_nameValue* info = MQTTAsync_getVersionInfo(); info->name != nullptr;
       ++info) {
    if (std::string_view(info->name) == "Version") version += std::string(" ") + info->value;
  }
  return version;
}

constexpr mqtk::PahoModule kModule = {&mqtk::make_paho_link, &library_version};

}  // namespace

extern "C" __attribute__((visibility("default"))) const void* mqtk_module_paho(int version) {
  return version == mqtk::kModuleVersion ? &kModule : nullptr;
}
