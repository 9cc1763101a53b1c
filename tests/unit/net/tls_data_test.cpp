// What goes through an open TLS connection, how it ends, and sessions that are taken up again.
#include "unit/net/tls_meeting.hpp"

namespace mqtk::test {
namespace {

struct Contexts {
  std::unique_ptr<TlsContext> client = context_of(trusting(test_certs().ca));
  std::unique_ptr<TlsContext> server =
      context_of(identity_config(test_certs().server), TlsRole::Server);
};

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + (i >> 8U));
  return text;
}

TEST_CASE("octets arrive as they were sent") {
  const Contexts contexts;
  for (const std::size_t size : {0UL, 1UL, 100UL, 16384UL, 16385UL, 70'000UL, 1UL << 20U}) {
    INFO(size);
    Meeting meeting(*contexts.client, *contexts.server);
    meeting.shake();
    REQUIRE(meeting.done());
    const std::string text = pattern(size);
    CHECK((carry(*meeting.client, *meeting.server, text) == text));
    CHECK((carry(*meeting.server, *meeting.client, text, 1000) == text));
    CHECK_FALSE(meeting.client->wants_write());
  }
}

TEST_CASE("in small pieces and with little room") {
  const Contexts contexts;
  struct Row {
    std::size_t piece, capacity, size;
  };
  for (const Row& row : {Row{1, 1UL << 20U, 40'000}, Row{7, 64, 40'000}, Row{0, 1, 5'000},
                         Row{0, 1000, 200'000}, Row{1000, 5000, 1UL << 20U}}) {
    INFO(row.piece << ", " << row.capacity);
    Meeting meeting(*contexts.client, *contexts.server);
    meeting.pair.wire->piece = row.piece;
    meeting.pair.wire->capacity = row.capacity;
    meeting.shake();
    REQUIRE(meeting.done());
    const std::string text = pattern(row.size);
    CHECK((carry(*meeting.client, *meeting.server, text) == text));
    CHECK((carry(*meeting.server, *meeting.client, text) == text));
  }
}

TEST_CASE("records are written together, and read in one go") {
  const Contexts contexts;
  Meeting meeting(*contexts.client, *contexts.server);
  meeting.shake();
  REQUIRE(meeting.done());
  MemoryDirection& out = meeting.pair.wire->to_server;
  const std::size_t before = out.writes;
  const std::string text = pattern(64 * 1024);
  CHECK(meeting.client->write(text).bytes == text.size());
  CHECK(out.writes - before <= 2);
  std::string buffer(text.size() * 2, '\0');
  std::size_t got = 0;
  for (int i = 0; i < 2; ++i) got += meeting.server->read(buffer.data() + got, buffer.size()).bytes;
  CHECK(got == text.size());
}

TEST_CASE("a short read means that nothing more is there") {
  const Contexts contexts;
  Meeting meeting(*contexts.client, *contexts.server);
  meeting.shake();
  meeting.client->write(pattern(10'000));
  meeting.client->write(pattern(10'000));
  char small[1500];
  std::size_t got = 0;
  for (;;) {
    const IoResult result = meeting.server->read(small, sizeof(small));
    got += result.bytes;
    if (result.bytes < sizeof(small)) break;
  }
  CHECK(got == 20'000);
  CHECK(read_once(*meeting.server).status == IoStatus::WouldBlock);
}

TEST_CASE("what the transport below cannot take is held and flushed") {
  const Contexts contexts;
  Meeting meeting(*contexts.client, *contexts.server);
  meeting.shake();
  MemoryWire& wire = *meeting.pair.wire;
  wire.to_server.octets.clear();
  wire.capacity = 10;
  CHECK(meeting.client->write("hello").bytes == 5);
  CHECK(meeting.client->wants_write());
  CHECK(meeting.client->flush().status == IoStatus::WouldBlock);
  wire.capacity = 1UL << 20U;
  CHECK(meeting.client->flush().status == IoStatus::Ok);
  CHECK_FALSE(meeting.client->wants_write());
  wire.capacity = 0;
  const std::string text = pattern(1UL << 20U);
  std::size_t taken = 0;
  for (;;) {
    const IoResult result = meeting.client->write(Bytes(text).substr(taken));
    if (result.status == IoStatus::WouldBlock) break;
    taken += result.bytes;
    REQUIRE(taken < 100'000);
  }
  CHECK(taken > 0);
}

TEST_CASE("an orderly end") {
  const Contexts contexts;
  Meeting meeting(*contexts.client, *contexts.server);
  meeting.shake();
  meeting.server->write("bye");
  meeting.server->shutdown();
  CHECK(meeting.server->flush().status == IoStatus::Ok);
  CHECK(meeting.pair.wire->to_client.closed);
  char buffer[16];
  const IoResult last = meeting.client->read(buffer, sizeof(buffer));
  CHECK(last.status == IoStatus::Ok);
  CHECK(Bytes(buffer, last.bytes) == "bye");
  CHECK(read_once(*meeting.client).status == IoStatus::Closed);
  CHECK(meeting.client->error().message == "the server ended the TLS session");
  CHECK(meeting.client->error().cause == Cause::MqttLost);
  CHECK(meeting.client->write("more").status == IoStatus::Ok);
  CHECK(meeting.server->write("more").status == IoStatus::Failed);
}

TEST_CASE("the end waits for what is held") {
  const Contexts contexts;
  Meeting meeting(*contexts.client, *contexts.server);
  meeting.shake();
  MemoryWire& wire = *meeting.pair.wire;
  wire.capacity = wire.to_server.octets.size() + 3;
  meeting.client->write("bye");
  meeting.client->shutdown();
  CHECK_FALSE(wire.to_server.closed);
  CHECK(meeting.client->flush().status == IoStatus::WouldBlock);
  wire.capacity = 1UL << 20U;
  CHECK(meeting.client->flush().status == IoStatus::Ok);
  CHECK(wire.to_server.closed);
}

TEST_CASE("an end without a word") {
  const Contexts contexts;
  Meeting meeting(*contexts.client, *contexts.server);
  meeting.shake();
  read_once(*meeting.client);
  meeting.pair.wire->to_client.closed = true;
  CHECK(read_once(*meeting.client).status == IoStatus::Closed);
  CHECK(meeting.client->error().message ==
        "the server closed the connection without ending the TLS session");
  CHECK(meeting.client->error().kind == ErrorKind::Unreachable);
}

TEST_CASE("a reset is told as the transport below tells it") {
  const Contexts contexts;
  Meeting meeting(*contexts.client, *contexts.server);
  meeting.shake();
  meeting.pair.wire->to_client.octets.clear();
  meeting.pair.wire->reset = true;
  CHECK(meeting.client->write("hello").status == IoStatus::Failed);
  CHECK(meeting.client->error().cause == Cause::TcpReset);
  CHECK(read_once(*meeting.client).status == IoStatus::Failed);
  CHECK(meeting.client->error().cause == Cause::TcpReset);
}

TEST_CASE("what came before a failed write can still be read") {
  const Contexts contexts;
  Meeting meeting(*contexts.client, *contexts.server);
  meeting.shake();
  meeting.server->write("reason");
  meeting.pair.wire->reset = true;
  CHECK(meeting.client->write("hello").status == IoStatus::Failed);
  CHECK(read_once(*meeting.client).bytes == 6);
}

TEST_CASE("a damaged record ends the session") {
  const Contexts contexts;
  Meeting meeting(*contexts.client, *contexts.server);
  meeting.shake();
  read_once(*meeting.client);
  meeting.server->write("hello");
  meeting.pair.wire->to_client.octets.back() ^= 1;
  CHECK(read_once(*meeting.client).status == IoStatus::Failed);
  CHECK(meeting.client->error().kind == ErrorKind::Tls);
  CHECK_THAT(meeting.client->error().message,
             Catch::Matchers::StartsWith("the TLS session broke: "));
}

TEST_CASE("sessions are resumed") {
  for (const TlsVersion version : {TlsVersion::Tls12, TlsVersion::Tls13}) {
    INFO(name(version));
    TlsConfig config = trusting(test_certs().ca);
    config.maximum = version;
    const auto client = context_of(config);
    const auto server = context_of(identity_config(test_certs().server), TlsRole::Server);
    for (int i = 0; i < 4; ++i) {
      const bool other_host = i == 3;
      Meeting meeting(*client, *server, other_host ? "127.0.0.1" : "localhost");
      meeting.shake();
      REQUIRE(meeting.done());
      CHECK(carry(*meeting.server, *meeting.client, "hello") == "hello");
      const TlsInfo info = meeting.client->info();
      CHECK(info.session_resumed == (i > 0 && !other_host));
      CHECK(info.verified);
      CHECK(info.chain.size() == 1);
      meeting.client->shutdown();
    }
  }
}

TEST_CASE("a session is not resumed where the handshake failed") {
  const auto client = context_of(trusting(test_certs().ca));
  const auto good = context_of(identity_config(test_certs().server), TlsRole::Server);
  const auto bad = context_of(identity_config(test_certs().expired), TlsRole::Server);
  Meeting first(*client, *good);
  first.shake();
  CHECK(carry(*first.server, *first.client, "hello") == "hello");
  Meeting second(*client, *bad);
  second.shake();
  CHECK(second.client->error().cause == Cause::TlsExpired);
  Meeting third(*client, *good);
  third.shake();
  CHECK(third.done());
  CHECK_FALSE(third.client->info().session_resumed);
}

TEST_CASE("a connection outlives its context") {
  auto contexts = std::make_unique<Contexts>();
  Meeting meeting(*contexts->client, *contexts->server);
  contexts.reset();
  meeting.shake();
  REQUIRE(meeting.done());
  CHECK(carry(*meeting.client, *meeting.server, "hello") == "hello");
}

}  // namespace
}  // namespace mqtk::test
