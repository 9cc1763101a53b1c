#include "net/tls/pem.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

#include "base/bytes.hpp"

namespace mqtk {

namespace {

// Answers OpenSSL's question for a passphrase, and remembers that it was asked.
struct Passphrase {
  const std::optional<std::string>* text;
  bool asked = false;
};

int answer_passphrase(char* buffer, int size, int /*writing*/, void* data) {
  auto* passphrase = static_cast<Passphrase*>(data);
  passphrase->asked = true;
  if (passphrase->text == nullptr || !passphrase->text->has_value()) return -1;
  const std::string& text = **passphrase->text;
  if (text.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, text.data(), text.size());
  return static_cast<int>(text.size());
}

OwnedBio memory_bio(const PemText& pem) {
  const auto size = std::min<std::size_t>(pem.text.size(), INT_MAX);
  return OwnedBio(BIO_new_mem_buf(pem.text.data(), static_cast<int>(size)));
}

// True when the last failure only says that the text has no further document of the wanted kind.
bool at_end() {
  const unsigned long code = ERR_peek_last_error();
  return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

// What a file that is no PEM looks like, and what makes PEM of it. The first member of a PKCS#12
// file is its version, 3; a certificate's is a sequence, a key's a version of 0 or 1.
std::string missing_hint(const PemText& pem, const std::string& noun) {
  const Bytes text = pem.text;
  if (!text.empty() && u8(text[0]) == 0x30) {
    const std::size_t header =
        text.size() < 2 || u8(text[1]) < 0x80 ? 2 : 2 + (u8(text[1]) & 0x7FU);
    const Bytes inside = text.substr(std::min(header, text.size()));
    if (inside.starts_with("\x02\x01\x03")) {
      const bool key = noun == "private key";
      return "it looks like PKCS#12; convert it to PEM: openssl pkcs12 -in FILE -out FILE.pem " +
             std::string(key ? "-nocerts -noenc" : "-nokeys");
    }
    constexpr Bytes kEncrypted = "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";  // PBES2
    const bool key = inside.starts_with("\x02\x01") || inside.find(kEncrypted) < 24;
    if (key != (noun == "private key")) {
      return key ? "it looks like a private key in DER" : "it looks like DER that is no key";
    }
    return "it looks like DER; convert it to PEM: openssl " +
           std::string(key                     ? "pkey"
                       : noun == "certificate" ? "x509"
                                               : "crl") +
           " -inform der -in FILE -out FILE.pem";
  }
  if (text.find("-----BEGIN OPENSSH PRIVATE KEY-----") != Bytes::npos) {
    return "it is a key of OpenSSH; convert a copy of it to PEM: ssh-keygen -p -m PEM -f COPY";
  }
  if (text.find("-----BEGIN CERTIFICATE-----") != Bytes::npos) {
    return "it holds a certificate; the key is usually in a file of its own";
  }
  if (text.find("PRIVATE KEY-----") != Bytes::npos) {
    return "it holds a private key; the " + noun + " is usually in a file of its own";
  }
  return "PEM text is expected: -----BEGIN ...-----";
}

// All documents of one kind; `noun` names it in messages.
template <typename OwnedType, typename Read>
Result<std::vector<OwnedType>> parse_all(const PemText& pem, const std::string& noun, Read read) {
  const OwnedBio bio = memory_bio(pem);
  std::vector<OwnedType> found;
  ERR_clear_error();
  for (;;) {
    Passphrase never{nullptr};
    OwnedType next(read(bio.get(), nullptr, &answer_passphrase, &never));
    if (!next) break;
    found.push_back(std::move(next));
  }
  const bool damaged = !at_end();
  ERR_clear_error();
  if (damaged) {
    return fail(ErrorKind::Configuration, pem.name + " holds a damaged " + noun + " (number " +
                                              std::to_string(found.size() + 1) + ")");
  }
  if (found.empty()) {
    return fail(ErrorKind::Configuration, pem.name + " holds no " + noun, missing_hint(pem, noun));
  }
  return found;
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

Result<PemText> read_pem(const PemSource& source, const std::string& what) {
  if (source.file.empty()) return PemText{source.content, "the " + what + " given as text"};
  PemText pem{{}, "the " + what + " file '" + source.file + "'"};
  errno = 0;
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(source.file.c_str(), "rbe"));
  if (file) {
    std::array<char, 16384> block;
    while (const std::size_t n = std::fread(block.data(), 1, block.size(), file.get())) {
      pem.text.append(block.data(), n);
    }
  }
  if (!file || std::ferror(file.get()) != 0) {
    return fail(ErrorKind::Configuration, "cannot read " + pem.name + ": " + std::strerror(errno));
  }
  return pem;
}

Result<std::vector<OwnedCertificate>> parse_certificates(const PemText& pem) {
  return parse_all<OwnedCertificate>(pem, "certificate", &PEM_read_bio_X509_AUX);
}

Result<std::vector<OwnedCrl>> parse_crls(const PemText& pem) {
  return parse_all<OwnedCrl>(pem, "revocation list", &PEM_read_bio_X509_CRL);
}

Result<OwnedKey> parse_key(const PemText& pem, const std::optional<std::string>& passphrase) {
  const OwnedBio bio = memory_bio(pem);
  Passphrase asked{&passphrase};
  ERR_clear_error();
  OwnedKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &answer_passphrase, &asked));
  ERR_clear_error();
  if (key) return key;
  if (asked.asked && !passphrase) {
    return fail(ErrorKind::Configuration, "the key in " + pem.name + " is encrypted",
                "give its passphrase");
  }
  if (asked.asked) {
    return fail(ErrorKind::Configuration,
                "the key in " + pem.name + " cannot be decrypted: the passphrase is wrong");
  }
  if (pem.text.find("-----BEGIN OPENSSH PRIVATE KEY-----") == std::string::npos &&
      pem.text.find("PRIVATE KEY-----") != std::string::npos) {
    return fail(ErrorKind::Configuration,
                pem.name + " holds a private key that is damaged or of an unknown type");
  }
  return fail(ErrorKind::Configuration, pem.name + " holds no private key",
              missing_hint(pem, "private key"));
}

}  // namespace mqtk
