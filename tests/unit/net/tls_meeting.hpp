// A TLS client and a TLS server that meet in memory.
#pragma once

#include <memory>
#include <string>

#include "net/tls/tls.hpp"
#include "support/catch.hpp"
#include "support/certs.hpp"
#include "support/memory_transport.hpp"

namespace mqtk::test {

inline TlsConfig identity_config(const Identity& identity) {
  TlsConfig config;
  config.certificate.file = identity.certificate;
  config.key.file = identity.key;
  return config;
}

inline TlsConfig trusting(const std::string& ca_file) {
  TlsConfig config;
  config.ca.file = ca_file;
  return config;
}

inline std::unique_ptr<TlsContext> context_of(const TlsConfig& config,
                                              TlsRole role = TlsRole::Client) {
  auto context = make_tls_context(config, role);
  if (!context) FAIL(context.error().message);
  return std::move(*context);
}

inline Error configuration_error(const TlsConfig& config, TlsRole role = TlsRole::Client) {
  auto context = make_tls_context(config, role);
  REQUIRE_FALSE(context.has_value());
  CHECK(context.error().kind == ErrorKind::Configuration);
  return context.error();
}

/// One read; what it brought or how it ended.
inline IoResult read_once(Transport& transport) {
  char buffer[256];
  return transport.read(buffer, sizeof(buffer));
}

struct Meeting {
  MemoryPair pair;
  std::unique_ptr<TlsTransport> client;
  std::unique_ptr<TlsTransport> server;
  HandshakeStatus client_status = HandshakeStatus::WantRead;
  HandshakeStatus server_status = HandshakeStatus::WantRead;

  Meeting(TlsContext& client_context, TlsContext& server_context,
          const std::string& host = "localhost")
      : client(client_context.client(std::move(pair.client), host)),
        server(server_context.server(std::move(pair.server))) {}

  bool settled() const {
    const auto end = [](HandshakeStatus s) {
      return s == HandshakeStatus::Done || s == HandshakeStatus::Failed;
    };
    return end(client_status) && end(server_status);
  }

  /// Both sides in turn until both are done or one can say nothing more.
  void shake() {
    constexpr int kEnough = 100'000;
    for (int i = 0; i < kEnough && !settled(); ++i) {
      client_status = client->handshake();
      server_status = server->handshake();
      if (client_status == HandshakeStatus::Failed) client->shutdown();
      if (server_status == HandshakeStatus::Failed) server->shutdown();
      // A server's last words are session tickets, for which it needs room.
      if (client_status == HandshakeStatus::Done && !settled()) read_once(*client);
    }
  }
  bool done() const {
    return client_status == HandshakeStatus::Done && server_status == HandshakeStatus::Done;
  }
};

/// All of `octets` from one side to the other, each given its turn.
inline std::string carry(Transport& from, Transport& to, Bytes octets,
                         std::size_t block = 64 * 1024) {
  std::string received;
  std::string buffer(block, '\0');
  std::size_t sent = 0;
  bool flushed = false;
  for (int idle = 0; idle < 100'000 && received.size() < octets.size();) {
    const std::size_t before = sent + received.size();
    if (sent < octets.size()) {
      const IoResult result = from.write(octets.substr(sent));
      REQUIRE(result.status != IoStatus::Failed);
      sent += result.bytes;
    } else if (!flushed) {
      flushed = from.flush().status == IoStatus::Ok;
    }
    const IoResult result = to.read(buffer.data(), buffer.size());
    REQUIRE((result.status == IoStatus::Ok || result.status == IoStatus::WouldBlock));
    received.append(buffer, 0, result.bytes);
    idle = before == sent + received.size() && flushed ? idle + 1 : 0;
  }
  return received;
}

}  // namespace mqtk::test
