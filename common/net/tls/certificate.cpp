#include "net/tls/certificate.hpp"

#include <arpa/inet.h>
#include <openssl/asn1.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>

#include "base/bytes.hpp"
#include "net/tls/openssl.hpp"

namespace mqtk {

namespace {

void free_names(GENERAL_NAMES* names) {
  GENERAL_NAMES_free(names);
}
using OwnedNames = Owned<GENERAL_NAMES, &free_names>;

// A name as the certificate has it; anything but printable ASCII is shown as hexadecimal.
std::string printable(const ASN1_STRING* text) {
  const auto* data = ASN1_STRING_get0_data(text);
  std::string out;
  for (int i = 0; i < ASN1_STRING_length(text); ++i) {
    const char c = static_cast<char>(data[i]);
    if (c > ' ' && c < '\x7f') {
      out.push_back(c);
    } else {
      out += "\\x" + to_hex(Bytes(&c, 1));
    }
  }
  return out;
}

std::string address_text(const ASN1_STRING* octets) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = ASN1_STRING_length(octets) == 4    ? AF_INET
                     : ASN1_STRING_length(octets) == 16 ? AF_INET6
                                                        : AF_UNSPEC;
  if (family == AF_UNSPEC ||
      ::inet_ntop(family, ASN1_STRING_get0_data(octets), text.data(), text.size()) == nullptr) {
    return "?";
  }
  return text.data();
}

std::string common_name(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  return printable(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

}  // namespace

std::string text_of(const X509_NAME* name) {
  const OwnedBio bio(BIO_new(BIO_s_mem()));
  constexpr unsigned long kFlags = XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN | ASN1_STRFLGS_ESC_CTRL |
                                   ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_ESC_2253 |
                                   ASN1_STRFLGS_DUMP_UNKNOWN | ASN1_STRFLGS_DUMP_DER;
  if (X509_NAME_print_ex(bio.get(), name, 0, kFlags) < 0) return "?";
  std::string out;
  std::array<char, 512> block;
  for (int n = 0; (n = BIO_read(bio.get(), block.data(), block.size())) > 0;) {
    out.append(block.data(), static_cast<std::size_t>(n));
  }
  return out;
}

std::vector<std::string> alternative_names(const X509* certificate) {
  std::vector<std::string> out;
  const OwnedNames names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
    if (type == GEN_DNS) out.push_back("DNS:" + printable(static_cast<const ASN1_STRING*>(value)));
    if (type == GEN_IPADD) {
      out.push_back("IP:" + address_text(static_cast<const ASN1_STRING*>(value)));
    }
  }
  return out;
}

std::string names_for_people(const X509* certificate) {
  constexpr std::size_t kShown = 5;
  const auto names = alternative_names(certificate);
  if (names.empty()) {
    const std::string common = common_name(certificate);
    return common.empty() ? "no name at all" : common;
  }
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < kShown; ++i) {
    if (i > 0) out += ", ";
    out += names[i].substr(names[i].find(':') + 1);
  }
  if (names.size() > kShown) out += " and " + std::to_string(names.size() - kShown) + " more";
  return out;
}

std::string iso_time(const ASN1_TIME* time) {
  std::tm parts{};
  std::array<char, 32> text{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

std::string iso_date(const ASN1_TIME* time) {
  return iso_time(time).substr(0, 10);
}

std::int64_t days_until(const ASN1_TIME* time) {
  int days = 0;
  int seconds = 0;
  if (ASN1_TIME_diff(&days, &seconds, nullptr, time) != 1) return 0;
  return seconds < 0 ? days - 1 : days;
}

CertificateInfo certificate_info(const X509* certificate) {
  CertificateInfo info;
  info.subject = text_of(X509_get_subject_name(certificate));
  info.issuer = text_of(X509_get_issuer_name(certificate));
  info.names = alternative_names(certificate);
  info.not_before = iso_time(X509_get0_notBefore(certificate));
  info.not_after = iso_time(X509_get0_notAfter(certificate));
  info.days_left = days_until(X509_get0_notAfter(certificate));
  return info;
}

}  // namespace mqtk
