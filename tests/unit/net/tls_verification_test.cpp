// Which certificates are accepted, and what is said of those that are not.
#include <algorithm>
#include <vector>

#include "unit/net/tls_meeting.hpp"

namespace mqtk::test {
namespace {

struct Row {
  std::string title;
  TlsConfig client;
  Identity server;
  std::string host;
  Cause cause;  ///< None: accepted
  std::string message;
};

TlsConfig with_crl(const std::string& file) {
  TlsConfig config = trusting(test_certs().ca);
  config.crl_file = file;
  return config;
}

TlsConfig named(const std::string& name) {
  TlsConfig config = trusting(test_certs().ca);
  config.server_name = name;
  return config;
}

TlsConfig from_directory() {
  TlsConfig config;
  config.ca_directory = test_certs().capath;
  return config;
}

TlsConfig weak_allowed() {
  TlsConfig config = trusting(test_certs().ca);
  config.ciphers = "DEFAULT@SECLEVEL=0";
  return config;
}

std::vector<Row> rows() {
  const Certs& c = test_certs();
  const TlsConfig ca = trusting(c.ca);
  return {
      {"a name", ca, c.server, "localhost", Cause::None, ""},
      {"a name with the root's dot", ca, c.server, "localhost.", Cause::None, ""},
      {"an IPv4 address", ca, c.server, "127.0.0.1", Cause::None, ""},
      {"an IPv6 address", ca, c.server, "::1", Cause::None, ""},
      {"an IPv6 address in brackets", ca, c.server, "[::1]", Cause::None, ""},
      {"a Unix socket", ca, c.server, "/run/broker.sock", Cause::None, ""},
      {"an intermediate", ca, c.chain, "localhost", Cause::None, ""},
      {"a trusted leaf", trusting(c.self_signed.certificate), c.self_signed, "localhost",
       Cause::None, ""},
      {"a hashed directory", from_directory(), c.server, "localhost", Cause::None, ""},
      {"another name to verify", named("other.example"), c.wrong_name, "localhost", Cause::None,
       ""},
      {"a list that revokes another", with_crl(c.crl), c.server, "localhost", Cause::None, ""},
      {"a list without the intermediate's", with_crl(c.crl), c.revoked, "localhost",
       Cause::TlsRevoked, "the server's certificate is revoked by its issuer 'CN=Test CA'"},
      {"an empty list", with_crl(c.empty_crl), c.revoked, "localhost", Cause::None, ""},
      {"a list of somebody else", with_crl(c.other_crl), c.server, "localhost", Cause::TlsUntrusted,
       "the revocation file holds no list of 'CN=Test CA', who issued server's certificate"},
      {"an old list", with_crl(c.expired_crl), c.server, "localhost", Cause::TlsUntrusted,
       "the revocation list of 'CN=Test CA' has expired"},
      {"an unknown issuer", trusting(c.other_ca), c.server, "localhost", Cause::TlsUntrusted,
       "the server's certificate was issued by 'CN=Test CA', which is not among the CA file '" +
           c.other_ca + "'"},
      {"a missing intermediate", ca, c.broken_chain, "localhost", Cause::TlsUntrusted,
       "the server's certificate was issued by 'CN=Test Intermediate', which is not among the CA "
       "file '" +
           c.ca + "'"},
      {"a self-signed one", ca, c.self_signed, "localhost", Cause::TlsUntrusted,
       "the server's certificate is self-signed ('CN=localhost') and not among the CA file '" +
           c.ca + "'"},
      {"an expired one", ca, c.expired, "localhost", Cause::TlsExpired,
       "the server's certificate expired on 2021-01-02"},
      {"one for later", ca, c.not_yet_valid, "localhost", Cause::TlsNotYetValid,
       "the server's certificate is not valid before 2100-01-01"},
      {"another name", ca, c.wrong_name, "localhost", Cause::TlsNameMismatch,
       "the certificate is for other.example, www.other.example; you asked for localhost"},
      {"another address", ca, c.server, "127.0.0.2", Cause::TlsNameMismatch,
       "the certificate is for localhost, 127.0.0.1, ::1; you asked for 127.0.0.2"},
      {"a name over an address", named("other.example"), c.server, "127.0.0.1",
       Cause::TlsNameMismatch,
       "the certificate is for localhost, 127.0.0.1, ::1; you asked for other.example"},
      {"an address as a name", ca, c.address_as_name, "127.0.0.1", Cause::TlsNameMismatch,
       "the certificate has the address 127.0.0.1 as the name of a host (DNS:127.0.0.1), which "
       "does "
       "not count for an address"},
      {"a client's certificate", ca, c.client, "localhost", Cause::TlsUntrusted,
       "the server's certificate is not meant for a TLS server"},
      {"a weak key", ca, c.weak, "localhost", Cause::TlsUntrusted,
       "the server's certificate has a key that is too weak"},
      {"a weak key, allowed", weak_allowed(), c.weak, "localhost", Cause::None, ""},
  };
}

TEST_CASE("a server's certificate is verified") {
  for (const TlsVersion version : {TlsVersion::Tls12, TlsVersion::Tls13}) {
    for (const Row& row : rows()) {
      INFO(row.title << ", " << name(version));
      TlsConfig server_config = identity_config(row.server);
      server_config.maximum = version;
      server_config.ciphers = "DEFAULT@SECLEVEL=0";
      const auto server = context_of(server_config, TlsRole::Server);
      const auto client = context_of(row.client);
      Meeting meeting(*client, *server, row.host);
      meeting.shake();
      const TlsInfo info = meeting.client->info();
      REQUIRE_FALSE(info.chain.empty());
      if (row.cause == Cause::None) {
        CHECK(meeting.client->error().message == "");
        CHECK(meeting.done());
        CHECK(info.verified);
        CHECK(info.verify_result == "trusted");
        CHECK(info.version == name(version));
        CHECK_FALSE(info.cipher.empty());
      } else {
        CHECK(meeting.client_status == HandshakeStatus::Failed);
        CHECK(meeting.server_status == HandshakeStatus::Failed);
        CHECK(name(meeting.client->error().cause) == name(row.cause));
        CHECK(meeting.client->error().kind == ErrorKind::Tls);
        CHECK(meeting.client->error().message == row.message);
        CHECK_FALSE(info.verified);
        CHECK_FALSE(info.verify_result == "trusted");
        CHECK(meeting.server->error().kind == ErrorKind::Tls);
      }
    }
  }
}

TEST_CASE("insecure verifies nothing, and says what is wrong") {
  const Certs& c = test_certs();
  for (const Identity& identity : {c.expired, c.self_signed, c.wrong_name}) {
    TlsConfig config = trusting(c.ca);
    config.insecure = true;
    const auto client = context_of(config);
    const auto server = context_of(identity_config(identity), TlsRole::Server);
    Meeting meeting(*client, *server);
    meeting.shake();
    CHECK(meeting.done());
    CHECK_FALSE(meeting.client->info().verified);
    CHECK_FALSE(meeting.client->info().verify_result.empty());
    CHECK_FALSE(meeting.client->info().verify_result == "trusted");
  }
}

TEST_CASE("without a CA the system's store is used") {
  const auto server = context_of(identity_config(test_certs().server), TlsRole::Server);
  const auto client = context_of({});
  Meeting meeting(*client, *server);
  meeting.shake();
  CHECK(meeting.client->error().cause == Cause::TlsUntrusted);
  CHECK_THAT(meeting.client->error().message,
             Catch::Matchers::ContainsSubstring("the system's certificates"));
}

TEST_CASE("the environment names another store") {
  const auto server = context_of(identity_config(test_certs().server), TlsRole::Server);
  const char* variable = GENERATE("SSL_CERT_FILE", "SSL_CERT_DIR");
  const bool file = std::string(variable) == "SSL_CERT_FILE";
  ::setenv(variable, file ? test_certs().ca.c_str() : test_certs().capath.c_str(), 1);
  const auto client = context_of({});
  ::unsetenv(variable);
  Meeting meeting(*client, *server);
  meeting.shake();
  CHECK(meeting.client->error().message == "");
  CHECK(meeting.done());
}

TEST_CASE("the CA may be given as text") {
  TlsConfig config;
  config.ca.content =
      "-----BEGIN CERTIFICATE-----\n"
      "bm90IGEgY2VydGlmaWNhdGU=\n"
      "-----END CERTIFICATE-----\n";
  CHECK(configuration_error(config).message ==
        "the CA given as text holds a damaged certificate (number 1)");
}

TEST_CASE("the chain is told") {
  const auto client = context_of(trusting(test_certs().ca));
  const auto server = context_of(identity_config(test_certs().chain), TlsRole::Server);
  Meeting meeting(*client, *server);
  meeting.shake();
  const TlsInfo info = meeting.client->info();
  REQUIRE(info.chain.size() == 2);
  CHECK(info.chain[0].subject == "CN=localhost");
  CHECK(info.chain[0].issuer == "CN=Test Intermediate");
  CHECK(info.chain[0].names == std::vector<std::string>{"DNS:localhost", "IP:127.0.0.1", "IP:::1"});
  CHECK(info.chain[0].not_before == "2021-01-01T00:00:00Z");
  CHECK(info.chain[0].not_after == "2099-12-31T00:00:00Z");
  CHECK(info.chain[0].days_left > 0);
  CHECK(info.chain[1].subject == "CN=Test Intermediate");
  CHECK_FALSE(info.client_certificate_requested);
}

TEST_CASE("the days left of an expired certificate are negative") {
  TlsConfig config;
  config.insecure = true;
  const auto client = context_of(config);
  const auto server = context_of(identity_config(test_certs().expired), TlsRole::Server);
  Meeting meeting(*client, *server);
  meeting.shake();
  REQUIRE(meeting.client->info().chain.size() == 1);
  CHECK(meeting.client->info().chain[0].days_left < -1000);
}

TEST_CASE("SNI is sent for names only") {
  const auto client = context_of(trusting(test_certs().ca));
  const auto server = context_of(identity_config(test_certs().server), TlsRole::Server);
  for (const auto& [host, sent] :
       {std::pair{"localhost", true}, std::pair{"127.0.0.1", false}, std::pair{"::1", false}}) {
    Meeting meeting(*client, *server, host);
    meeting.client->handshake();
    const std::string& hello = meeting.pair.wire->to_server.octets;
    CHECK((hello.find(host) != std::string::npos) == sent);
  }
}

}  // namespace
}  // namespace mqtk::test
