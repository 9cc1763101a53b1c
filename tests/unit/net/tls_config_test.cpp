// Configurations that cannot work are refused with the file's name before anything is connected.
#include <sys/stat.h>

#include <fstream>

#include "unit/net/tls_meeting.hpp"

namespace mqtk::test {
namespace {

TEST_CASE("TLS versions by name") {
  CHECK(name(TlsVersion::Tls10) == "TLS 1.0");
  CHECK(name(TlsVersion::Tls13) == "TLS 1.3");
  CHECK(parse_tls_version("tlsv1.2") == TlsVersion::Tls12);
  CHECK(parse_tls_version("TLSv1.3") == TlsVersion::Tls13);
  CHECK(parse_tls_version("tls1.1") == TlsVersion::Tls11);
  CHECK(parse_tls_version("TLS 1.0") == TlsVersion::Tls10);
  CHECK(parse_tls_version("1.3") == TlsVersion::Tls13);
  CHECK(parse_tls_version("tlsv1") == TlsVersion::Tls10);
  for (const char* bad : {"", "1.4", "ssl3", "tls", "1.2.3", "v"}) {
    CHECK_FALSE(parse_tls_version(bad).has_value());
  }
}

TEST_CASE("the library tells its version") {
  const auto version = tls_library_version();
  REQUIRE(version.has_value());
  CHECK_THAT(*version, Catch::Matchers::StartsWith("OpenSSL "));
}

std::string write_file(const std::string& name, const std::string& text) {
  const std::string path = test_certs().folder + "/" + name;
  std::ofstream(path) << text;
  return path;
}

TEST_CASE("bad certificate authorities") {
  const Certs& c = test_certs();
  CHECK(configuration_error(trusting("/nowhere/ca.pem")).message ==
        "cannot read the CA file '/nowhere/ca.pem': No such file or directory");
  CHECK(configuration_error(trusting(c.folder)).message ==
        "cannot read the CA file '" + c.folder + "': Is a directory");
  CHECK(configuration_error(trusting(c.ca_key)).message ==
        "the CA file '" + c.ca_key + "' holds no certificate");
  const std::string der = write_file("ca.der", "\x30\x82");
  CHECK_THAT(configuration_error(trusting(der)).hint,
             Catch::Matchers::ContainsSubstring("inform der"));
  TlsConfig directory;
  directory.ca_directory = c.folder;
  CHECK(configuration_error(directory).message ==
        "the CA directory '" + c.folder + "' holds no hashed certificates");
  directory.ca_directory = "/nowhere";
  CHECK(configuration_error(directory).message ==
        "cannot read the CA directory '/nowhere': No such file or directory");
  TlsConfig crl = trusting(c.ca);
  crl.crl_file = c.ca;
  CHECK(configuration_error(crl).message == "the CRL file '" + c.ca + "' holds no revocation list");
}

TEST_CASE("bad certificates and keys") {
  const Certs& c = test_certs();
  CHECK(configuration_error(identity_config({c.client.certificate, c.client_encrypted.key}))
            .message == "the key in the key file '" + c.client_encrypted.key + "' is encrypted");
  TlsConfig wrong = identity_config(c.client_encrypted);
  wrong.key_passphrase = "guess";
  CHECK(configuration_error(wrong).message == "the key in the key file '" + c.client_encrypted.key +
                                                  "' cannot be decrypted: the passphrase is wrong");
  CHECK(configuration_error(identity_config({c.client.certificate, c.server.key})).message ==
        "the key in the key file '" + c.server.key +
            "' does not belong to the certificate 'CN=Test client'");
  CHECK(configuration_error(identity_config({c.client.certificate, c.ca})).message ==
        "the key file '" + c.ca + "' holds no private key");
  CHECK(configuration_error(identity_config({c.client.certificate, ""})).message ==
        "the certificate file '" + c.client.certificate + "' holds no private key");
  CHECK(configuration_error(identity_config({"", c.client.key})).message ==
        "a key without a certificate");
  CHECK_THAT(configuration_error(identity_config(c.weak)).message,
             Catch::Matchers::ContainsSubstring("too weak"));
  CHECK_THAT(configuration_error({}, TlsRole::Server).message,
             Catch::Matchers::ContainsSubstring("needs a certificate"));
}

TEST_CASE("a certificate and its key may be in one text") {
  const auto text = [](const std::string& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const Certs& c = test_certs();
  TlsConfig config;
  config.certificate.content = text(c.server.key) + text(c.server.certificate);
  const auto server = context_of(config, TlsRole::Server);
  TlsConfig client_config;
  client_config.ca.content = text(c.ca);
  const auto client = context_of(client_config);
  Meeting meeting(*client, *server);
  meeting.shake();
  CHECK(meeting.done());
}

TEST_CASE("bad lists and keys") {
  const auto with = [](auto change) {
    TlsConfig config;
    change(config);
    return configuration_error(config).message;
  };
  CHECK(with([](TlsConfig& c) { c.ciphers = "NONSENSE"; }) == "no cipher of 'NONSENSE' is known");
  CHECK(with([](TlsConfig& c) { c.ciphersuites = "NONSENSE"; }) ==
        "'NONSENSE' is no list of TLS 1.3 cipher suites");
  CHECK(with([](TlsConfig& c) { c.psk_hex = "0g"; }) == "the pre-shared key is not hexadecimal");
  CHECK(with([](TlsConfig& c) { c.psk_hex = "abc"; }) == "the pre-shared key is not hexadecimal");
  CHECK(with([](TlsConfig& c) { c.psk_hex = ""; }) == "the pre-shared key is not hexadecimal");
  CHECK(with([](TlsConfig& c) { c.psk_hex = "00ff"; }) == "a pre-shared key needs an identity");
  CHECK_THAT(with([](TlsConfig& c) { c.psk_hex = std::string(2000, '0'); }),
             Catch::Matchers::ContainsSubstring("longer than"));
  CHECK_THAT(with([](TlsConfig& c) { c.alpn = {""}; }),
             Catch::Matchers::ContainsSubstring("1 to 255"));
  CHECK_THAT(with([](TlsConfig& c) { c.keylog_file = "/nowhere/keys"; }),
             Catch::Matchers::StartsWith("cannot write the key log file '/nowhere/keys': "));
  CHECK_THAT(with([](TlsConfig& c) { c.maximum = TlsVersion::Tls11; }),
             Catch::Matchers::ContainsSubstring("older than"));
}

TEST_CASE("what is no PEM is told by its kind, with what makes PEM of it") {
  const auto key_hint = [](const std::string& octets) {
    TlsConfig config;
    config.certificate.file = test_certs().client.certificate;
    config.key.file = write_file("strange.key", octets);
    return configuration_error(config).hint;
  };
  const auto ca_hint = [](const std::string& octets) {
    return configuration_error(trusting(write_file("strange.ca", octets))).hint;
  };
  const std::string pkcs12("\x30\x82\x0a\x00\x02\x01\x03\x30", 8);
  const std::string der_key("\x30\x82\x04\xbe\x02\x01\x00\x30", 8);
  const std::string encrypted(
      "\x30\x81\xf0\x30\x5b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d\x30", 17);
  const std::string der_certificate("\x30\x82\x03\x00\x30\x82\x02\x00\xa0\x03", 10);
  using Catch::Matchers::ContainsSubstring;
  CHECK_THAT(key_hint(pkcs12), ContainsSubstring("openssl pkcs12 -in FILE -out FILE.pem -nocerts"));
  CHECK_THAT(ca_hint(pkcs12), ContainsSubstring("openssl pkcs12 -in FILE -out FILE.pem -nokeys"));
  CHECK_THAT(key_hint(der_key), ContainsSubstring("openssl pkey -inform der"));
  CHECK_THAT(key_hint(encrypted), ContainsSubstring("openssl pkey -inform der"));
  CHECK(key_hint(der_certificate) == "it looks like DER that is no key");
  CHECK_THAT(ca_hint(der_certificate), ContainsSubstring("openssl x509 -inform der"));
  CHECK(ca_hint(der_key) == "it looks like a private key in DER");
  CHECK_THAT(key_hint("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"),
             ContainsSubstring("ssh-keygen -p -m PEM"));
}

TEST_CASE("a key log that the environment wishes for is left out where it cannot be written") {
  TlsConfig config = trusting(test_certs().ca);
  config.keylog_file = "/nowhere/keys";
  config.keylog_optional = true;
  const auto client = context_of(config);
  const auto server = context_of(identity_config(test_certs().server), TlsRole::Server);
  Meeting meeting(*client, *server);
  meeting.shake();
  CHECK(meeting.done());
}

TEST_CASE("the key log is appended to, and for its owner only") {
  const std::string path = test_certs().folder + "/keys.log";
  TlsConfig config = trusting(test_certs().ca);
  config.keylog_file = path;
  const auto server = context_of(identity_config(test_certs().server), TlsRole::Server);
  for (int i = 0; i < 2; ++i) {
    const auto client = context_of(config);
    Meeting meeting(*client, *server);
    meeting.shake();
    REQUIRE(meeting.done());
  }
  struct stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777U) == 0600U);
  std::ifstream file(path);
  int greetings = 0;
  int lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    if (line.starts_with("CLIENT_TRAFFIC_SECRET_0 ")) ++greetings;
    CHECK(std::count(line.begin(), line.end(), ' ') == 2);
  }
  CHECK(greetings == 2);
  CHECK(lines >= 8);
  ::unlink(path.c_str());
}

}  // namespace
}  // namespace mqtk::test
