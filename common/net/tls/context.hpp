// One configuration as an SSL_CTX, checked and ready for any number of connections.
#pragma once

#include <memory>

#include "net/tls/tls.hpp"

namespace mqtk {

/// Behind make_tls_context().
Result<std::unique_ptr<TlsContext>> make_openssl_context(const TlsConfig& config, TlsRole role);

}  // namespace mqtk
