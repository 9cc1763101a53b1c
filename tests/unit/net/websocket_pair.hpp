// An upgraded WebSocket client over a pipe, with our own server or the bare octets at the other
// end.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "net/websocket/upgrade.hpp"
#include "net/websocket/websocket.hpp"
#include "support/catch.hpp"
#include "support/pipe_transport.hpp"

namespace mqtk::test {

inline std::unique_ptr<WebSocketTransport> new_client(const PipeEnds& ends) {
  auto made = make_websocket_client(over(ends), {}, "broker");
  REQUIRE(made);
  return std::move(*made);
}

inline std::unique_ptr<WebSocketTransport> new_server(const PipeEnds& ends) {
  auto made = make_websocket_server(over(ends));
  REQUIRE(made);
  return std::move(*made);
}

struct WebSocketPair {
  explicit WebSocketPair(std::size_t chunk = std::string::npos) : pipe(make_pipe()) {
    pipe.first.to_peer->chunk = chunk;
    pipe.first.from_peer->chunk = chunk;
    client = new_client(pipe.first);
    server = new_server(pipe.second);
    HandshakeStatus here = HandshakeStatus::WantRead;
    HandshakeStatus there = HandshakeStatus::WantRead;
    for (int turn = 0; turn < 5000; ++turn) {
      if (here != HandshakeStatus::Done) here = client->handshake();
      if (there != HandshakeStatus::Done) there = server->handshake();
    }
    REQUIRE(here == HandshakeStatus::Done);
    REQUIRE(there == HandshakeStatus::Done);
  }

  std::pair<PipeEnds, PipeEnds> pipe;
  std::unique_ptr<WebSocketTransport> client;
  std::unique_ptr<WebSocketTransport> server;
};

/// A client whose server is the test: `in` is what the client reads, `out` what it wrote.
struct BareClient {
  BareClient() : pipe(make_pipe()), in(pipe.first.from_peer), out(pipe.first.to_peer) {
    client = new_client(pipe.first);
    REQUIRE(client->handshake() == HandshakeStatus::WantRead);
    const auto request = parse_http_request(out->octets);
    REQUIRE(request);
    const auto keys = header_values(request->headers, "Sec-WebSocket-Key");
    REQUIRE(keys.size() == 1);
    answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Accept: " +
        websocket_accept(keys.front()) + "\r\n\r\n";
    out->octets.clear();
  }

  void open(const std::string& with = "") {
    in->octets = answer + with;
    REQUIRE(client->handshake() == HandshakeStatus::Done);
  }

  std::pair<PipeEnds, PipeEnds> pipe;
  std::shared_ptr<PipeState> in;
  std::shared_ptr<PipeState> out;
  std::unique_ptr<WebSocketTransport> client;
  std::string answer;
};

/// One frame as a server sends it.
inline std::string frame(unsigned first, const std::string& payload) {
  std::string out(1, octet(first));
  if (payload.size() < 126) {
    out.push_back(octet(static_cast<unsigned>(payload.size())));
  } else if (payload.size() < 65536) {
    out.push_back(126);
    append_u16(out, static_cast<std::uint16_t>(payload.size()));
  } else {
    out.push_back(127);
    append_u32(out, 0);
    append_u32(out, static_cast<std::uint32_t>(payload.size()));
  }
  return out + payload;
}

/// The payload of the masked frame at the front of `octets`, which loses it; checks its first
/// octet.
inline std::string take_frame(std::string& octets, unsigned first) {
  REQUIRE(octets.size() >= 6);
  CHECK(u8(octets[0]) == first);
  REQUIRE((u8(octets[1]) & 0x80) == 0x80);
  std::size_t size = u8(octets[1]) & 0x7F;
  std::size_t at = 2;
  if (size == 126) {
    size = read_u16(octets.data() + 2);
    at = 4;
  } else if (size == 127) {
    size = read_u32(octets.data() + 6);
    at = 10;
  }
  REQUIRE(octets.size() >= at + 4 + size);
  const std::string mask = octets.substr(at, 4);
  std::string payload = octets.substr(at + 4, size);
  for (std::size_t i = 0; i < size; ++i) payload[i] = octet(u8(payload[i]) ^ u8(mask[i % 4]));
  octets.erase(0, at + 4 + size);
  return payload;
}

/// All that can be read now, in pieces of `size`; stops at anything but Ok.
inline std::string read_all(Transport& from, std::size_t size, IoStatus& last) {
  std::string all;
  for (;;) {
    // Of exact size, so that a sanitizer sees a write beyond it.
    const auto buffer = std::make_unique_for_overwrite<char[]>(size);
    const IoResult got = from.read(buffer.get(), size);
    last = got.status;
    if (got.status != IoStatus::Ok) return all;
    if (got.bytes == 0 || got.bytes > size) FAIL("a count of " << got.bytes);
    all.append(buffer.get(), got.bytes);
  }
}

inline std::string noise(std::size_t size, unsigned seed = 1) {
  std::string out(size, '\0');
  std::uint32_t state = seed * 2654435761U + 1;
  for (char& c : out) {
    state = state * 1664525U + 1013904223U;
    c = octet(state >> 24);
  }
  return out;
}

}  // namespace mqtk::test
