#include <random>
#include <string>

#include "unit/net/websocket_pair.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

/// Sends `data` and returns what arrives; `size` is that of the reader's buffer.
std::string pass(Transport& from, Transport& to, Bytes data, std::size_t size) {
  std::string arrived;
  IoStatus last = IoStatus::Ok;
  std::size_t idle = 0;
  while (idle < 20) {  // a frame's header, octet by octet, moves nothing for 14 turns
    bool moved = false;
    if (!data.empty()) {
      const IoResult wrote = from.write(data);
      if (wrote.status == IoStatus::Ok) {
        REQUIRE(wrote.bytes > 0);
        data.remove_prefix(wrote.bytes);
        moved = true;
      } else {
        REQUIRE(wrote.status == IoStatus::WouldBlock);
      }
    }
    if (from.wants_write()) moved = true;
    REQUIRE(from.flush().status != IoStatus::Failed);
    const std::string part = read_all(to, size, last);
    REQUIRE(last == IoStatus::WouldBlock);
    arrived += part;
    idle = moved || !part.empty() ? 0 : idle + 1;
  }
  REQUIRE(data.empty());
  return arrived;
}

}  // namespace

TEST_CASE("client and server shake hands, also octet by octet") {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{13}, std::string::npos}) {
    const WebSocketPair pair(chunk);
    CHECK(pair.client->info().status == 101);
    CHECK(pair.client->info().subprotocol == "mqtt");
    CHECK(pair.server->info().subprotocol == "mqtt");
    CHECK(pair.client->handshake() == HandshakeStatus::Done);
  }
}

TEST_CASE("payloads of all sizes around the limits arrive unchanged, both ways") {
  const WebSocketPair pair;
  for (const std::size_t base : {0U, 125U, 4096U, 32768U, 65535U, 131072U, 1048576U}) {
    for (std::size_t size = base < 3 ? 1 : base - 3; size <= base + 20; ++size) {
      if (base > 100000 && size % 5 != 0) continue;
      const std::string data = noise(size, static_cast<unsigned>(size));
      INFO(size);
      CHECK((pass(*pair.client, *pair.server, data, 65536) == data));
      CHECK((pass(*pair.server, *pair.client, data, 65536) == data));
    }
  }
}

TEST_CASE("one octet at a time in both directions") {
  const WebSocketPair pair(1);
  pair.pipe.first.to_peer->capacity = 2000;
  pair.pipe.first.from_peer->capacity = 2000;
  const std::string data = noise(70000);
  CHECK((pass(*pair.client, *pair.server, data, 65536) == data));
  CHECK((pass(*pair.server, *pair.client, data, 1) == data));
}

TEST_CASE("buffers of every size give the same octets") {
  const WebSocketPair pair;
  const std::string data = noise(200000);
  for (const std::size_t size :
       {1U, 7U, 4095U, 4096U, 4097U, 8191U, 8192U, 8193U, 16384U, 70000U, 300000U}) {
    INFO(size);
    CHECK((pass(*pair.client, *pair.server, data, size) == data));
  }
}

TEST_CASE("frames hold at most 64 KiB, and a large write costs few writes below") {
  BareClient bare;
  bare.open();
  bare.out->writes = 0;
  const std::string data = noise(1 << 20);
  CHECK(bare.client->write(data).bytes == data.size());
  CHECK(bare.client->flush().status == IoStatus::Ok);
  CHECK(bare.out->writes <= 17);
  std::string all;
  std::size_t frames = 0;
  while (!bare.out->octets.empty()) {
    const std::string part = take_frame(bare.out->octets, 0x82);
    CHECK(part.size() <= 65536);
    all += part;
    ++frames;
  }
  CHECK((all == data));
  CHECK(frames == 16);
}

TEST_CASE("small writes go out together at the flush") {
  BareClient bare;
  bare.open();
  bare.out->writes = 0;
  for (int i = 0; i < 1000; ++i) CHECK(bare.client->write("sixteen octets..").bytes == 16);
  CHECK(bare.out->writes == 0);
  CHECK(bare.client->wants_write());
  CHECK(bare.client->flush().status == IoStatus::Ok);
  CHECK(bare.out->writes == 1);
  CHECK_FALSE(bare.client->wants_write());
  for (int i = 0; i < 1000; ++i) CHECK(take_frame(bare.out->octets, 0x82) == "sixteen octets..");
}

TEST_CASE("a peer that takes nothing stops the writer at a bound") {
  BareClient bare;
  bare.open();
  bare.out->capacity = 0;
  const std::string data = noise(1 << 20);
  const IoResult first = bare.client->write(data);
  CHECK(first.status == IoStatus::Ok);
  CHECK(first.bytes == 65536);
  CHECK(bare.client->write(Bytes(data).substr(first.bytes)).status == IoStatus::WouldBlock);
  CHECK(bare.client->flush().status == IoStatus::WouldBlock);
  bare.out->capacity = std::string::npos;
  CHECK(bare.client->write(Bytes(data).substr(first.bytes)).status == IoStatus::Ok);

  // A slow peer does not make the frames tiny.
  BareClient slow;
  slow.open();
  slow.out->capacity = 1000;
  std::size_t taken = 0;
  std::string wire;
  while (taken < data.size()) {
    const IoResult wrote = slow.client->write(Bytes(data).substr(taken));
    taken += wrote.bytes;
    wire += std::exchange(slow.out->octets, {});
  }
  CHECK(taken == data.size());
  while (slow.client->flush().status == IoStatus::WouldBlock) {
    wire += std::exchange(slow.out->octets, {});
  }
  wire += slow.out->octets;
  std::size_t frames = 0;
  std::string all;
  while (!wire.empty()) {
    all += take_frame(wire, 0x82);
    ++frames;
  }
  CHECK((all == data));
  CHECK(frames <= 33);
}

