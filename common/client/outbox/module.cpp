// What the outbox module shows to the outside: one factory.
#include "client/outbox/module.hpp"

#include "base/module.hpp"

namespace {
constexpr mqtk::OutboxModule kModule = {&mqtk::open_sqlite_outbox};
}  // namespace

extern "C" __attribute__((visibility("default"))) const void* mqtk_module_outbox(int version) {
  return version == mqtk::kModuleVersion ? &kModule : nullptr;
}
