// The border of the TLS module: what mqtk_module_tls() returns.
#pragma once

#include "net/tls/tls.hpp"

namespace mqtk {

struct TlsModule {
  Result<std::unique_ptr<TlsContext>> (*create)(const TlsConfig& config, TlsRole role);
  std::string (*library_version)();
  bool (*has_engine)(const std::string& id);
};

}  // namespace mqtk
