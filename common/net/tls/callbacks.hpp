// What OpenSSL asks and tells while it works: pre-shared keys, application protocols, sessions, key
// log.
#pragma once

#include "net/tls/shared.hpp"

namespace mqtk {

/// Notes a server's wish for a certificate, and keeps sessions for the next connection.
void install_client(TlsShared& shared);
void install_psk(TlsShared& shared);
void install_alpn(TlsShared& shared);
void install_keylog(TlsShared& shared);

}  // namespace mqtk
