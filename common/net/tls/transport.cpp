#include "net/tls/transport.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

#include "net/chain.hpp"
#include "net/tls/certificate.hpp"
#include "net/tls/explain.hpp"

namespace mqtk {

namespace {

// A host as it is sent and verified: without brackets, zone and the dot of the root.
std::string plain_host(std::string host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (host.find(':') != std::string::npos) host = host.substr(0, host.find('%'));
  if (host.size() > 1 && host.back() == '.') host.pop_back();
  // A Unix socket has no name of its own; what listens on it is this machine.
  if (host.empty() || host.find('/') != std::string::npos) host = "localhost";
  return host;
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address;
  return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

const char* version_name(const SSL* ssl) {
  switch (SSL_version(ssl)) {
    case TLS1_VERSION:
      return "TLS 1.0";
    case TLS1_1_VERSION:
      return "TLS 1.1";
    case TLS1_2_VERSION:
      return "TLS 1.2";
    case TLS1_3_VERSION:
      return "TLS 1.3";
    default:
      return "";
  }
}

// SSL_set_tlsext_host_name() without the old-style cast in its macro.
bool set_sni(SSL* ssl, std::string host) {
  return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()) == 1;
}

OwnedCertificate peer_certificate(const SSL* ssl) {
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
  return OwnedCertificate(SSL_get1_peer_certificate(ssl));
#else
  return OwnedCertificate(SSL_get_peer_certificate(ssl));
#endif
}

// The certificates that the peer sent, its own first.
std::vector<CertificateInfo> chain_info(const SSL* ssl, const Verdict& verdict) {
  std::vector<CertificateInfo> chain;
  const STACK_OF(X509)* sent = SSL_get_peer_cert_chain(ssl);
  if (sent == nullptr) sent = verdict.sent.get();
  const bool own_apart = SSL_is_server(ssl) == 1 && sent != verdict.sent.get();
  if (own_apart || sent == nullptr) {
    if (const OwnedCertificate own = peer_certificate(ssl)) {
      chain.push_back(certificate_info(own.get()));
    }
  }
  for (int i = 0; sent != nullptr && i < sk_X509_num(sent); ++i) {
    chain.push_back(certificate_info(sk_X509_value(sent, i)));
  }
  return chain;
}

}  // namespace

OpenSslTransport::OpenSslTransport(std::shared_ptr<TlsShared> shared,
                                   std::unique_ptr<Transport> lower, const std::string& host)
    : shared_(std::move(shared)),
      stream_(std::move(lower), shared_->spare),
      ssl_(SSL_new(shared_->context.get())) {
  BIO* bio = ssl_ ? stream_.make_bio() : nullptr;
  if (bio == nullptr) {
    ERR_clear_error();
    error_ = {ErrorKind::Tls, Cause::TlsHandshake, "no memory for a TLS connection", ""};
    state_ = State::Failed;
    return;
  }
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), &facts_);
  if (shared_->role == TlsRole::Server) {
    SSL_set_accept_state(ssl_.get());
    return;
  }
  SSL_set_connect_state(ssl_.get());
  verify_as(plain_host(shared_->server_name.empty() ? host : shared_->server_name));
  if (!shared_->psk.empty()) return;
  facts_.session_key = plain_host(host) + '\n' + asked_for_;
  if (SSL_SESSION* session = shared_->sessions.find(facts_.session_key)) {
    SSL_set_session(ssl_.get(), session);
  }
}

void OpenSslTransport::verify_as(const std::string& host) {
  asked_for_ = host;
  X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl_.get());
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  bool set = false;
  if (is_address(host)) {
    set = X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1;
  } else {
    set = X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size()) == 1 &&
          set_sni(ssl_.get(), host);
  }
  ERR_clear_error();
  if (!set) {
    error_ = {ErrorKind::Tls, Cause::TlsNameMismatch,
              "'" + host + "' cannot be the name of a TLS server", ""};
    state_ = State::Failed;
  }
}

Error OpenSslTransport::explain(bool in_handshake) {
  const TlsSituation situation{*shared_, facts_, stream_, ssl_.get(), asked_for_, established_};
  const unsigned long reason = take_reason();
  return in_handshake ? explain_handshake(situation, reason) : explain_read(situation, reason);
}

