#include "net/tls/store.hpp"

#include <dirent.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "net/tls/pem.hpp"

namespace mqtk {

namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

// OpenSSL finds a certificate in a directory by the hash of its subject: eight hexadecimal digits,
// a dot and a number.
bool is_hash_name(std::string_view file) {
  return file.size() > 9 && file[8] == '.' &&
         file.substr(0, 8).find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         file.substr(9).find_first_not_of("0123456789") == std::string_view::npos;
}

enum class DirectoryState { Hashed, NotHashed, Unreadable };

DirectoryState look_at(const std::string& path) {
  const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(path.c_str()));
  if (!directory) return DirectoryState::Unreadable;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (is_hash_name(entry->d_name)) return DirectoryState::Hashed;
  }
  return DirectoryState::NotHashed;
}

bool add_directory(X509_STORE* store, const std::string& path) {
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
  return lookup != nullptr && X509_LOOKUP_add_dir(lookup, path.c_str(), X509_FILETYPE_PEM) == 1;
}

bool add_file(X509_STORE* store, const std::string& path) {
  if (::access(path.c_str(), R_OK) != 0) return false;
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  const bool added =
      lookup != nullptr && X509_LOOKUP_load_file(lookup, path.c_str(), X509_FILETYPE_PEM) > 0;
  ERR_clear_error();
  return added;
}

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// The directories of a list like SSL_CERT_DIR's that hold hashed certificates.
std::vector<std::string> hashed_directories(std::string_view list) {
  std::vector<std::string> found;
  while (!list.empty()) {
    const auto colon = list.find(':');
    const std::string path(list.substr(0, colon));
    list.remove_prefix(colon == std::string_view::npos ? list.size() : colon + 1);
    if (!path.empty() && look_at(path) == DirectoryState::Hashed) found.push_back(path);
  }
  return found;
}

// The system's store. A hashed directory costs next to nothing, reading a whole bundle tens of
// milliseconds: a bundle is read only where no such directory exists, or where the environment
// names one.
std::string add_system_store(X509_STORE* store) {
  std::string directories = from_environment(X509_get_default_cert_dir_env());
  if (directories.empty()) directories = X509_get_default_cert_dir();
  std::string used;
  const auto note = [&used](const std::string& path) {
    if (!used.empty()) used += ", ";
    used += path;
  };
  const std::string named_file = from_environment(X509_get_default_cert_file_env());
  if (!named_file.empty() && add_file(store, named_file)) note(named_file);
  for (const std::string& path : hashed_directories(directories)) {
    if (add_directory(store, path)) note(path);
  }
  const std::array<std::string, 5> bundles = {
      X509_get_default_cert_file(), "/etc/ssl/certs/ca-certificates.crt",
      "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};
  for (auto path = bundles.begin(); used.empty() && path != bundles.end(); ++path) {
    if (add_file(store, *path)) note(*path);
  }
  return used.empty() ? "the system's certificates, of which there are none in " + directories
                      : "the system's certificates (" + used + ")";
}

Result<std::string> add_given_directory(X509_STORE* store, const std::string& path) {
  switch (look_at(path)) {
    case DirectoryState::Unreadable:
      return fail(ErrorKind::Configuration,
                  "cannot read the CA directory '" + path + "': " + std::strerror(errno));
    case DirectoryState::NotHashed:
      return fail(ErrorKind::Configuration,
                  "the CA directory '" + path + "' holds no hashed certificates",
                  "make the links with: openssl rehash " + path);
    case DirectoryState::Hashed:
      break;
  }
  if (!add_directory(store, path)) {
    return fail(ErrorKind::Configuration, "cannot use the CA directory '" + path + "'");
  }
  return "the CA directory '" + path + "'";
}

Result<std::vector<OwnedCertificate>> add_given_certificates(X509_STORE* store,
                                                             const PemText& pem) {
  auto certificates = parse_certificates(pem);
  if (!certificates) return certificates;
  for (const OwnedCertificate& certificate : *certificates) {
    X509_STORE_add_cert(store, certificate.get());
  }
  ERR_clear_error();
  return certificates;
}

// Revocation is asked of the server's certificate; of those above it only as far as a list covers
// them (see the verification's callback).
Result<void> add_crls(X509_STORE* store, const std::string& file) {
  auto pem = read_pem({file, {}}, "CRL");
  if (!pem) return fail(std::move(pem.error()));
  auto lists = parse_crls(*pem);
  if (!lists) return fail(std::move(lists.error()));
  for (const OwnedCrl& list : *lists) X509_STORE_add_crl(store, list.get());
  ERR_clear_error();
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  return {};
}

}  // namespace

Result<TrustedStore> fill_store(X509_STORE* store, const TlsConfig& config, TlsRole role) {
  TrustedStore result;
  const auto add = [&result](const std::string& description) {
    if (!result.description.empty()) result.description += " and ";
    result.description += description;
  };
  const bool nothing_given = config.ca.empty() && config.ca_directory.empty();
  if (!config.ca.empty()) {
    const auto pem = read_pem(config.ca, "CA");
    if (!pem) return fail(pem.error());
    auto certificates = add_given_certificates(store, *pem);
    if (!certificates) return fail(std::move(certificates.error()));
    result.authorities = std::move(*certificates);
    add(pem->name);
  }
  if (!config.ca_directory.empty()) {
    const auto description = add_given_directory(store, config.ca_directory);
    if (!description) return fail(description.error());
    add(*description);
  }
  const bool by_default = nothing_given && role == TlsRole::Client && !config.psk_hex;
  if (config.system_store || by_default) add(add_system_store(store));
  if (config.crl_file.empty()) {
    // Whoever names an intermediate's certificate trusts it, whether or not its root is known.
    if (!nothing_given) X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  } else if (auto added = add_crls(store, config.crl_file); !added) {
    return fail(std::move(added.error()));
  }
  if (result.description.empty()) result.description = "no certificates at all";
  return result;
}

}  // namespace mqtk
