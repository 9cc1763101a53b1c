// Says in words why a handshake or a connection failed, from OpenSSL's codes and from what was
// noted.
#pragma once

#include "net/tls/openssl.hpp"
#include "net/tls/shared.hpp"
#include "net/tls/stream.hpp"
#include "net/tls/tls.hpp"
#include "net/tls/verdict.hpp"

namespace mqtk {

/// All that is known about the connection when it fails.
struct TlsSituation {
  const TlsShared& shared;
  const TlsFacts& facts;
  const TlsStream& stream;
  SSL* ssl;
  std::string asked_for;     ///< the name or address that is verified
  bool established = false;  ///< octets of the application have come
};

/// Empties OpenSSL's queue of errors: the reason that explains most, or 0.
unsigned long take_reason();

/// A handshake that failed; `reason` from take_reason().
Error explain_handshake(const TlsSituation& situation, unsigned long reason);
/// A read that failed after the handshake. With TLS 1.3 this is where a server says that it does
/// not like our certificate, or the lack of one.
Error explain_read(const TlsSituation& situation, unsigned long reason);

}  // namespace mqtk
