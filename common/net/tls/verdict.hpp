// What the verification of the peer's certificate found, and how to say it.
#pragma once

#include <string>

#include "net/tls/openssl.hpp"
#include "net/tls/tls.hpp"

namespace mqtk {

inline Error tls_error(Cause cause, std::string message, std::string hint = {}) {
  return {ErrorKind::Tls, cause, std::move(message), std::move(hint)};
}

/// The first fault of one verification, noted while it runs; the handshake's own memory is gone
/// after it.
struct Verdict {
  int code = X509_V_OK;          ///< X509_V_ERR_*
  OwnedCertificate certificate;  ///< the one with the fault
  OwnedChain sent;               ///< all that the peer sent, its own first
};

/// What OpenSSL's callbacks note about one connection; the application data of its SSL points here.
struct TlsFacts {
  Verdict verdict;
  bool certificate_requested = false;  ///< by the server
  std::string session_key;             ///< under which sessions are kept; empty: not kept
};

/// For SSL_set_verify(). A missing revocation list is a fault of the peer's own certificate only.
int note_verdict(int ok, X509_STORE_CTX* verification);

/// The sentence for a failed verification. `asked_for` is the name or address that was verified,
/// `store` describes what is trusted.
Error explain_verdict(const Verdict& verdict, TlsRole role, const std::string& asked_for,
                      const std::string& store);

}  // namespace mqtk
