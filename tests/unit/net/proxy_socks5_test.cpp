#include <set>
#include <string>
#include <utility>

#include "net/proxy/proxy.hpp"
#include "support/catch.hpp"
#include "support/pipe_transport.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

std::string octets(std::initializer_list<unsigned> values) {
  std::string out;
  for (const unsigned value : values) out.push_back(octet(value));
  return out;
}

const std::string kReply = octets({5, 0, 0, 1, 10, 0, 0, 1, 0x12, 0x34});

/// A SOCKS5 proxy that is the test.
struct Socks {
  explicit Socks(const std::string& host = "broker", bool with_user = false,
                 std::size_t chunk = std::string::npos)
      : pipe(make_pipe()), in(pipe.first.from_peer), out(pipe.first.to_peer) {
    ProxyConfig config;
    if (with_user) {
      config.username = "alice";
      config.password = "hunter2";
    }
    in->chunk = chunk;
    out->chunk = chunk;
    transport = make_proxy_transport(over(pipe.first), config, host, 1883);
  }

  /// The proxy says `answer`; what is the client's state, and what did it say?
  HandshakeStatus say(const std::string& answer) {
    in->octets += answer;
    HandshakeStatus status = HandshakeStatus::WantRead;
    for (int turn = 0; turn < 600; ++turn) {
      status = transport->handshake();
      if (status == HandshakeStatus::Done || status == HandshakeStatus::Failed) break;
    }
    said = std::exchange(out->octets, {});
    return status;
  }

  std::pair<PipeEnds, PipeEnds> pipe;
  std::shared_ptr<PipeState> in;
  std::shared_ptr<PipeState> out;
  std::unique_ptr<Transport> transport;
  std::string said;
};

}  // namespace

TEST_CASE("SOCKS5 without credentials passes a name to the proxy") {
  for (const std::size_t chunk : {std::size_t{1}, std::string::npos}) {
    Socks socks("broker", false, chunk);
    CHECK(socks.transport->write("early").status == IoStatus::Failed);
    CHECK(socks.say("") == HandshakeStatus::WantRead);
    CHECK(socks.said == octets({5, 1, 0}));
    CHECK(socks.say(octets({5, 0})) == HandshakeStatus::WantRead);
    CHECK(socks.said == octets({5, 1, 0, 3, 6}) + "broker" + octets({0x07, 0x5B}));
    CHECK(socks.say(kReply + "xyz") == HandshakeStatus::Done);

    std::string data;
    char buffer[10];
    for (int i = 0; i < 3; ++i) {
      data.append(buffer, socks.transport->read(buffer, sizeof buffer).bytes);
    }
    CHECK(data == "xyz");
    CHECK(socks.transport->read(buffer, sizeof buffer).status == IoStatus::WouldBlock);
    CHECK(socks.transport->write("h").bytes == 1);
    CHECK(socks.out->octets == "h");
    CHECK(socks.transport->handshake() == HandshakeStatus::Done);
    socks.transport->shutdown();
    CHECK(socks.out->closed);
  }
}

TEST_CASE("SOCKS5 with user name and password") {
  for (const std::size_t chunk : {std::size_t{1}, std::string::npos}) {
    Socks socks("broker", true, chunk);
    socks.say("");
    CHECK(socks.said == octets({5, 2, 0, 2}));
    CHECK(socks.say(octets({5, 2})) == HandshakeStatus::WantRead);
    CHECK(socks.said == octets({1, 5}) + "alice" + octets({7}) + "hunter2");
    CHECK(socks.say(octets({1, 0})) == HandshakeStatus::WantRead);
    CHECK(socks.said.substr(0, 3) == octets({5, 1, 0}));
    CHECK(socks.say(kReply) == HandshakeStatus::Done);
  }
  Socks unneeded("broker", true);
  CHECK(unneeded.say(octets({5, 0}) + kReply) == HandshakeStatus::Done);
}

