// Owners for OpenSSL's objects.
#pragma once

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

namespace mqtk {

template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <typename T, auto Free>
using Owned = std::unique_ptr<T, FreeWith<Free>>;

inline void free_chain(STACK_OF(X509) * chain) {
  sk_X509_pop_free(chain, X509_free);
}

using OwnedContext = Owned<SSL_CTX, &SSL_CTX_free>;
using OwnedSsl = Owned<SSL, &SSL_free>;
using OwnedBio = Owned<BIO, &BIO_free_all>;
using OwnedSession = Owned<SSL_SESSION, &SSL_SESSION_free>;
using OwnedCertificate = Owned<X509, &X509_free>;
using OwnedCrl = Owned<X509_CRL, &X509_CRL_free>;
using OwnedKey = Owned<EVP_PKEY, &EVP_PKEY_free>;
using OwnedChain = Owned<STACK_OF(X509), &free_chain>;

}  // namespace mqtk
