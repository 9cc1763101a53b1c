// The certificates that are trusted, and the revocation lists.
#pragma once

#include <string>
#include <vector>

#include "net/tls/openssl.hpp"
#include "net/tls/tls.hpp"

namespace mqtk {

/// What fill_store() did.
struct TrustedStore {
  std::string description;                    ///< for messages: "the CA file 'ca.pem'"
  std::vector<OwnedCertificate> authorities;  ///< those of the configuration's `ca`
};

/// Puts into `store` what `config` says is trusted. With nothing said it is the system's store, but
/// not for a server nor with a pre-shared key.
Result<TrustedStore> fill_store(X509_STORE* store, const TlsConfig& config, TlsRole role);

}  // namespace mqtk