TEST_CASE("SOCKS5 sends literals as addresses") {
  Socks v4("192.0.2.7");
  v4.say(octets({5, 0}));
  CHECK(v4.said == octets({5, 1, 0, 5, 1, 0, 1, 192, 0, 2, 7, 0x07, 0x5B}).substr(0, 3) +
                       octets({5, 1, 0, 1, 192, 0, 2, 7, 0x07, 0x5B}));
  Socks v6("::1");
  v6.say(octets({5, 0}));
  CHECK(v6.said ==
        octets({5, 1, 0}) + octets({5, 1, 0, 4}) + std::string(15, '\0') + octets({1, 0x07, 0x5B}));
}

TEST_CASE("SOCKS5 replies may hold any kind of address") {
  for (const std::string& address :
       {octets({1, 1, 2, 3, 4, 0, 1}), octets({3, 0, 0, 1}), octets({3, 2}) + "ab" + octets({0, 1}),
        octets({3, 255}) + std::string(255, 'x') + octets({0, 1}),
        octets({4}) + std::string(18, '\1')}) {
    Socks socks("broker", false, 1);
    socks.say(octets({5, 0}));
    INFO(address.size());
    CHECK(socks.say(octets({5, 0, 0}) + address.substr(0, address.size() - 1)) ==
          HandshakeStatus::WantRead);
    CHECK(socks.say(address.substr(address.size() - 1) + "next") == HandshakeStatus::Done);
    char buffer[1];
    CHECK(socks.transport->read(buffer, 1).bytes == 1);
    CHECK(buffer[0] == 'n');
  }
  Socks socks;
  CHECK(socks.say(octets({5, 0, 5, 0, 0, 9, 1})) == HandshakeStatus::Failed);
  CHECK(socks.transport->error().cause == Cause::ProxyNotProxy);
}

TEST_CASE("each SOCKS5 refusal has its own words") {
  struct Row {
    unsigned code;
    ErrorKind kind;
    const char* part;
  };
  const Row rows[] = {
      {1, ErrorKind::Unreachable, "a reason it does not give"},
      {2, ErrorKind::Permission, "does not allow"},
      {3, ErrorKind::Unreachable, "network"},
      {4, ErrorKind::Unreachable, "cannot reach the broker's host"},
      {5, ErrorKind::Unreachable, "was refused"},
      {6, ErrorKind::Unreachable, "in time"},
      {7, ErrorKind::ProtocolViolation, "command"},
      {8, ErrorKind::ProtocolViolation, "kind of address"},
      {9, ErrorKind::Unreachable, "not registered"},
      {255, ErrorKind::Unreachable, "not registered"},
  };
  for (const Row& row : rows) {
    for (const bool whole : {false, true}) {
      Socks socks;
      socks.say(octets({5, 0}));
      CHECK(socks.say(octets({5, row.code}) + (whole ? kReply.substr(2) : "")) ==
            HandshakeStatus::Failed);
      const Error& error = socks.transport->error();
      INFO(error.message);
      CHECK(error.cause == Cause::ProxyRefused);
      CHECK(error.kind == row.kind);
      CHECK(error.message.find(row.part) != std::string::npos);
      CHECK(socks.transport->handshake() == HandshakeStatus::Failed);
    }
  }
}

TEST_CASE("SOCKS5 log-ins that fail") {
  Socks none;
  CHECK(none.say(octets({5, 0xFF})) == HandshakeStatus::Failed);
  CHECK(none.transport->error().cause == Cause::ProxyAuth);
  CHECK(none.transport->error().message == "the SOCKS5 proxy asks for credentials");

  Socks other("broker", true);
  CHECK(other.say(octets({5, 0xFF})) == HandshakeStatus::Failed);
  CHECK(other.transport->error().cause == Cause::ProxyAuth);
  CHECK(other.transport->error().kind == ErrorKind::Permission);

  Socks refused("broker", true);
  CHECK(refused.say(octets({5, 2, 1, 1})) == HandshakeStatus::Failed);
  CHECK(refused.transport->error().cause == Cause::ProxyAuth);
  CHECK(refused.transport->error().kind == ErrorKind::Permission);
  CHECK(refused.transport->error().message.find("alice") == std::string::npos);
  CHECK(refused.transport->error().message.find("hunter2") == std::string::npos);

  for (const unsigned method : {1U, 2U, 3U}) {
    Socks unoffered;
    CHECK(unoffered.say(octets({5, method})) == HandshakeStatus::Failed);
    CHECK(unoffered.transport->error().cause == Cause::ProxyNotProxy);
  }
}

