// TLS as a layer over any Transport. The library behind it is a module that is loaded on first use,
// so that a plain connection never pays for it; only net/tls_module*.cpp knows OpenSSL.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/transport.hpp"

namespace mqtk {

enum class TlsVersion : std::uint8_t { Tls10, Tls11, Tls12, Tls13 };
/// "TLS 1.2"
std::string_view name(TlsVersion version);
/// Accepts tlsv1.2, tls1.2, 1.2 and the like.
std::optional<TlsVersion> parse_tls_version(std::string_view text);

/// A PEM document, in a file or given as text; both empty when there is none.
struct PemSource {
  std::string file;
  std::string content;
  bool empty() const { return file.empty() && content.empty(); }
};

struct TlsConfig {
  PemSource ca;  ///< certificates to trust; none and no ca_directory: the system's store
  std::string ca_directory;   ///< hashed directory
  bool system_store = false;  ///< trust the system's store besides ca / ca_directory
  PemSource certificate;      ///< our own, with intermediates
  PemSource key;              ///< empty: the certificate's file holds it too
  std::optional<std::string> key_passphrase;
  std::string engine;             ///< an OpenSSL engine, by its id; empty: none
  bool key_in_engine = false;     ///< `key.file` is the engine's name for the key
  std::string key_password_sha1;  ///< 20 octets, for an engine that takes them; empty: none
  /// Asked for a key in an engine that wants a password, where `key_passphrase` is none.
  std::function<Result<std::string>()> ask_passphrase;
  std::optional<std::string> psk_hex;
  std::string psk_identity;
  std::string server_name;  ///< SNI and the name to verify; empty: the host that was asked for
  std::vector<std::string> alpn;
  TlsVersion minimum = TlsVersion::Tls12;
  std::optional<TlsVersion> maximum;
  std::string ciphers;       ///< OpenSSL list for TLS 1.2 and below
  std::string ciphersuites;  ///< OpenSSL list for TLS 1.3
  std::string
      crl_file;  ///< revocation list(s), PEM; checked for the whole chain when they cover it
  std::string keylog_file;       ///< NSS key log, appended
  bool keylog_optional = false;  ///< without it, when the file cannot be written
  bool insecure = false;         ///< no verification at all
};

struct CertificateInfo {
  std::string subject;
  std::string issuer;
  std::vector<std::string> names;  ///< subject alternative names, "DNS:..." and "IP:..."
  std::string not_before;          ///< ISO 8601, UTC
  std::string not_after;
  std::int64_t days_left = 0;  ///< negative when expired
};

/// What was agreed on; filled after the handshake, as far as known after a failed one.
struct TlsInfo {
  std::string version;
  std::string cipher;
  std::string alpn;  ///< empty: none agreed
  bool session_resumed = false;
  bool client_certificate_requested = false;
  bool verified = false;               ///< false with `insecure`
  std::string verify_result;           ///< in words
  std::vector<CertificateInfo> chain;  ///< the server's own first
};

class TlsTransport : public Transport {
 public:
  virtual TlsInfo info() const = 0;
};

/// One configuration, shared by all its connections: certificates are read once. Not thread-safe.
class TlsContext {
 public:
  virtual ~TlsContext() = default;
  /// A client over `lower`, which is connected. `host` is the name or address that was asked for:
  /// it is sent as SNI (names only) and verified, unless the configuration names another. Sessions
  /// are resumed.
  virtual std::unique_ptr<TlsTransport> client(std::unique_ptr<Transport> lower,
                                               const std::string& host) = 0;
  /// The server's side, for test brokers and the sink: certificate and key are ours, `ca` (if
  /// given) asks the client for a certificate.
  virtual std::unique_ptr<TlsTransport> server(std::unique_ptr<Transport> lower) = 0;
};

enum class TlsRole : std::uint8_t { Client, Server };

/// Reads all files and checks them; loads the module. Errors are Configuration and name the file.
Result<std::unique_ptr<TlsContext>> make_tls_context(const TlsConfig& config,
                                                     TlsRole role = TlsRole::Client);

/// Whether OpenSSL has an engine of that id; loads the module, and the engine.
bool has_tls_engine(const std::string& id);

/// "OpenSSL 3.0.15 ..."; loads the module.
Result<std::string> tls_library_version();

}  // namespace mqtk