HandshakeStatus OpenSslTransport::handshake() {
  if (state_ == State::Failed) return HandshakeStatus::Failed;
  if (state_ == State::Handshake) {
    stream_.begin_turn();
    ERR_clear_error();
    const int rc = SSL_do_handshake(ssl_.get());
    const int outcome = rc == 1 ? SSL_ERROR_NONE : SSL_get_error(ssl_.get(), rc);
    const HandshakeStatus status = after_step(outcome);
    stream_.end_turn();
    return status;
  }
  const IoStatus pushed = stream_.push();
  stream_.end_turn();
  return pushed == IoStatus::WouldBlock ? HandshakeStatus::WantWrite : HandshakeStatus::Done;
}

HandshakeStatus OpenSslTransport::after_step(int outcome) {
  if (outcome != SSL_ERROR_NONE && outcome != SSL_ERROR_WANT_READ &&
      outcome != SSL_ERROR_WANT_WRITE) {
    return fail_handshake();
  }
  if (outcome == SSL_ERROR_NONE) {
    state_ = State::Open;
    // A client speaks next: its last octets of the handshake leave with what it says.
    if (shared_->role == TlsRole::Client) return HandshakeStatus::Done;
    return stream_.push() == IoStatus::WouldBlock ? HandshakeStatus::WantWrite
                                                  : HandshakeStatus::Done;
  }
  IoStatus pushed = stream_.push();
  if (pushed == IoStatus::Failed) {
    // The peer went away, but may have said why.
    stream_.begin_turn();
    SSL_do_handshake(ssl_.get());
    return fail_handshake();
  }
  if (stream_.foreign()) return fail_handshake();
  if (pushed == IoStatus::Ok) pushed = stream_.lower().flush().status;
  return pushed == IoStatus::WouldBlock || outcome == SSL_ERROR_WANT_WRITE
             ? HandshakeStatus::WantWrite
             : HandshakeStatus::WantRead;
}

HandshakeStatus OpenSslTransport::fail_handshake() {
  error_ = explain(true);
  state_ = State::Failed;
  stream_.push();  // the alert that says why, as far as it goes
  if (!facts_.session_key.empty()) shared_->sessions.forget(facts_.session_key);
  return HandshakeStatus::Failed;
}

IoResult OpenSslTransport::read(char* buffer, std::size_t size) {
  if (state_ == State::Closed) return {IoStatus::Closed, 0};
  if (state_ == State::Failed) return {IoStatus::Failed, 0};
  if (state_ == State::Handshake) return {IoStatus::WouldBlock, 0};
  stream_.begin_turn();
  std::size_t got = 0;
  int outcome = SSL_ERROR_NONE;
  while (got < size && outcome == SSL_ERROR_NONE) {
    ERR_clear_error();
    std::size_t n = 0;
    const int rc = SSL_read_ex(ssl_.get(), buffer + got, size - got, &n);
    if (rc == 1) {
      got += n;
    } else {
      outcome = SSL_get_error(ssl_.get(), rc);
    }
  }
  established_ = established_ || got > 0;
  const IoResult result = end_of_read(outcome, got);
  if (stream_.holding()) stream_.push();  // an answer to a key update, or an alert
  stream_.end_turn();
  return result;
}

IoResult OpenSslTransport::end_of_read(int outcome, std::size_t got) {
  switch (outcome) {
    case SSL_ERROR_NONE:
      return {IoStatus::Ok, got};
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return {got > 0 ? IoStatus::Ok : IoStatus::WouldBlock, got};
    case SSL_ERROR_ZERO_RETURN:
      error_ = {ErrorKind::Unreachable, Cause::MqttLost,
                shared_->role == TlsRole::Client ? "the server ended the TLS session"
                                                 : "the client ended the TLS session",
                ""};
      state_ = State::Closed;
      break;
    default:
      error_ = explain(false);
      // A truncated stream counts as an end, unless it is a refusal.
      state_ = stream_.closed() && error_.kind != ErrorKind::Tls ? State::Closed : State::Failed;
  }
  if (got > 0) return {IoStatus::Ok, got};
  return {state_ == State::Closed ? IoStatus::Closed : IoStatus::Failed, 0};
}

