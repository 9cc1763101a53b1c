// Keys that an OpenSSL engine holds: tokens, cards, security modules.
#pragma once

#include "net/tls/openssl.hpp"
#include "net/tls/tls.hpp"

namespace mqtk {

/// Whether OpenSSL has or finds an engine of that id.
bool has_engine(const std::string& id);

/// Starts TlsConfig::engine, where one is named, and has it do all it can. It stays for the life of
/// the process. Errors are Configuration.
Result<void> use_engine(const TlsConfig& config);

/// The key that TlsConfig::key names in TlsConfig::engine, which is in use already. Errors are
/// Configuration.
Result<OwnedKey> engine_key(const TlsConfig& config);

}  // namespace mqtk
