// What the TLS module shows to the outside: one factory.
#include "net/tls_module.hpp"

#include <openssl/crypto.h>

#include "base/module.hpp"
#include "net/tls_module_context.hpp"
#include "net/tls_module_engine.hpp"

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
