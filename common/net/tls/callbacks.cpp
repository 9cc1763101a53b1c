#include "net/tls/callbacks.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/process.hpp"
#include "net/tls/verdict.hpp"

namespace mqtk {

namespace {

TlsShared& shared_of(const SSL* ssl) {
  return *static_cast<TlsShared*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
}

TlsFacts& facts_of(const SSL* ssl) {
  return *static_cast<TlsFacts*>(SSL_get_app_data(ssl));
}

int on_certificate_request(SSL* ssl, void* /*data*/) {
  facts_of(ssl).certificate_requested = true;
  return 1;
}

int on_new_session(SSL* ssl, SSL_SESSION* session) {
  const std::string& key = facts_of(ssl).session_key;
  if (key.empty() || SSL_SESSION_is_resumable(session) != 1) return 0;
  shared_of(ssl).sessions.put(key, session);
  return 1;
}

unsigned give_psk(const std::string& psk, unsigned char* out, unsigned size) {
  if (psk.size() > size) return 0;
  std::memcpy(out, psk.data(), psk.size());
  return static_cast<unsigned>(psk.size());
}

unsigned on_client_psk(SSL* ssl, const char* /*hint*/, char* identity, unsigned identity_size,
                       unsigned char* psk, unsigned psk_size) {
  const TlsShared& shared = shared_of(ssl);
  if (shared.psk_identity.size() + 1 > identity_size) return 0;
  std::memcpy(identity, shared.psk_identity.c_str(), shared.psk_identity.size() + 1);
  return give_psk(shared.psk, psk, psk_size);
}

unsigned on_server_psk(SSL* ssl, const char* identity, unsigned char* psk, unsigned psk_size) {
  const TlsShared& shared = shared_of(ssl);
  if (identity == nullptr || shared.psk_identity != identity) return 0;
  return give_psk(shared.psk, psk, psk_size);
}

int on_alpn(SSL* ssl, const unsigned char** chosen, unsigned char* chosen_size,
            const unsigned char* offered, unsigned offered_size, void* /*data*/) {
  const std::string& ours = shared_of(ssl).alpn;
  unsigned char* found = nullptr;
  const int answer = SSL_select_next_proto(
      &found, chosen_size, reinterpret_cast<const unsigned char*>(ours.data()),
      static_cast<unsigned>(ours.size()), offered, offered_size);
  *chosen = found;
  return answer == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// One write a line, so that several processes can append to one file. A full disk is no reason to
// stop, but one to say so.
void on_key(const SSL* ssl, const char* line) {
  TlsShared& shared = shared_of(ssl);
  const std::string text = std::string(line) + '\n';
  ssize_t n = 0;
  do {
    n = ::write(shared.keylog->descriptor(), text.data(), text.size());
  } while (n < 0 && errno == EINTR);
  if (n == static_cast<ssize_t>(text.size()) || std::exchange(shared.keylog_failed, true)) return;
  say_plainly("keys are missing in the key log file", std::strerror(n < 0 ? errno : ENOSPC));
}

}  // namespace

void SessionStore::put(const std::string& key, SSL_SESSION* session) {
  constexpr std::size_t kMost = 256;
  if (sessions_.size() >= kMost && sessions_.count(key) == 0) sessions_.clear();
  sessions_[key].reset(session);
}

SSL_SESSION* SessionStore::find(const std::string& key) const {
  const auto found = sessions_.find(key);
  return found == sessions_.end() ? nullptr : found->second.get();
}

void install_client(TlsShared& shared) {
  SSL_CTX* context = shared.context.get();
  SSL_CTX_set_cert_cb(context, &on_certificate_request, nullptr);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
  SSL_CTX_sess_set_new_cb(context, &on_new_session);
}

void install_psk(TlsShared& shared) {
  SSL_CTX* context = shared.context.get();
  if (shared.role == TlsRole::Client) {
    SSL_CTX_set_psk_client_callback(context, &on_client_psk);
  } else {
    SSL_CTX_set_psk_server_callback(context, &on_server_psk);
  }
}

void install_alpn(TlsShared& shared) {
  SSL_CTX* context = shared.context.get();
  if (shared.role == TlsRole::Client) {
    SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(shared.alpn.data()),
                            static_cast<unsigned>(shared.alpn.size()));
  } else {
    SSL_CTX_set_alpn_select_cb(context, &on_alpn, nullptr);
  }
}

void install_keylog(TlsShared& shared) {
  SSL_CTX_set_keylog_callback(shared.context.get(), &on_key);
}

}  // namespace mqtk
