// Certificates for tests, made fresh with OpenSSL's library in every run.
#pragma once

#include <string>

namespace mqtk::test {

/// Paths of PEM files.
struct Identity {
  std::string certificate;
  std::string key;
};

struct Certs {
  std::string folder;
  std::string ca;  ///< "CN=Test CA", signs all but those said otherwise; ca.key is beside it
  std::string ca_key;
  std::string other_ca;  ///< signs nothing but other_client
  std::string capath;    ///< hashed directory that holds ca
  std::string crl;       ///< of ca, revokes `revoked`
  std::string empty_crl;
  std::string expired_crl;
  std::string other_crl;     ///< of other_ca, revokes nothing
  Identity server;           ///< localhost, 127.0.0.1, ::1
  Identity expired;          ///< since 2021-01-02
  Identity not_yet_valid;    ///< before 2100-01-01
  Identity wrong_name;       ///< other.example, www.other.example
  Identity address_as_name;  ///< 127.0.0.1, as if that were the name of a host
  Identity self_signed;      ///< localhost
  Identity chain;            ///< localhost, issued by an intermediate that the file holds
  Identity broken_chain;     ///< the same without the intermediate
  Identity revoked;
  Identity weak;              ///< RSA with 1024 bits
  Identity client;            ///< for client authentication only
  Identity client_encrypted;  ///< the same with a key encrypted under "secret"
  Identity expired_client;
  Identity other_client;  ///< issued by other_ca
};

/// Makes all of them in `folder`, which is created; once per process and folder. Throws
/// std::runtime_error.
const Certs& make_certs(const std::string& folder);

/// make_certs() in a temporary folder that is removed when the process ends.
const Certs& test_certs();

}  // namespace mqtk::test
