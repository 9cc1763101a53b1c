// Reads certificates, keys and revocation lists from PEM, in files or given as text. Never asks a
// terminal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "net/tls/openssl.hpp"
#include "net/tls/tls.hpp"

namespace mqtk {

/// A PEM text and what to call it in messages.
struct PemText {
  std::string text;
  std::string name;  ///< "the CA file 'ca.pem'" or "the CA given as text"
};

/// `what` such as "CA". Errors are Configuration and name the file.
Result<PemText> read_pem(const PemSource& source, const std::string& what);

/// At least one certificate, in the order of the text.
Result<std::vector<OwnedCertificate>> parse_certificates(const PemText& pem);
Result<std::vector<OwnedCrl>> parse_crls(const PemText& pem);
Result<OwnedKey> parse_key(const PemText& pem, const std::optional<std::string>& passphrase);

}  // namespace mqtk
