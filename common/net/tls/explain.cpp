#include "net/tls/explain.hpp"

#include <openssl/err.h>

#include "base/bytes.hpp"

namespace mqtk {

namespace {

// RFC 8446 section 6, RFC 4279, RFC 7301; what OpenSSL calls SSL_AD_*.
enum Alert : int {
  kBadRecordMac = 20,
  kHandshakeFailure = 40,
  kNoCertificate = 41,
  kBadCertificate = 42,
  kCertificateUnknown = 46,
  kIllegalParameter = 47,
  kUnknownCa = 48,
  kAccessDenied = 49,
  kDecryptError = 51,
  kProtocolVersion = 70,
  kInsufficientSecurity = 71,
  kInternalError = 80,
  kInappropriateFallback = 86,
  kUnrecognizedName = 112,
  kUnknownPskIdentity = 115,
  kCertificateRequired = 116,
  kNoApplicationProtocol = 120,
};

const char* peer_of(const TlsSituation& s) {
  return s.shared.role == TlsRole::Client ? "server" : "client";
}

// OpenSSL's own texts are loaded only here: they cost time at every start.
std::string reason_text(unsigned long reason) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  ERR_load_SSL_strings();
#pragma GCC diagnostic pop
  if (const char* text = ERR_reason_error_string(reason)) return text;
  std::string code;
  append_u32(code, static_cast<std::uint32_t>(reason));
  return "OpenSSL error 0x" + to_hex(code);
}

std::string version_text(long version) {
  switch (version) {
    case TLS1_VERSION:
      return "TLS 1.0";
    case TLS1_1_VERSION:
      return "TLS 1.1";
    case TLS1_2_VERSION:
      return "TLS 1.2";
    default:
      return "TLS 1.3";
  }
}

std::string our_versions(SSL* ssl) {
  const long lowest = SSL_get_min_proto_version(ssl);
  const long highest = SSL_get_max_proto_version(ssl);
  if (highest == 0) return version_text(lowest) + " and newer";
  if (lowest == highest) return version_text(lowest) + " only";
  return version_text(lowest) + " to " + version_text(highest);
}

Error version_error(const TlsSituation& s) {
  return tls_error(Cause::TlsVersion,
                   std::string("no TLS version in common with the ") + peer_of(s) + ": we accept " +
                       our_versions(s.ssl),
                   "see --tls-version");
}

Error cipher_error(const TlsSituation& s) {
  return tls_error(Cause::TlsHandshake,
                   std::string("no cipher or key exchange in common with the ") + peer_of(s),
                   "see --ciphers; a server may also want a certificate or a pre-shared key");
}

Error psk_error(const TlsSituation& s, const std::string& how) {
  if (s.shared.role == TlsRole::Server) {
    return tls_error(Cause::TlsPsk, "the client's pre-shared key or its identity is wrong");
  }
  return tls_error(Cause::TlsPsk,
                   "the server rejected the pre-shared key of identity '" + s.shared.psk_identity +
                       "' (" + how + ")",
                   "the identity or the key is wrong, or the port does not use pre-shared keys");
}

Error certificate_required(const TlsSituation& s) {
  if (s.shared.role == TlsRole::Server) {
    return tls_error(Cause::TlsClientCertRequired, "the client sent no certificate");
  }
  return tls_error(Cause::TlsClientCertRequired,
                   "the server requires a client certificate, and none was given",
                   "name one with --cert and --key");
}

Error certificate_rejected(const TlsSituation& s, const std::string& why) {
  const std::string& note = s.shared.certificate_note;
  return tls_error(Cause::TlsClientCertRejected,
                   "the server rejected our client certificate (" + why + ")",
                   note.empty() ? "is it issued by an authority that the server trusts?" : note);
}

bool about_certificates(int alert) {
  return (alert >= kHandshakeFailure && alert <= kCertificateUnknown) || alert == kUnknownCa ||
         alert == kAccessDenied || alert == kDecryptError || alert == kCertificateRequired;
}

bool about_psk(int alert) {
  switch (alert) {
    case kBadRecordMac:
    case kHandshakeFailure:
    case kIllegalParameter:
    case kDecryptError:
    case kInsufficientSecurity:
    case kInternalError:
    case kUnknownPskIdentity:
      return true;
    default:
      return false;
  }
}

Error explain_alert(const TlsSituation& s, int alert) {
  const std::string words = SSL_alert_desc_string_long(alert);
  if (s.shared.role == TlsRole::Server && alert >= kBadCertificate && alert <= kUnknownCa &&
      alert != kIllegalParameter) {
    return tls_error(Cause::TlsHandshake,
                     "the client does not accept our certificate (" + words + ")");
  }
  switch (alert) {
    case kProtocolVersion:
    case kInappropriateFallback:
      return version_error(s);
    case kNoApplicationProtocol:
      return tls_error(Cause::TlsAlpn,
                       "the server speaks none of the application protocols that we offer (ALPN)",
                       "see --tls-alpn");
    case kUnrecognizedName:
      return tls_error(Cause::TlsHandshake,
                       "the server does not know the name '" + s.asked_for + "' (SNI)",
                       "connect by a name that the server has, or give its server name");
    default:
      break;
  }
  if (!s.shared.psk.empty() && about_psk(alert)) return psk_error(s, words);
  const bool requested = s.facts.certificate_requested;
  if (alert == kCertificateRequired ||
      (requested && !s.shared.has_certificate && about_certificates(alert))) {
    return certificate_required(s);
  }
  if (requested && about_certificates(alert)) return certificate_rejected(s, words);
  if (alert == kHandshakeFailure || alert == kInsufficientSecurity) return cipher_error(s);
  return tls_error(Cause::TlsHandshake,
                   std::string("the ") + peer_of(s) + " refused the TLS handshake: " + words);
}

// What a peer that does not speak TLS said instead.
Error not_tls(const TlsSituation& s) {
  const std::string& first = s.stream.first_octets();
  const std::string peer = peer_of(s);
  const std::string hint = s.shared.role == TlsRole::Client
                               ? "the port does not speak TLS; plain MQTT is usually on port 1883"
                               : "";
  std::string what = "its first octets are " + to_hex(Bytes(first).substr(0, 8));
  if (first.starts_with("HTTP/") || first.starts_with("GET ")) {
    what = "it speaks plain HTTP";
  } else if ((u8(first[0]) == 0x20 && first.size() > 1 && u8(first[1]) < 0x80) ||
             (u8(first[0]) == 0x10 && first.find("MQ") != std::string::npos)) {
    what = "it speaks plain MQTT";
  }
  return tls_error(Cause::TlsNotTls, "the " + peer + " does not speak TLS: " + what, hint);
}

// The place in the handshake, for a peer that went away in its middle.
std::string step(const SSL* ssl) {
  switch (SSL_get_state(ssl)) {
    case TLS_ST_BEFORE:
    case TLS_ST_CW_CLNT_HELLO:
    case TLS_ST_SR_CLNT_HELLO:
      return "before its greeting was complete";
    case TLS_ST_CW_CERT:
    case TLS_ST_CW_KEY_EXCH:
    case TLS_ST_CW_CERT_VRFY:
    case TLS_ST_CW_CHANGE:
    case TLS_ST_CW_FINISHED:
      return "after our answer to its greeting";
    default:
      return "after its greeting";
  }
}

Error explain_end(const TlsSituation& s) {
  const std::string peer = peer_of(s);
  const std::string how = s.stream.closed() ? "closed" : "reset";
  const bool client = s.shared.role == TlsRole::Client;
  if (s.stream.first_octets().empty() && client) {
    return tls_error(Cause::TlsNotTls,
                     "the server " + how + " the connection in answer to our TLS greeting",
                     "the port may not speak TLS; plain MQTT is usually on port 1883");
  }
  const std::string place = step(s.ssl);
  if (client && s.facts.certificate_requested && !s.shared.has_certificate) {
    return certificate_required(s);
  }
  return tls_error(
      Cause::TlsHandshake,
      "the " + peer + " " + how + " the connection in the middle of the TLS handshake, " + place);
}

Error explain_own(const TlsSituation& s, unsigned long reason) {
  switch (ERR_GET_REASON(reason)) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_UNKNOWN_PROTOCOL:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
    case SSL_R_VERSION_TOO_HIGH:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_INAPPROPRIATE_FALLBACK:
      return version_error(s);
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_CIPHERS_AVAILABLE:
    case SSL_R_WRONG_CIPHER_RETURNED:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
      if (!s.shared.psk.empty()) return psk_error(s, "no cipher in common");
      return cipher_error(s);
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return certificate_required(s);
    case SSL_R_PSK_IDENTITY_NOT_FOUND:
    case SSL_R_BINDER_DOES_NOT_VERIFY:
    case SSL_R_BAD_PSK:
      return psk_error(s, "it does not fit");
    case SSL_R_DIGEST_CHECK_FAILED:
    case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC:
      if (!s.shared.psk.empty()) return psk_error(s, "it does not fit");
      break;
    case SSL_R_DH_KEY_TOO_SMALL:
    case SSL_R_EE_KEY_TOO_SMALL:
      return tls_error(Cause::TlsHandshake, "the server's key is too weak",
                       "to accept it all the same: --ciphers DEFAULT@SECLEVEL=0");
    default:
      break;
  }
  return tls_error(Cause::TlsHandshake, "the TLS handshake failed: " + reason_text(reason));
}

