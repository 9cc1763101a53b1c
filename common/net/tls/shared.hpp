// What all connections of one configuration share, and what OpenSSL's callbacks need of it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/output_file.hpp"
#include "net/tls/openssl.hpp"
#include "net/tls/stream.hpp"
#include "net/tls/tls.hpp"

namespace mqtk {

/// The last session of each server, for an abbreviated handshake the next time.
class SessionStore {
 public:
  /// Takes over the reference.
  void put(const std::string& key, SSL_SESSION* session);
  /// Borrowed; nullptr when there is none.
  SSL_SESSION* find(const std::string& key) const;
  void forget(const std::string& key) { sessions_.erase(key); }

 private:
  std::map<std::string, OwnedSession> sessions_;
};

/// Lives as long as the context or any of its connections.
struct TlsShared {
  TlsRole role = TlsRole::Client;
  OwnedContext context;
  std::string server_name;       ///< overrides the host that was asked for
  std::string store;             ///< description of what is trusted
  std::string certificate_note;  ///< what is wrong with our own certificate, or empty
  std::string psk;               ///< octets; empty: none
  std::string psk_identity;
  std::string alpn;  ///< in the form of the wire (RFC 7301 section 3.1)
  bool has_certificate = false;
  bool insecure = false;
  bool psk_only = false;  ///< no certificate is trusted
  std::optional<OutputFile> keylog;
  bool keylog_failed = false;  ///< and was said
  SessionStore sessions;
  std::shared_ptr<SpareBlocks> spare = std::make_shared<SpareBlocks>();
};

}  // namespace mqtk
