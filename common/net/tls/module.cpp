// What the TLS module shows to the outside: one factory.
#include "net/tls/module.hpp"

#include <openssl/crypto.h>

#include "base/module.hpp"
#include "net/tls/context.hpp"
#include "net/tls/engine.hpp"

namespace {

std::string library_version() {
  return OpenSSL_version(OPENSSL_VERSION);
}

constexpr mqtk::TlsModule kModule = {&mqtk::make_openssl_context, &library_version,
                                     &mqtk::has_engine};

}  // namespace

extern "C" __attribute__((visibility("default"))) const void* mqtk_module_tls(int version) {
  return version == mqtk::kModuleVersion ? &kModule : nullptr;
}
