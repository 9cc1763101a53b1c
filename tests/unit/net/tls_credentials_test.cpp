// Client certificates and pre-shared keys.
#include "unit/net/tls_meeting.hpp"

namespace mqtk::test {
namespace {

TlsConfig client_with(const Identity& identity) {
  TlsConfig config = identity_config(identity);
  config.ca.file = test_certs().ca;
  return config;
}

// Says "hello" to the server as far as it goes, then reads: where TLS 1.3 tells a refusal.
IoResult talk(Meeting& meeting) {
  meeting.client->write("hello");
  meeting.client->flush();
  return read_once(*meeting.client);
}

TEST_CASE("client certificates") {
  const Certs& c = test_certs();
  TlsConfig encrypted = client_with(c.client_encrypted);
  encrypted.key_passphrase = "secret";
  struct Row {
    std::string title;
    TlsConfig client;
    Cause cause;
    std::string message;
    std::string hint;
  };
  const Row rows[] = {
      {"a good one", client_with(c.client), Cause::None, "", ""},
      {"a good one, encrypted", encrypted, Cause::None, "", ""},
      {"none", trusting(c.ca), Cause::TlsClientCertRequired,
       "the server requires a client certificate, and none was given",
       "name one with --cert and --key"},
      {"of another authority", client_with(c.other_client), Cause::TlsClientCertRejected,
       "the server rejected our client certificate (unknown CA)",
       "is it issued by an authority that the server trusts?"},
      {"an expired one", client_with(c.expired_client), Cause::TlsClientCertRejected,
       "the server rejected our client certificate (certificate expired)",
       "our certificate expired on 2021-01-02"},
      {"a server's", client_with(c.server), Cause::TlsClientCertRejected,
       "the server rejected our client certificate (unsupported certificate)",
       "is it issued by an authority that the server trusts?"},
  };
  for (const TlsVersion version : {TlsVersion::Tls12, TlsVersion::Tls13}) {
    TlsConfig server_config = identity_config(c.server);
    server_config.ca.file = c.ca;
    server_config.maximum = version;
    const auto server = context_of(server_config, TlsRole::Server);
    for (const Row& row : rows) {
      INFO(row.title << ", " << name(version));
      const auto client = context_of(row.client);
      Meeting meeting(*client, *server);
      meeting.shake();
      CHECK(meeting.client->info().client_certificate_requested);
      if (row.cause == Cause::None) {
        CHECK(meeting.client->error().message == "");
        REQUIRE(meeting.done());
        CHECK(carry(*meeting.client, *meeting.server, "hello") == "hello");
        const TlsInfo seen = meeting.server->info();
        REQUIRE_FALSE(seen.chain.empty());
        CHECK(seen.chain[0].subject == "CN=Test client");
        CHECK(seen.verified);
        continue;
      }
      CHECK(meeting.server_status == HandshakeStatus::Failed);
      if (version == TlsVersion::Tls13) {
        CHECK(meeting.client_status == HandshakeStatus::Done);
        CHECK(talk(meeting).status == IoStatus::Failed);
      }
      CHECK(meeting.client->error().kind == ErrorKind::Tls);
      CHECK(name(meeting.client->error().cause) == name(row.cause));
      CHECK(meeting.client->error().message == row.message);
      CHECK(meeting.client->error().hint == row.hint);
      if (row.cause == Cause::TlsClientCertRequired) {
        CHECK(meeting.server->error().message == "the client sent no certificate");
      }
    }
  }
}

TEST_CASE("a refusal that gets lost is still told") {
  TlsConfig server_config = identity_config(test_certs().server);
  server_config.ca.file = test_certs().ca;
  server_config.minimum = TlsVersion::Tls13;
  const auto server = context_of(server_config, TlsRole::Server);
  const auto client = context_of(trusting(test_certs().ca));

  SECTION("reset, and the alert can be read") {
    Meeting meeting(*client, *server);
    meeting.shake();
    meeting.pair.wire->reset = true;
    CHECK(meeting.client->write("hello").status == IoStatus::Failed);
    CHECK(name(meeting.client->error().cause) == "tls.client_cert_required");
  }
  SECTION("reset, and the alert is gone") {
    Meeting meeting(*client, *server);
    meeting.shake();
    meeting.pair.wire->to_client.octets.clear();
    meeting.pair.wire->reset = true;
    CHECK(read_once(*meeting.client).status == IoStatus::Failed);
    CHECK(name(meeting.client->error().cause) == "tls.client_cert_required");
  }
  SECTION("closed without a word") {
    Meeting meeting(*client, *server);
    meeting.shake();
    meeting.pair.wire->to_client.octets.clear();
    meeting.pair.wire->to_client.closed = true;
    CHECK(read_once(*meeting.client).status == IoStatus::Failed);
    CHECK(name(meeting.client->error().cause) == "tls.client_cert_required");
  }
}

TlsConfig psk(const std::string& key, const std::string& identity = "device") {
  TlsConfig config;
  config.psk_hex = key;
  config.psk_identity = identity;
  return config;
}

constexpr const char* kKey = "00112233445566778899AABBCCDDEEFF";

TEST_CASE("pre-shared keys") {
  struct Row {
    std::string title;
    TlsConfig client, server;
    bool accepted;
  };
  const Row rows[] = {
      {"the right one", psk(kKey), psk(kKey), true},
      {"a wrong key", psk("00ff"), psk(kKey), false},
      {"a wrong identity", psk(kKey, "other"), psk(kKey), false},
      {"a server with a certificate", psk(kKey), identity_config(test_certs().server), false},
  };
  for (const TlsVersion version : {TlsVersion::Tls12, TlsVersion::Tls13}) {
    for (const Row& row : rows) {
      INFO(row.title << ", " << name(version));
      TlsConfig server_config = row.server;
      server_config.maximum = version;
      const auto server = context_of(server_config, TlsRole::Server);
      const auto client = context_of(row.client);
      Meeting meeting(*client, *server);
      meeting.shake();
      if (row.accepted) {
        CHECK(meeting.client->error().message == "");
        CHECK(meeting.server->error().message == "");
        REQUIRE(meeting.done());
        CHECK(carry(*meeting.client, *meeting.server, "hello") == "hello");
        const TlsInfo info = meeting.client->info();
        CHECK(info.version == name(version));
        CHECK(info.verified);
        CHECK(info.verify_result == "pre-shared key");
        CHECK(info.chain.empty());
        CHECK_FALSE(info.session_resumed);
      } else {
        CHECK(meeting.client_status == HandshakeStatus::Failed);
        CHECK(name(meeting.client->error().cause) == "tls.psk");
        CHECK(meeting.client->error().kind == ErrorKind::Tls);
        CHECK_THAT(
            meeting.client->error().message,
            Catch::Matchers::StartsWith("the server rejected the pre-shared key of identity '"));
      }
    }
  }
}

TEST_CASE("a client without a key meets a server that wants one") {
  for (const TlsVersion version : {TlsVersion::Tls12, TlsVersion::Tls13}) {
    TlsConfig server_config = psk(kKey);
    server_config.maximum = version;
    const auto server = context_of(server_config, TlsRole::Server);
    const auto client = context_of(trusting(test_certs().ca));
    Meeting meeting(*client, *server);
    meeting.shake();
    CHECK(meeting.client->error().cause == Cause::TlsHandshake);
    CHECK_THAT(meeting.client->error().hint, Catch::Matchers::ContainsSubstring("pre-shared key"));
    CHECK(meeting.server->error().cause == Cause::TlsPsk);
  }
}

}  // namespace
}  // namespace mqtk::test
