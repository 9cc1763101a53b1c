#include <string>

#include "unit/net/websocket_pair.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

constexpr unsigned kFinal = 0x80;
constexpr unsigned kText = 1;
constexpr unsigned kBinary = 2;
constexpr unsigned kClose = 8;
constexpr unsigned kPing = 9;
constexpr unsigned kPong = 10;

std::string close_with(unsigned code, const std::string& reason = "") {
  std::string payload;
  append_u16(payload, static_cast<std::uint16_t>(code));
  return payload + reason;
}

}  // namespace

TEST_CASE("messages are joined, with control frames between their fragments") {
  const std::string wire = frame(kBinary, "ab") + frame(kFinal | kPing, "who") + frame(0, "") +
                           frame(0, "cd") + frame(kFinal | kPong, "stray") +
                           frame(kFinal | 0, "ef") + frame(kFinal | kBinary, "") +
                           frame(kFinal | kBinary, "gh") + frame(kFinal | kPing, "");
  for (const std::size_t chunk :
       {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::string::npos}) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{3}, std::size_t{100000}}) {
      BareClient bare;
      bare.open();
      bare.in->chunk = chunk;
      bare.in->octets = wire;
      std::string all;
      IoStatus last = IoStatus::Ok;
      while (!bare.in->octets.empty()) all += read_all(*bare.client, size, last);
      all += read_all(*bare.client, size, last);
      CHECK(all == "abcdefgh");
      CHECK(last == IoStatus::WouldBlock);
      CHECK(take_frame(bare.out->octets, kFinal | kPong) == "who");
      CHECK(take_frame(bare.out->octets, kFinal | kPong).empty());
      CHECK(bare.out->octets.empty());
    }
  }
}

TEST_CASE("octets that came with the upgrade are not lost") {
  BareClient bare;
  bare.open(frame(kFinal | kBinary, "early") + std::string("\x82", 1));
  bare.in->octets = "\x03xyz";
  IoStatus last = IoStatus::Ok;
  CHECK(read_all(*bare.client, 4, last) == "earlyxyz");
}

TEST_CASE("what RFC 6455 and MQTT forbid ends the connection with a close frame") {
  struct Row {
    const char* what;
    std::string wire;
    unsigned code;
  };
  const std::string huge("\x82\x7F\x80\0\0\0\0\0\0\1", 10);
  const Row rows[] = {
      {"reserved bit 1", frame(0xC2, "x"), 1002},
      {"reserved bit 2", frame(0xA2, "x"), 1002},
      {"reserved bit 3", frame(0x92, "x"), 1002},
      {"reserved bit of a ping", frame(0xC9, ""), 1002},
      {"reserved opcode 3", frame(0x83, "x"), 1002},
      {"reserved opcode 7", frame(0x87, ""), 1002},
      {"reserved opcode 11", frame(0x8B, "x"), 1002},
      {"reserved opcode 15", frame(0x8F, "x"), 1002},
      {"text", frame(kFinal | kText, "hello"), 1003},
      {"text, empty", frame(kFinal | kText, ""), 1003},
      {"text, fragmented", frame(kText, "hello"), 1003},
      {"continuation of nothing", frame(kFinal | 0, "x"), 1002},
      {"message within a message", frame(kBinary, "x") + frame(kFinal | kBinary, "y"), 1002},
      {"masked", std::string("\x82\x81\0\0\0\0x", 7), 1002},
      {"fragmented ping", frame(kPing, "x"), 1002},
      {"long ping", frame(kFinal | kPing, std::string(126, 'x')), 1002},
      {"length 125 in 16 bits", std::string("\x82\x7E\0\x7D", 4) + std::string(125, 'x'), 1002},
      {"length 65535 in 64 bits", std::string("\x82\x7F\0\0\0\0\0\0\xFF\xFF", 10) + "x", 1002},
      {"length of 2^63", huge + "x", 1002},
      {"close of one octet", frame(kFinal | kClose, "x"), 1002},
      {"close with 1005", frame(kFinal | kClose, close_with(1005)), 1002},
      {"close with bad UTF-8", frame(kFinal | kClose, close_with(1000, "\xFF")), 1007},
  };
  for (const Row& row : rows) {
    for (const std::size_t chunk : {std::size_t{1}, std::string::npos}) {
      BareClient bare;
      bare.open();
      bare.in->chunk = chunk;
      bare.in->octets = frame(kFinal | kBinary, "good") + row.wire;
      INFO(row.what);
      std::string all;
      IoStatus last = IoStatus::Ok;
      for (int turn = 0; turn < 400 && last != IoStatus::Failed; ++turn) {
        all += read_all(*bare.client, 1000, last);
      }
      CHECK(last == IoStatus::Failed);
      CHECK(all.substr(0, 4) == "good");
      CHECK(bare.client->error().cause == Cause::WsProtocol);
      CHECK(bare.client->error().kind == ErrorKind::ProtocolViolation);
      CHECK(take_frame(bare.out->octets, kFinal | kClose) == close_with(row.code));
      CHECK(bare.client->write("x").status == IoStatus::Failed);
    }
  }
}