bool is_alert(unsigned long reason) {
  return ERR_GET_LIB(reason) == ERR_LIB_SSL && ERR_GET_REASON(reason) >= SSL_AD_REASON_OFFSET;
}

bool is_end(unsigned long reason) {
#ifdef SSL_R_UNEXPECTED_EOF_WHILE_READING
  if (ERR_GET_REASON(reason) == SSL_R_UNEXPECTED_EOF_WHILE_READING) return true;
#endif
  return reason == 0;
}

}  // namespace

unsigned long take_reason() {
  unsigned long chosen = 0;
  while (const unsigned long code = ERR_get_error()) {
    const bool from_ssl = ERR_GET_LIB(code) == ERR_LIB_SSL;
    if (chosen == 0 || (from_ssl && ERR_GET_LIB(chosen) != ERR_LIB_SSL)) chosen = code;
  }
  return chosen;
}

Error explain_handshake(const TlsSituation& s, unsigned long reason) {
  if (s.stream.foreign()) return not_tls(s);
  if (ERR_GET_LIB(reason) == ERR_LIB_SSL &&
      ERR_GET_REASON(reason) == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    if (s.shared.psk_only) return psk_error(s, "it answers with a certificate instead");
    return explain_verdict(s.facts.verdict, s.shared.role, s.asked_for, s.shared.store);
  }
  if (is_alert(reason)) return explain_alert(s, ERR_GET_REASON(reason) - SSL_AD_REASON_OFFSET);
  const bool gone = s.stream.closed() || s.stream.read_failed() || s.stream.write_failed();
  if (gone && is_end(reason)) return explain_end(s);
  return explain_own(s, reason);
}

Error explain_read(const TlsSituation& s, unsigned long reason) {
  const std::string peer = peer_of(s);
  if (is_alert(reason)) {
    const int alert = ERR_GET_REASON(reason) - SSL_AD_REASON_OFFSET;
    if (!s.established && (s.facts.certificate_requested || s.shared.role == TlsRole::Server)) {
      return explain_alert(s, alert);
    }
    return tls_error(Cause::TlsHandshake, "the " + peer + " ended the TLS session: " +
                                              SSL_alert_desc_string_long(alert));
  }
  if (s.stream.closed() || s.stream.read_failed()) {
    if (!s.established && s.facts.certificate_requested && !s.shared.has_certificate) {
      return certificate_required(s);
    }
    if (s.stream.read_failed()) return s.stream.error();
    return {ErrorKind::Unreachable, Cause::MqttLost,
            "the " + peer + " closed the connection without ending the TLS session", ""};
  }
  return tls_error(Cause::TlsHandshake, "the TLS session broke: " + reason_text(reason));
}

}  // namespace mqtk
