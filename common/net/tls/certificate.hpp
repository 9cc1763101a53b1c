// What a certificate says, as text that is safe to show.
#pragma once

#include <openssl/x509.h>

#include <string>
#include <vector>

#include "net/tls/tls.hpp"

namespace mqtk {

/// "CN=localhost, O=Example"; control characters escaped.
std::string text_of(const X509_NAME* name);
/// Alternative names, "DNS:..." and "IP:...".
std::vector<std::string> alternative_names(const X509* certificate);
/// The names it is valid for, for a sentence: "a.example, b.example"; the common name if there are
/// no others.
std::string names_for_people(const X509* certificate);
/// ISO 8601, UTC; empty when unreadable.
std::string iso_time(const ASN1_TIME* time);
/// "2026-10-21"
std::string iso_date(const ASN1_TIME* time);
/// Whole days from now, rounded down: negative as soon as `time` has passed.
std::int64_t days_until(const ASN1_TIME* time);

CertificateInfo certificate_info(const X509* certificate);

}  // namespace mqtk
