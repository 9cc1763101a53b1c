#include "net/tls/verdict.hpp"

#include <openssl/x509_vfy.h>

#include <algorithm>

#include "net/tls/certificate.hpp"

namespace mqtk {

namespace {

constexpr const char* kTrustHint =
    "when it is the right one, name its authority's certificate with --cafile";

std::string subject_of(const Verdict& verdict) {
  return verdict.certificate ? text_of(X509_get_subject_name(verdict.certificate.get())) : "?";
}

std::string issuer_of(const Verdict& verdict) {
  return verdict.certificate ? text_of(X509_get_issuer_name(verdict.certificate.get())) : "?";
}

// "the server's certificate" or, further up its chain, "the certificate of the authority 'CN=...'".
std::string subject_phrase(const Verdict& verdict, const std::string& peer) {
  const X509* own = verdict.sent && sk_X509_num(verdict.sent.get()) > 0
                        ? sk_X509_value(verdict.sent.get(), 0)
                        : nullptr;
  if (!verdict.certificate || own == nullptr || X509_cmp(verdict.certificate.get(), own) == 0) {
    return "the " + peer + "'s certificate";
  }
  return "the certificate of the authority '" + subject_of(verdict) + "'";
}

Error explain_issuer(const Verdict& verdict, const std::string& subject, const std::string& store) {
  switch (verdict.code) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return tls_error(
          Cause::TlsUntrusted,
          subject + " is self-signed ('" + subject_of(verdict) + "') and not among " + store,
          "when it is the right one, name it with --cafile");
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return tls_error(Cause::TlsUntrusted,
                       "the server's certificate leads to '" + subject_of(verdict) +
                           "', which is not among " + store,
                       kTrustHint);
    default:
      return tls_error(
          Cause::TlsUntrusted,
          subject + " was issued by '" + issuer_of(verdict) + "', which is not among " + store,
          std::string(kTrustHint) + "; or the server does not send its intermediate certificates");
  }
}

Error explain_revocation(const Verdict& verdict, const std::string& subject) {
  const std::string issuer = "'" + issuer_of(verdict) + "'";
  switch (verdict.code) {
    case X509_V_ERR_CERT_REVOKED:
      return tls_error(Cause::TlsRevoked, subject + " is revoked by its issuer " + issuer);
    case X509_V_ERR_UNABLE_TO_GET_CRL:
      return tls_error(Cause::TlsUntrusted,
                       "the revocation file holds no list of " + issuer + ", who issued " +
                           subject.substr(subject.find(' ') + 1),
                       "add the issuer's current list to the file");
    case X509_V_ERR_CRL_HAS_EXPIRED:
      return tls_error(Cause::TlsUntrusted, "the revocation list of " + issuer + " has expired",
                       "fetch its current list");
    case X509_V_ERR_CRL_NOT_YET_VALID:
      return tls_error(Cause::TlsUntrusted,
                       "the revocation list of " + issuer + " is not yet valid",
                       "is this machine's clock right?");
    default:
      return tls_error(Cause::TlsUntrusted,
                       "the revocation list of " + issuer +
                           " cannot be used: " + X509_verify_cert_error_string(verdict.code));
  }
}

Error explain_use(const Verdict& verdict, const std::string& subject, const std::string& peer) {
  const std::string reason = X509_verify_cert_error_string(verdict.code);
  switch (verdict.code) {
    case X509_V_ERR_INVALID_PURPOSE:
      return tls_error(Cause::TlsUntrusted, subject + " is not meant for a TLS " + peer,
                       "its extended key usage forbids it");
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
      return tls_error(Cause::TlsUntrusted, subject + " has a key that is too weak",
                       "to accept it all the same: --ciphers DEFAULT@SECLEVEL=0");
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return tls_error(Cause::TlsUntrusted, subject + " is signed with a digest that is too weak",
                       "to accept it all the same: --ciphers DEFAULT@SECLEVEL=0");
    default:
      return tls_error(Cause::TlsUntrusted, subject + " cannot be trusted: " + reason);
  }
}

// Whether an address stands among the certificate's names as if it were a host's.
bool names_as_host(const X509* certificate, const std::string& address) {
  const std::vector<std::string> names = alternative_names(certificate);
  return std::find(names.begin(), names.end(), "DNS:" + address) != names.end();
}

}  // namespace

int note_verdict(int ok, X509_STORE_CTX* verification) {
  if (ok == 1) return 1;
  const int code = X509_STORE_CTX_get_error(verification);
  if (code == X509_V_ERR_UNABLE_TO_GET_CRL && X509_STORE_CTX_get_error_depth(verification) > 0) {
    X509_STORE_CTX_set_error(verification, X509_V_OK);
    return 1;
  }
  auto* ssl = static_cast<SSL*>(
      X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* facts = static_cast<TlsFacts*>(SSL_get_app_data(ssl));
  if (facts == nullptr || facts->verdict.code != X509_V_OK) return 0;
  Verdict& verdict = facts->verdict;
  verdict.code = code;
  if (X509* certificate = X509_STORE_CTX_get_current_cert(verification)) {
    X509_up_ref(certificate);
    verdict.certificate.reset(certificate);
  }
  if (STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(verification)) {
    verdict.sent.reset(X509_chain_up_ref(sent));
  }
  return 0;
}

Error explain_verdict(const Verdict& verdict, TlsRole role, const std::string& asked_for,
                      const std::string& store) {
  const std::string peer = role == TlsRole::Client ? "server" : "client";
  const std::string subject = subject_phrase(verdict, peer);
  const X509* certificate = verdict.certificate.get();
  switch (verdict.code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return tls_error(
          Cause::TlsExpired,
          subject + " expired" +
              (certificate == nullptr ? std::string()
                                      : " on " + iso_date(X509_get0_notAfter(certificate))),
          "it has to be renewed; or is this machine's clock wrong?");
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return tls_error(Cause::TlsNotYetValid,
                       subject + " is not valid before " +
                           (certificate == nullptr ? std::string("a later date")
                                                   : iso_date(X509_get0_notBefore(certificate))),
                       "is this machine's clock right?");
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      if (certificate != nullptr && names_as_host(certificate, asked_for)) {
        return tls_error(Cause::TlsNameMismatch,
                         "the certificate has the address " + asked_for +
                             " as the name of a host (DNS:" + asked_for +
                             "), which does not count for an address",
                         "it has to be issued with IP:" + asked_for +
                             " in its subjectAltName; or connect by a name that it has");
      }
      [[fallthrough]];
    case X509_V_ERR_HOSTNAME_MISMATCH:
      return tls_error(Cause::TlsNameMismatch,
                       "the certificate is for " +
                           (certificate == nullptr ? std::string("another name")
                                                   : names_for_people(certificate)) +
                           "; you asked for " + asked_for,
                       "connect by a name that the certificate has");
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return explain_issuer(verdict, subject, store);
    case X509_V_ERR_CERT_REVOKED:
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_DIFFERENT_CRL_SCOPE:
      return explain_revocation(verdict, subject);
    default:
      return explain_use(verdict, subject, peer);
  }
}

}  // namespace mqtk