TEST_CASE("peers that are no SOCKS5 proxy") {
  struct Row {
    std::string answer;
    const char* part;
  };
  const Row rows[] = {
      {"HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP"},
      {octets({0x15, 3, 1}), "TLS"},
      {octets({0, 0x5B}), "SOCKS4"},
      {octets({0x20, 2, 0, 1}), "MQTT"},
      {"zz", "no SOCKS5"},
      {octets({4, 0}), "no SOCKS5"},
  };
  for (const Row& row : rows) {
    Socks socks("broker", false, 1);
    CHECK(socks.say(row.answer) == HandshakeStatus::Failed);
    CHECK(socks.transport->error().cause == Cause::ProxyNotProxy);
    CHECK(socks.transport->error().kind == ErrorKind::ProtocolViolation);
    CHECK(socks.transport->error().message.find(row.part) != std::string::npos);
  }
  Socks login("broker", true);
  CHECK(login.say(octets({5, 2, 9, 0})) == HandshakeStatus::Failed);
  CHECK(login.transport->error().cause == Cause::ProxyNotProxy);
  Socks reply;
  CHECK(reply.say(octets({5, 0, 4, 0})) == HandshakeStatus::Failed);
  CHECK(reply.transport->error().cause == Cause::ProxyNotProxy);
}

TEST_CASE("a SOCKS5 conversation cut at every octet") {
  const std::string whole = octets({5, 2, 1, 0}) + kReply;
  std::set<std::string> messages;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    for (const bool reset : {false, true}) {
      Socks socks("broker", true);
      CHECK(socks.say(whole.substr(0, size)) == HandshakeStatus::WantRead);
      socks.in->closed = true;
      socks.in->broken = reset;
      socks.in->error = {
          ErrorKind::Unreachable, reset ? Cause::TcpReset : Cause::TcpClosed, "below", {}};
      CHECK(socks.say("") == HandshakeStatus::Failed);
      const Error& error = socks.transport->error();
      messages.insert(error.message);
      CHECK(error.cause == (size < 2   ? Cause::ProxyNotProxy
                            : size < 4 ? Cause::ProxyAuth
                                       : Cause::ProxyRefused));
    }
  }
  CHECK(messages.size() == 3);
}

TEST_CASE("SOCKS5 limits are checked before anything is sent") {
  for (const std::string& host : {std::string(), std::string(256, 'h')}) {
    Socks socks(host);
    CHECK(socks.say("") == HandshakeStatus::Failed);
    CHECK(socks.transport->error().kind == ErrorKind::Usage);
    CHECK(socks.said.empty());
  }
  Socks longest(std::string(255, 'h'));
  CHECK(longest.say(octets({5, 0}) + kReply) == HandshakeStatus::Done);

  for (const auto& [user, password] : {std::pair<std::string, std::string>("", "p"),
                                       {"u", ""},
                                       {std::string(256, 'u'), "p"},
                                       {"u", std::string(256, 'p')}}) {
    const auto pipe = make_pipe();
    ProxyConfig config;
    config.username = user;
    config.password = password;
    const auto transport = make_proxy_transport(over(pipe.first), config, "broker", 1);
    CHECK(transport->handshake() == HandshakeStatus::Failed);
    CHECK(transport->error().kind == ErrorKind::Usage);
  }
}
