#include "support/certs.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <vector>

namespace mqtk::test {

namespace {

template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeWith<&EVP_PKEY_free>>;
using KeyMaker = std::unique_ptr<EVP_PKEY_CTX, FreeWith<&EVP_PKEY_CTX_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<&X509_free>>;
using Crl = std::unique_ptr<X509_CRL, FreeWith<&X509_CRL_free>>;
using Bio = std::unique_ptr<BIO, FreeWith<&BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, FreeWith<&X509_EXTENSION_free>>;
using Time = std::unique_ptr<ASN1_TIME, FreeWith<&ASN1_TIME_free>>;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("test certificates: ") + what);
}

Key make_key(int type) {
  const KeyMaker maker(EVP_PKEY_CTX_new_id(type, nullptr));
  EVP_PKEY* key = nullptr;
  require(maker && EVP_PKEY_keygen_init(maker.get()) == 1, "key generator");
  if (type == EVP_PKEY_RSA) {
    require(EVP_PKEY_CTX_set_rsa_keygen_bits(maker.get(), 1024) == 1, "key size");
  } else {
    require(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(maker.get(), NID_X9_62_prime256v1) == 1,
            "curve");
  }
  require(EVP_PKEY_keygen(maker.get(), &key) == 1, "key");
  return Key(key);
}

Time time_of(const char* text) {
  Time time(ASN1_TIME_new());
  require(ASN1_TIME_set_string_X509(time.get(), text) == 1, "time");
  return time;
}

struct Signed {
  Certificate certificate;
  Key key;
};

struct Request {
  std::string name;
  std::string alternative;  ///< subjectAltName; empty: none
  std::string usage;        ///< extendedKeyUsage; empty: an authority
  const char* from = "20210101000000Z";
  const char* until = "20991231000000Z";
  int key_type = EVP_PKEY_EC;
};

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

void set_name(X509_NAME* name, const std::string& common) {
  const auto* text = reinterpret_cast<const unsigned char*>(common.data());
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text,
                                     static_cast<int>(common.size()), -1, 0) == 1,
          "name");
}

// `issuer` nullptr: self-signed.
Signed issue(const Request& request, const Signed* issuer) {
  static long serial = 1000;
  Signed made{Certificate(X509_new()), make_key(request.key_type)};
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  set_name(X509_get_subject_name(certificate), request.name);
  X509* above = issuer == nullptr ? certificate : issuer->certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(above));
  X509_set1_notBefore(certificate, time_of(request.from).get());
  X509_set1_notAfter(certificate, time_of(request.until).get());
  X509_set_pubkey(certificate, made.key.get());
  const bool authority = request.usage.empty();
  add_extension(certificate, above, NID_basic_constraints,
                authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  add_extension(certificate, above, NID_key_usage,
                authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
  add_extension(certificate, above, NID_subject_key_identifier, "hash");
  if (issuer != nullptr) add_extension(certificate, above, NID_authority_key_identifier, "keyid");
  if (!authority) add_extension(certificate, above, NID_ext_key_usage, request.usage);
  if (!request.alternative.empty()) {
    add_extension(certificate, above, NID_subject_alt_name, request.alternative);
  }
  EVP_PKEY* signer = issuer == nullptr ? made.key.get() : issuer->key.get();
  require(X509_sign(certificate, signer, EVP_sha256()) > 0, "signature");
  return made;
}

Crl make_crl(const Signed& issuer, const X509* revoked, const char* until) {
  Crl crl(X509_CRL_new());
  X509_CRL_set_version(crl.get(), 1);
  X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(issuer.certificate.get()));
  X509_CRL_set1_lastUpdate(crl.get(), time_of("20210101000000Z").get());
  X509_CRL_set1_nextUpdate(crl.get(), time_of(until).get());
  if (revoked != nullptr) {
    X509_REVOKED* entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(const_cast<X509*>(revoked)));
    X509_REVOKED_set_revocationDate(entry, time_of("20220101000000Z").get());
    X509_CRL_add0_revoked(crl.get(), entry);
  }
  X509_CRL_sort(crl.get());
  require(X509_CRL_sign(crl.get(), issuer.key.get(), EVP_sha256()) > 0, "revocation list");
  return crl;
}

Bio open_file(const std::string& path) {
  Bio bio(BIO_new_file(path.c_str(), "w"));
  require(bio != nullptr, path.c_str());
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return bio;
}

std::string write_certificates(const std::string& path, const std::vector<const X509*>& chain) {
  const Bio bio = open_file(path);
  for (const X509* certificate : chain) {
    require(PEM_write_bio_X509(bio.get(), const_cast<X509*>(certificate)) == 1, "writing");
  }
  return path;
}

std::string write_key(const std::string& path, const Key& key, const char* passphrase = nullptr) {
  const Bio bio = open_file(path);
  const EVP_CIPHER* cipher = passphrase == nullptr ? nullptr : EVP_aes_128_cbc();
  require(PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), cipher, passphrase,
                                        passphrase == nullptr ? 0 : 6, nullptr, nullptr) == 1,
          "writing a key");
  return path;
}