TEST_CASE("a server wants masked frames") {
  auto [near, far] = make_pipe();
  auto server = new_server(near);
  far.to_peer->octets =
      "GET / HTTP/1.1\r\nHost: b\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Protocol: mqtt\r\n\r\n";
  REQUIRE(server->handshake() == HandshakeStatus::Done);
  far.to_peer->octets = frame(kFinal | kBinary, "x");
  IoStatus last = IoStatus::Ok;
  read_all(*server, 100, last);
  CHECK(last == IoStatus::Failed);
  CHECK(server->error().message.find("unmasked") != std::string::npos);
}

TEST_CASE("a close frame is answered once and ends reading after the data") {
  BareClient bare;
  bare.open();
  bare.in->octets = frame(kFinal | kBinary, "last") +
                    frame(kFinal | kClose, close_with(1008, "no")) + frame(kFinal | kBinary, "x");
  IoStatus last = IoStatus::Ok;
  CHECK(read_all(*bare.client, 100, last) == "last");
  CHECK(last == IoStatus::Closed);
  CHECK(bare.client->error().cause == Cause::WsClosed);
  CHECK(bare.client->error().kind == ErrorKind::Permission);
  CHECK(take_frame(bare.out->octets, kFinal | kClose) == close_with(1008));
  CHECK(bare.client->write("x").status == IoStatus::Failed);
  bare.client->shutdown();
  CHECK(bare.out->octets.empty());
  CHECK(bare.out->closed);
}

TEST_CASE("a close frame without a code is answered without one") {
  BareClient bare;
  bare.open();
  bare.in->octets = frame(kFinal | kClose, "");
  IoStatus last = IoStatus::Ok;
  read_all(*bare.client, 100, last);
  CHECK(last == IoStatus::Closed);
  CHECK(take_frame(bare.out->octets, kFinal | kClose).empty());
}

TEST_CASE("shutdown sends one close frame behind what was written, then ends the direction") {
  BareClient bare;
  bare.open();
  CHECK(bare.client->write("bye").bytes == 3);
  bare.out->capacity = 4;
  bare.client->shutdown();
  bare.client->shutdown();
  CHECK_FALSE(bare.out->closed);
  CHECK(bare.client->wants_write());
  CHECK(bare.client->flush().status == IoStatus::WouldBlock);
  bare.out->capacity = std::string::npos;
  CHECK(bare.client->flush().status == IoStatus::Ok);
  CHECK(take_frame(bare.out->octets, kFinal | kBinary) == "bye");
  CHECK(take_frame(bare.out->octets, kFinal | kClose) == close_with(1000));
  CHECK(bare.out->octets.empty());
  CHECK(bare.out->closed);

  bare.in->octets = frame(kFinal | kPing, "late") + frame(kFinal | kClose, close_with(1000));
  IoStatus last = IoStatus::Ok;
  read_all(*bare.client, 100, last);
  CHECK(last == IoStatus::Closed);
  CHECK(bare.out->octets.empty());
}

TEST_CASE("the end and the failure of the layer below are passed on") {
  for (const bool broken : {false, true}) {
    BareClient bare;
    bare.open();
    bare.in->error = {ErrorKind::Unreachable, Cause::TcpReset, "below", {}};
    bare.in->octets = frame(kFinal | kBinary, "data") + std::string("\x82\x05half", 6);
    std::string all(4, ' ');
    REQUIRE(bare.client->read(all.data(), 4).bytes == 4);
    CHECK(all == "data");
    bare.in->closed = true;
    IoStatus last = IoStatus::Ok;
    CHECK(read_all(*bare.client, 100, last) == "half");
    bare.in->broken = broken;
    read_all(*bare.client, 100, last);
    CHECK(last == IoStatus::Closed);
    CHECK(bare.client->error().message == "below");
  }
  BareClient bare;
  bare.open();
  bare.in->broken = true;
  IoStatus last = IoStatus::Ok;
  read_all(*bare.client, 100, last);
  CHECK(last == IoStatus::Failed);
  bare.out->broken = true;
  CHECK(bare.client->write(std::string(200000, 'x')).status == IoStatus::Failed);
}

TEST_CASE("of many pings that cannot be answered, only a bounded amount is kept") {
  BareClient bare;
  bare.open();
  bare.out->capacity = 0;
  for (int i = 0; i < 20000; ++i)
    bare.in->octets += frame(kFinal | kPing, "ping " + std::to_string(i));
  IoStatus last = IoStatus::Ok;
  read_all(*bare.client, 65536, last);
  CHECK(last == IoStatus::WouldBlock);
  bare.out->capacity = std::string::npos;
  CHECK(bare.client->flush().status == IoStatus::Ok);
  CHECK(bare.out->octets.size() < 66000);
  std::string pong;
  while (!bare.out->octets.empty()) pong = take_frame(bare.out->octets, kFinal | kPong);
  CHECK(pong == "ping 19999");
}

TEST_CASE("masks differ from frame to frame and from client to client") {
  BareClient one;
  BareClient other;
  one.open();
  other.open();
  one.client->write("aaaa");
  one.client->write("aaaa");
  other.client->write("aaaa");
  one.client->flush();
  other.client->flush();
  CHECK(one.out->octets.substr(2, 4) != one.out->octets.substr(12, 4));
  CHECK(one.out->octets.substr(2, 4) != other.out->octets.substr(2, 4));
}