IoResult OpenSslTransport::write(Bytes data) {
  if (state_ == State::Failed || shut_) return {IoStatus::Failed, 0};
  if (state_ == State::Handshake) return {IoStatus::WouldBlock, 0};
  std::size_t taken = 0;
  while (taken < data.size() && stream_.make_room()) {
    ERR_clear_error();
    std::size_t n = 0;
    const std::size_t piece = std::min(data.size() - taken, TlsStream::kRecord);
    const int rc = SSL_write_ex(ssl_.get(), data.data() + taken, piece, &n);
    if (rc != 1) {
      const int outcome = SSL_get_error(ssl_.get(), rc);
      if (outcome == SSL_ERROR_WANT_READ || outcome == SSL_ERROR_WANT_WRITE) break;
      error_ = explain(false);
      state_ = State::Failed;
      return {IoStatus::Failed, 0};
    }
    taken += n;
  }
  const IoStatus pushed = stream_.push();
  stream_.end_turn();
  if (pushed == IoStatus::Failed) return fail_write();
  return {taken > 0 || data.empty() ? IoStatus::Ok : IoStatus::WouldBlock, taken};
}

// The transport below takes no more. What has come can still be read; but when nothing has come
// yet, the reason may be an alert that is waiting there.
IoResult OpenSslTransport::fail_write() {
  if (error_.message.empty()) error_ = stream_.error();
  if (!established_ && state_ == State::Open && facts_.certificate_requested) {
    stream_.begin_turn();
    ERR_clear_error();
    std::array<char, 1> octet;
    std::size_t n = 0;
    const int rc = SSL_peek_ex(ssl_.get(), octet.data(), octet.size(), &n);
    const int outcome = rc == 1 ? SSL_ERROR_NONE : SSL_get_error(ssl_.get(), rc);
    if (outcome == SSL_ERROR_SSL || outcome == SSL_ERROR_SYSCALL) {
      error_ = explain(false);
      state_ = State::Failed;
    }
    stream_.end_turn();
  }
  return {IoStatus::Failed, 0};
}

IoResult OpenSslTransport::flush() {
  const IoStatus pushed = stream_.push();
  stream_.end_turn();
  if (pushed == IoStatus::Failed) return fail_write();
  if (pushed == IoStatus::WouldBlock) return {IoStatus::WouldBlock, 0};
  if (shut_ && !lower_shut_) {
    lower_shut_ = true;
    stream_.lower().shutdown();
  }
  return stream_.lower().flush();
}

bool OpenSslTransport::wants_write() const {
  return stream_.holding() || stream_.lower().wants_write();
}

void OpenSslTransport::shutdown() {
  if (shut_) return;
  shut_ = true;
  if (state_ == State::Open || state_ == State::Closed) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  flush();
}

void OpenSslTransport::release_buffers() {
  stream_.end_turn();
  stream_.lower().release_buffers();
}

void OpenSslTransport::describe(ChainFacts& facts) const {
  facts.tls = info();
  stream_.lower().describe(facts);
}

TlsInfo OpenSslTransport::info() const {
  TlsInfo info;
  if (!ssl_) return info;
  info.client_certificate_requested = facts_.certificate_requested;
  info.chain = chain_info(ssl_.get(), facts_.verdict);
  const bool open = state_ != State::Handshake && SSL_is_init_finished(ssl_.get()) == 1;
  if (const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl_.get())) {
    info.cipher = SSL_CIPHER_get_name(cipher);
    info.version = version_name(ssl_.get());
  }
  const unsigned char* alpn = nullptr;
  unsigned alpn_size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &alpn, &alpn_size);
  if (alpn_size > 0) info.alpn.assign(reinterpret_cast<const char*>(alpn), alpn_size);
  const bool with_psk = open && info.chain.empty() && !shared_->psk.empty();
  info.session_resumed = open && !with_psk && SSL_session_reused(ssl_.get()) == 1;
  const long code =
      facts_.verdict.code != X509_V_OK ? facts_.verdict.code : SSL_get_verify_result(ssl_.get());
  info.verified =
      open && !shared_->insecure && code == X509_V_OK && (with_psk || !info.chain.empty());
  if (with_psk) {
    info.verify_result = "pre-shared key";
  } else if (code != X509_V_OK) {
    info.verify_result = X509_verify_cert_error_string(code);
  } else if (!info.chain.empty()) {
    info.verify_result = info.verified ? "trusted" : "not verified";
  }
  return info;
}

}  // namespace mqtk