std::string write_crl(const std::string& path, const Crl& crl) {
  require(PEM_write_bio_X509_CRL(open_file(path).get(), crl.get()) == 1, "writing a list");
  return path;
}

Identity write_identity(const std::string& stem, const Signed& made) {
  return {write_certificates(stem + ".crt", {made.certificate.get()}),
          write_key(stem + ".key", made.key)};
}

std::string hashed_directory(const std::string& path, const Signed& ca) {
  std::filesystem::create_directories(path);
  std::array<char, 16> name{};
  std::snprintf(name.data(), name.size(), "%08lx.0", X509_subject_name_hash(ca.certificate.get()));
  std::filesystem::create_symlink("../ca.crt", path + "/" + name.data());
  return path;
}

constexpr const char* kLocal = "DNS:localhost,IP:127.0.0.1,IP:::1";

void make_servers(Certs& certs, const std::string& stem, const Signed& ca, const Signed& middle) {
  const Request server{"localhost", kLocal, "serverAuth"};
  certs.server = write_identity(stem + "server", issue(server, &ca));
  Request request = server;
  request.until = "20210102000000Z";
  certs.expired = write_identity(stem + "server-expired", issue(request, &ca));
  request = server;
  request.from = "21000101000000Z";
  request.until = "21010101000000Z";
  certs.not_yet_valid = write_identity(stem + "server-notyet", issue(request, &ca));
  request = {"other.example", "DNS:other.example,DNS:www.other.example", "serverAuth"};
  certs.wrong_name = write_identity(stem + "server-wrongname", issue(request, &ca));
  request = {"127.0.0.1", "DNS:127.0.0.1", "serverAuth"};
  certs.address_as_name = write_identity(stem + "server-addressname", issue(request, &ca));
  certs.self_signed = write_identity(stem + "server-selfsigned", issue(server, nullptr));
  request = server;
  request.key_type = EVP_PKEY_RSA;
  certs.weak = write_identity(stem + "server-weak", issue(request, &ca));
  const Signed revoked = issue(server, &ca);
  certs.revoked = write_identity(stem + "server-revoked", revoked);
  certs.crl =
      write_crl(stem + "crl.pem", make_crl(ca, revoked.certificate.get(), "20991231000000Z"));
  const Signed leaf = issue(server, &middle);
  certs.broken_chain = write_identity(stem + "server-broken-chain", leaf);
  certs.chain = {write_certificates(stem + "server-chain.crt",
                                    {leaf.certificate.get(), middle.certificate.get()}),
                 certs.broken_chain.key};
}

void make_clients(Certs& certs, const std::string& stem, const Signed& ca, const Signed& other) {
  Request request{"Test client", "", "clientAuth"};
  const Signed client = issue(request, &ca);
  certs.client = write_identity(stem + "client", client);
  certs.client_encrypted = {certs.client.certificate,
                            write_key(stem + "client-encrypted.key", client.key, "secret")};
  certs.other_client = write_identity(stem + "client-other", issue(request, &other));
  request.until = "20210102000000Z";
  certs.expired_client = write_identity(stem + "client-expired", issue(request, &ca));
}

Certs make_all(const std::string& folder) {
  std::filesystem::create_directories(folder);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
  const std::string stem = folder + "/";
  Certs certs;
  certs.folder = folder;
  const Signed ca = issue({"Test CA", "", ""}, nullptr);
  const Signed other = issue({"Other CA", "", ""}, nullptr);
  const Signed middle = issue({"Test Intermediate", "", ""}, &ca);
  const Identity written = write_identity(stem + "ca", ca);
  certs.ca = written.certificate;
  certs.ca_key = written.key;
  certs.other_ca = write_certificates(stem + "other-ca.crt", {other.certificate.get()});
  certs.capath = hashed_directory(stem + "capath", ca);
  certs.empty_crl = write_crl(stem + "crl-empty.pem", make_crl(ca, nullptr, "20991231000000Z"));
  certs.expired_crl = write_crl(stem + "crl-expired.pem", make_crl(ca, nullptr, "20210201000000Z"));
  certs.other_crl = write_crl(stem + "crl-other.pem", make_crl(other, nullptr, "20991231000000Z"));
  make_servers(certs, stem, ca, middle);
  make_clients(certs, stem, ca, other);
  return certs;
}

struct TemporaryFolder {
  std::string path;
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "mqtk-certs-XXXXXX").string();
    require(::mkdtemp(name.data()) != nullptr, "temporary folder");
    path = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

}  // namespace

const Certs& make_certs(const std::string& folder) {
  static std::map<std::string, Certs> made;
  const auto found = made.find(folder);
  return found != made.end() ? found->second : made.emplace(folder, make_all(folder)).first->second;
}

const Certs& test_certs() {
  static const TemporaryFolder folder;
  return make_certs(folder.path);
}

}  // namespace mqtk::test
