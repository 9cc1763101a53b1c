// Handshakes that fail for other reasons than the server's certificate, and what is agreed on by
// the others.
#include "unit/net/tls_meeting.hpp"

namespace mqtk::test {
namespace {

TlsConfig versions(TlsConfig config, TlsVersion minimum, TlsVersion maximum) {
  config.minimum = minimum;
  config.maximum = maximum;
  return config;
}

TEST_CASE("version floors and ceilings") {
  const TlsConfig client = trusting(test_certs().ca);
  const TlsConfig server = identity_config(test_certs().server);
  using enum TlsVersion;
  struct Row {
    TlsVersion client_minimum, client_maximum, server_minimum, server_maximum;
    const char* agreed;  ///< nullptr: none
  };
  const Row rows[] = {
      {Tls12, Tls13, Tls12, Tls13, "TLS 1.3"}, {Tls12, Tls12, Tls12, Tls13, "TLS 1.2"},
      {Tls12, Tls13, Tls12, Tls12, "TLS 1.2"}, {Tls10, Tls11, Tls10, Tls13, "TLS 1.1"},
      {Tls10, Tls10, Tls10, Tls13, "TLS 1.0"}, {Tls13, Tls13, Tls12, Tls12, nullptr},
      {Tls12, Tls12, Tls13, Tls13, nullptr},   {Tls12, Tls13, Tls10, Tls11, nullptr},
  };
  for (const Row& row : rows) {
    INFO(name(row.client_minimum) << " to " << name(row.client_maximum) << " meets "
                                  << name(row.server_minimum) << " to "
                                  << name(row.server_maximum));
    const auto c = context_of(versions(client, row.client_minimum, row.client_maximum));
    const auto s =
        context_of(versions(server, row.server_minimum, row.server_maximum), TlsRole::Server);
    Meeting meeting(*c, *s);
    meeting.shake();
    if (row.agreed != nullptr) {
      CHECK(meeting.done());
      CHECK(meeting.client->info().version == row.agreed);
    } else {
      CHECK(name(meeting.client->error().cause) == "tls.version");
      CHECK(name(meeting.server->error().cause) == "tls.version");
      CHECK_THAT(meeting.client->error().message,
                 Catch::Matchers::ContainsSubstring("no TLS version in common"));
    }
  }
}

TEST_CASE("application protocols") {
  struct Row {
    std::vector<std::string> offered, spoken;
    std::string agreed;
    Cause cause;
  };
  const Row rows[] = {
      {{"mqtt"}, {"mqtt"}, "mqtt", Cause::None},
      {{"a", "mqtt"}, {"mqtt", "a"}, "mqtt", Cause::None},
      {{"mqtt"}, {}, "", Cause::None},
      {{}, {"mqtt"}, "", Cause::None},
      {{"mqtt"}, {"h2"}, "", Cause::TlsAlpn},
  };
  for (const Row& row : rows) {
    TlsConfig client = trusting(test_certs().ca);
    client.alpn = row.offered;
    TlsConfig server = identity_config(test_certs().server);
    server.alpn = row.spoken;
    const auto c = context_of(client);
    const auto s = context_of(server, TlsRole::Server);
    Meeting meeting(*c, *s);
    meeting.shake();
    CHECK(meeting.done() == (row.cause == Cause::None));
    CHECK(name(meeting.client->error().cause) == name(row.cause));
    CHECK(meeting.client->info().alpn == row.agreed);
  }
}

TEST_CASE("no cipher in common") {
  TlsConfig client = trusting(test_certs().ca);
  client.maximum = TlsVersion::Tls12;
  client.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256";
  TlsConfig server = identity_config(test_certs().server);
  server.ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384";
  const auto c = context_of(client);
  const auto s = context_of(server, TlsRole::Server);
  Meeting meeting(*c, *s);
  meeting.shake();
  CHECK(meeting.client->error().cause == Cause::TlsHandshake);
  CHECK_THAT(meeting.client->error().message,
             Catch::Matchers::ContainsSubstring("no cipher or key exchange"));
  CHECK_THAT(meeting.server->error().message,
             Catch::Matchers::ContainsSubstring("no cipher or key exchange"));
}

// What a client says when the peer answers its greeting with `answer`, and then closes if `close`.
Error answered_with(const std::string& answer, bool close, bool reset = false) {
  const auto context = context_of(trusting(test_certs().ca));
  MemoryPair pair;
  const auto client = context->client(std::move(pair.client), "localhost");
  CHECK(client->handshake() == HandshakeStatus::WantRead);
  pair.wire->to_client.octets = answer;
  pair.wire->to_client.closed = close;
  pair.wire->reset = reset;
  client->handshake();  // takes what is there; the end is seen by the next call
  CHECK(client->handshake() == HandshakeStatus::Failed);
  CHECK(client->error().kind == ErrorKind::Tls);
  return client->error();
}

TEST_CASE("a peer that does not speak TLS") {
  using namespace std::string_literals;
  struct Row {
    std::string answer;
    bool close;
    const char* message;
  };
  const Row rows[] = {
      {"HTTP/1.1 400 Bad Request\r\n\r\n", true,
       "the server does not speak TLS: it speaks plain HTTP"},
      {"HTTP/1.1 400 Bad Request\r\n\r\n", false,
       "the server does not speak TLS: it speaks plain HTTP"},
      {"\x20\x02\x00\x01"s, true, "the server does not speak TLS: it speaks plain MQTT"},
      {"\x20\x02\x00\x01"s, false, "the server does not speak TLS: it speaks plain MQTT"},
      {"SSH-2.0-OpenSSH_9.2\r\n", false,
       "the server does not speak TLS: its first octets are 5353482d322e302d"},
      {"", true, "the server closed the connection in answer to our TLS greeting"},
  };
  for (const Row& row : rows) {
    const Error error = answered_with(row.answer, row.close);
    CHECK(name(error.cause) == "tls.not_tls");
    CHECK(error.message == row.message);
    CHECK_FALSE(error.hint.empty());
  }
  const Error reset = answered_with("", false, true);
  CHECK(name(reset.cause) == "tls.not_tls");
  CHECK(reset.message == "the server reset the connection in answer to our TLS greeting");
}

TEST_CASE("a peer that goes away in the middle") {
  using namespace std::string_literals;
  const Error cut = answered_with("\x16\x03\x03\x00\x40\x02"s, true);
  CHECK(name(cut.cause) == "tls.handshake");
  CHECK(cut.message ==
        "the server closed the connection in the middle of the TLS handshake, before its greeting "
        "was complete");
  const Error nonsense = answered_with("\x16\x03\x03\x00\x04\x63\x00\x00\x00"s, false);
  CHECK(name(nonsense.cause) == "tls.handshake");
  CHECK_THAT(nonsense.message, Catch::Matchers::StartsWith("the TLS handshake failed: "));
  CHECK_THAT(nonsense.message, !Catch::Matchers::ContainsSubstring("0x"));
  const Error alert = answered_with("\x15\x03\x03\x00\x02\x02\x50"s, true);
  CHECK(alert.message == "the server refused the TLS handshake: internal error");
  const Error unknown_name = answered_with("\x15\x03\x03\x00\x02\x02\x70"s, true);
  CHECK(unknown_name.message == "the server does not know the name 'localhost' (SNI)");
}

TEST_CASE("a peer that resets after its greeting") {
  TlsConfig server_config = identity_config(test_certs().server);
  server_config.maximum = TlsVersion::Tls12;
  const auto c = context_of(trusting(test_certs().ca));
  const auto s = context_of(server_config, TlsRole::Server);
  Meeting meeting(*c, *s);
  meeting.client->handshake();
  meeting.server->handshake();
  meeting.pair.wire->reset = true;
  meeting.client_status = meeting.client->handshake();
  CHECK(meeting.client_status == HandshakeStatus::Failed);
  CHECK(meeting.client->error().message ==
        "the server reset the connection in the middle of the TLS handshake, after our answer to "
        "its greeting");
}

TEST_CASE("a client that does not speak TLS") {
  using namespace std::string_literals;
  struct Row {
    std::string greeting;
    const char* message;
  };
  const Row rows[] = {
      {"GET / HTTP/1.1\r\n\r\n", "the client does not speak TLS: it speaks plain HTTP"},
      {"\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00"s,
       "the client does not speak TLS: it speaks plain MQTT"},
  };
  for (const Row& row : rows) {
    const auto context = context_of(identity_config(test_certs().server), TlsRole::Server);
    MemoryPair pair;
    const auto server = context->server(std::move(pair.server));
    pair.wire->to_server.octets = row.greeting;
    CHECK(server->handshake() == HandshakeStatus::Failed);
    CHECK(name(server->error().cause) == "tls.not_tls");
    CHECK(server->error().message == row.message);
  }
}

}  // namespace
}  // namespace mqtk::test
