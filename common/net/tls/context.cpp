#include "net/tls/context.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/bytes.hpp"
#include "net/tls/callbacks.hpp"
#include "net/tls/certificate.hpp"
#include "net/tls/engine.hpp"
#include "net/tls/pem.hpp"
#include "net/tls/shared.hpp"
#include "net/tls/store.hpp"
#include "net/tls/transport.hpp"
#include "net/tls/verdict.hpp"

namespace mqtk {

namespace {

class OpenSslContext : public TlsContext {
 public:
  explicit OpenSslContext(std::shared_ptr<TlsShared> shared) : shared_(std::move(shared)) {}

  std::unique_ptr<TlsTransport> client(std::unique_ptr<Transport> lower,
                                       const std::string& host) override {
    return std::make_unique<OpenSslTransport>(shared_, std::move(lower), host);
  }
  std::unique_ptr<TlsTransport> server(std::unique_ptr<Transport> lower) override {
    return std::make_unique<OpenSslTransport>(shared_, std::move(lower), std::string());
  }

 private:
  std::shared_ptr<TlsShared> shared_;
};

Unexpected<Error> bad_configuration(std::string message, std::string hint = {}) {
  ERR_clear_error();
  return fail(ErrorKind::Configuration, std::move(message), std::move(hint));
}

// Texts of errors are not loaded before there is one to explain (0.3 ms). Who tells a version after
// 3.0 not to load those of TLS at its start never gets them.
#if OPENSSL_VERSION_NUMBER < 0x30100000L
constexpr std::uint64_t kNoTexts =
    OPENSSL_INIT_NO_LOAD_SSL_STRINGS | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS;
#else
constexpr std::uint64_t kNoTexts = OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS;
#endif

// The system's openssl.cnf is honoured (0.2 ms): distributions set policy there.
void start_library() {
  OPENSSL_init_ssl(OPENSSL_INIT_LOAD_CONFIG | kNoTexts, nullptr);
}

int number_of(TlsVersion version) {
  switch (version) {
    case TlsVersion::Tls10:
      return TLS1_VERSION;
    case TlsVersion::Tls11:
      return TLS1_1_VERSION;
    case TlsVersion::Tls12:
      return TLS1_2_VERSION;
    case TlsVersion::Tls13:
      return TLS1_3_VERSION;
  }
  return TLS1_2_VERSION;
}

Result<void> set_versions(SSL_CTX* context, const TlsConfig& config) {
  if (config.maximum && *config.maximum < config.minimum) {
    return bad_configuration("the newest TLS version allowed is older than the oldest one");
  }
  const bool legacy = config.minimum < TlsVersion::Tls12;
  // The system's policy may ask for more than our usual floor; an explicit wish for the old is
  // followed.
  const long policy = SSL_CTX_get_min_proto_version(context);
  int lowest = number_of(config.minimum);
  if (!legacy && policy > lowest) lowest = static_cast<int>(policy);
  if (legacy) SSL_CTX_set_security_level(context, 0);
  const int highest = config.maximum ? number_of(*config.maximum) : 0;
  if (SSL_CTX_set_min_proto_version(context, lowest) != 1 ||
      (highest != 0 && SSL_CTX_set_max_proto_version(context, highest) != 1)) {
    return bad_configuration("this OpenSSL does not support the TLS versions asked for");
  }
  if (highest != 0 && highest < lowest) {
    return bad_configuration("the system's policy does not allow so old a TLS version");
  }
  return {};
}

bool has_suite(const SSL_CTX* context) {
  const STACK_OF(SSL_CIPHER)* ciphers = SSL_CTX_get_ciphers(context);
  for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i) {
    const SSL_CIPHER* cipher = sk_SSL_CIPHER_value(ciphers, i);
    if (std::string_view(SSL_CIPHER_get_version(cipher)) == "TLSv1.3") return true;
  }
  return false;
}

Result<void> set_ciphers(SSL_CTX* context, const TlsConfig& config, bool psk_only) {
  // Without a certificate to verify, nothing but a cipher with a pre-shared key may be agreed on.
  std::string list = config.ciphers;
  if (list.empty() && psk_only) list = "kECDHEPSK:kDHEPSK:kPSK:!eNULL:!COMPLEMENTOFDEFAULT";
  if (!list.empty() && SSL_CTX_set_cipher_list(context, list.c_str()) != 1) {
    return bad_configuration("no cipher of '" + list + "' is known", "list them: openssl ciphers");
  }
  const std::string& suites = config.ciphersuites;
  if (!suites.empty() &&
      (SSL_CTX_set_ciphersuites(context, suites.c_str()) != 1 || !has_suite(context))) {
    return bad_configuration("'" + suites + "' is no list of TLS 1.3 cipher suites",
                             "list them: openssl ciphers -s -tls1_3");
  }
  return {};
}

// In a file, or in an engine; `name` says where it is.
Result<OwnedKey> find_key(const TlsConfig& config, const PemText& certificate, std::string& name) {
  if (config.key_in_engine) {
    name = "the engine '" + config.engine + "'";
    return engine_key(config);
  }
  const auto pem = config.key.empty() ? Result<PemText>(certificate) : read_pem(config.key, "key");
  if (!pem) return fail(pem.error());
  name = pem->name;
  return parse_key(*pem, config.key_passphrase);
}

Result<void> set_identity(TlsShared& shared, const TlsConfig& config) {
  if (config.certificate.empty()) {
    if (config.key.empty()) return {};
    return bad_configuration("a key without a certificate", "name its certificate as well");
  }
  SSL_CTX* context = shared.context.get();
  const auto pem = read_pem(config.certificate, "certificate");
  if (!pem) return fail(pem.error());
  auto certificates = parse_certificates(*pem);
  if (!certificates) return fail(std::move(certificates.error()));
  std::string key_name;
  auto key = find_key(config, *pem, key_name);
  if (!key) return fail(std::move(key.error()));
  X509* own = certificates->front().get();
  if (X509_check_private_key(own, key->get()) != 1) {
    return bad_configuration("the key in " + key_name + " does not belong to the certificate '" +
                             text_of(X509_get_subject_name(own)) + "'");
  }
  if (SSL_CTX_use_certificate(context, own) != 1 ||
      SSL_CTX_use_PrivateKey(context, key->get()) != 1) {
    return bad_configuration("OpenSSL does not accept the certificate in " + pem->name +
                                 ": its key or its signature is too weak",
                             "to use it all the same: --ciphers DEFAULT@SECLEVEL=0");
  }
  for (auto next = certificates->begin() + 1; next != certificates->end(); ++next) {
    SSL_CTX_add1_chain_cert(context, next->get());
  }
  ERR_clear_error();
  shared.has_certificate = true;
  const ASN1_TIME* until = X509_get0_notAfter(own);
  if (X509_cmp_current_time(until) < 0) {
    shared.certificate_note = "our certificate expired on " + iso_date(until);
  }
  return {};
}

Result<void> set_psk(TlsShared& shared, const TlsConfig& config) {
  if (!config.psk_hex) return {};
  if (!from_hex(*config.psk_hex, shared.psk) || shared.psk.empty()) {
    return bad_configuration("the pre-shared key is not hexadecimal",
                             "pairs of the digits 0-9 and a-f, without 0x");
  }
  if (shared.psk.size() > PSK_MAX_PSK_LEN) {
    return bad_configuration("the pre-shared key is longer than " +
                             std::to_string(PSK_MAX_PSK_LEN) + " octets");
  }
  if (config.psk_identity.empty()) {
    return bad_configuration("a pre-shared key needs an identity", "see --psk-identity");
  }
  if (config.psk_identity.size() > PSK_MAX_IDENTITY_LEN) {
    return bad_configuration("the identity of the pre-shared key is longer than " +
                             std::to_string(PSK_MAX_IDENTITY_LEN) + " octets");
  }
  shared.psk_identity = config.psk_identity;
  install_psk(shared);
  return {};
}

Result<void> set_alpn(TlsShared& shared, const TlsConfig& config) {
  for (const std::string& protocol : config.alpn) {
    if (protocol.empty() || protocol.size() > 255) {
      return bad_configuration("an application protocol (ALPN) has 1 to 255 octets");
    }
    shared.alpn.push_back(octet(static_cast<unsigned>(protocol.size())));
    shared.alpn += protocol;
  }
  if (!shared.alpn.empty()) install_alpn(shared);
  return {};
}

Result<void> set_keylog(TlsShared& shared, const TlsConfig& config) {
  const std::string& file = config.keylog_file;
  if (file.empty()) return {};
  constexpr std::string_view kCannotWrite = "cannot write ";
  auto opened = OutputFile::append(file, FileAccess::Private);
  if (!opened) {
    if (config.keylog_optional) return {};
    return bad_configuration("cannot write the key log file '" + file + "'" +
                             opened.error().message.substr(kCannotWrite.size() + file.size()));
  }
  shared.keylog.emplace(std::move(*opened));
  install_keylog(shared);
  return {};
}

Result<void> set_trust(TlsShared& shared, const TlsConfig& config) {
  SSL_CTX* context = shared.context.get();
  auto store = fill_store(SSL_CTX_get_cert_store(context), config, shared.role);
  if (!store) return fail(std::move(store.error()));
  shared.store = std::move(store->description);
  int mode = shared.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER;
  if (shared.role == TlsRole::Server) {
    const bool asks = !config.ca.empty() || !config.ca_directory.empty() || config.system_store;
    mode = asks ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_NONE;
    for (const OwnedCertificate& authority : store->authorities) {
      SSL_CTX_add_client_CA(context, authority.get());
    }
  }
  SSL_CTX_set_verify(context, mode, &note_verdict);
  return {};
}

void set_modes(TlsShared& shared) {
  SSL_CTX* context = shared.context.get();
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_app_data(context, &shared);
  if (shared.role == TlsRole::Client) {
    install_client(shared);
    return;
  }
  // Not for a client: the session that stands for a pre-shared key in TLS 1.3 has no such context.
  constexpr unsigned char kSessions[] = {'m', 'q', 't', 'k'};
  SSL_CTX_set_session_id_context(context, kSessions, sizeof(kSessions));
}

}  // namespace