TEST_CASE("a short count means that nothing is left, a large read is one read below") {
  BareClient bare;
  bare.open();
  for (int i = 0; i < 500; ++i) bare.in->octets += frame(0x82, std::string(100, 'x'));
  bare.in->reads = 0;
  std::string buffer(65536, '\0');
  const IoResult got = bare.client->read(buffer.data(), buffer.size());
  CHECK(got.bytes == 50000);
  CHECK(bare.in->reads == 1);
  CHECK(bare.in->octets.empty());

  bare.in->octets = frame(0x82, std::string(300000, 'y'));
  bare.in->reads = 0;
  std::size_t all = 0;
  while (all < 300000) {
    const IoResult part = bare.client->read(buffer.data(), buffer.size());
    REQUIRE(part.status == IoStatus::Ok);
    REQUIRE((part.bytes == buffer.size() || all + part.bytes == 300000));
    all += part.bytes;
  }
  CHECK(bare.in->reads <= 12);
}

TEST_CASE("buffers can be given back at any moment") {
  const WebSocketPair pair(1000);
  const std::string data = noise(100000);
  std::string arrived;
  std::size_t taken = 0;
  IoStatus last = IoStatus::Ok;
  for (int turn = 0; turn < 100000 && arrived.size() < data.size(); ++turn) {
    if (taken < data.size()) taken += pair.client->write(Bytes(data).substr(taken, 333)).bytes;
    pair.client->flush();
    pair.client->release_buffers();
    char buffer[700];
    const IoResult got = pair.server->read(buffer, sizeof buffer);
    arrived.append(buffer, got.bytes);
    pair.server->release_buffers();
  }
  CHECK((arrived == data));
  CHECK(read_all(*pair.server, 10, last).empty());
}

TEST_CASE("random sequences of writes, flushes, reads and releases keep both streams in order") {
  std::mt19937 random(20240607);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random()) % limit; };
  for (int round = 0; round < 60; ++round) {
    const std::size_t chunks[] = {1 + below(20), 1 + below(5000), std::string::npos};
    const std::size_t chunk = chunks[below(3)];
    WebSocketPair pair(chunk);
    const std::size_t most = chunk < 100 ? 3000 : 100000;
    pair.pipe.first.to_peer->capacity = 100 + below(most);
    pair.pipe.first.from_peer->capacity = 100 + below(most);
    Transport* ends[2] = {pair.client.get(), pair.server.get()};
    const std::string source = noise(1 << 18, static_cast<unsigned>(round));
    std::size_t sent[2] = {0, 0};
    std::string got[2];
    const auto read_once = [&](std::size_t side, std::size_t size) {
      const auto buffer = std::make_unique_for_overwrite<char[]>(size);
      const IoResult part = ends[side]->read(buffer.get(), size);
      if (part.status != IoStatus::Ok) REQUIRE(part.status == IoStatus::WouldBlock);
      got[1 - side].append(buffer.get(), part.bytes);
      return part.bytes;
    };
    for (int step = 0; step < 300; ++step) {
      const std::size_t side = below(2);
      switch (below(5)) {
        case 0:
        case 1: {
          const std::size_t size = 1 + below(below(2) == 0 ? 300 : 100000);
          const IoResult wrote = ends[side]->write(Bytes(source).substr(sent[side], size));
          if (wrote.status == IoStatus::Ok) sent[side] += wrote.bytes;
          break;
        }
        case 2:
          ends[side]->flush();
          break;
        case 3:
          read_once(side, 1 + below(below(2) == 0 ? 100 : 100000));
          break;
        default:
          ends[side]->release_buffers();
          break;
      }
    }
    for (int idle = 0; idle < 20;) {
      std::size_t moved = 0;
      for (const std::size_t side : {0U, 1U}) {
        if (ends[side]->wants_write()) ++moved;
        ends[side]->flush();
        moved += read_once(1 - side, 65536);
      }
      idle = moved > 0 ? 0 : idle + 1;
    }
    CHECK((got[0] == source.substr(0, sent[0])));
    CHECK((got[1] == source.substr(0, sent[1])));
  }
}

TEST_CASE("both sides close in order") {
  const WebSocketPair pair;
  pair.client->shutdown();
  IoStatus last = IoStatus::Ok;
  read_all(*pair.server, 100, last);
  CHECK(last == IoStatus::Closed);
  CHECK(pair.server->error().message == "the client closed the WebSocket: 1000, normal closure");
  read_all(*pair.client, 100, last);
  CHECK(last == IoStatus::Closed);
  CHECK(pair.client->error().cause == Cause::WsClosed);
}