Result<std::unique_ptr<TlsContext>> make_openssl_context(const TlsConfig& config, TlsRole role) {
  start_library();
  ERR_clear_error();
  if (auto done = use_engine(config); !done) return fail(std::move(done.error()));
  auto shared = std::make_shared<TlsShared>();
  shared->role = role;
  shared->server_name = config.server_name;
  shared->insecure = config.insecure;
  shared->psk_only = config.psk_hex.has_value() && config.ca.empty() &&
                     config.ca_directory.empty() && !config.system_store;
  if (role == TlsRole::Server && config.certificate.empty() && !config.psk_hex) {
    return bad_configuration("a TLS server needs a certificate or a pre-shared key");
  }
  shared->context.reset(
      SSL_CTX_new(role == TlsRole::Client ? TLS_client_method() : TLS_server_method()));
  if (!shared->context) return bad_configuration("OpenSSL cannot be started");
  set_modes(*shared);
  SSL_CTX* context = shared->context.get();
  const bool psk_ciphers = shared->psk_only && config.certificate.empty();
  if (auto done = set_versions(context, config); !done) return fail(std::move(done.error()));
  if (auto done = set_ciphers(context, config, psk_ciphers); !done) {
    return fail(std::move(done.error()));
  }
  if (auto done = set_trust(*shared, config); !done) return fail(std::move(done.error()));
  if (auto done = set_identity(*shared, config); !done) return fail(std::move(done.error()));
  if (auto done = set_psk(*shared, config); !done) return fail(std::move(done.error()));
  if (auto done = set_alpn(*shared, config); !done) return fail(std::move(done.error()));
  if (auto done = set_keylog(*shared, config); !done) {
    return fail(std::move(done.error()));
  }
  return std::unique_ptr<TlsContext>(std::make_unique<OpenSslContext>(std::move(shared)));
}

}  // namespace mqtk
