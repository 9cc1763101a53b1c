#include "support/packet_scanner.hpp"

#include <vector>

#include "support/catch.hpp"
#include "wire/codec.hpp"

using namespace mqtk;
using wire::PacketType;

namespace {

std::string publish(std::size_t payload_size) {
  const std::string payload(payload_size, 'p');
  wire::Publish packet;
  packet.topic = "t";
  packet.payload = payload;
  std::string octets;
  wire::encode(packet, wire::ProtocolVersion::V311, octets);
  return octets;
}

struct Seen {
  std::string octets;
  std::vector<PacketType> begun;
  std::vector<std::size_t> ended;  ///< sizes
};

/// Scans `stream` in blocks of `block` octets.
Seen scan(PacketScanner& scanner, const std::string& stream, std::size_t block) {
  Seen seen;
  for (std::size_t at = 0; at < stream.size(); at += block) {
    Bytes input = Bytes(stream).substr(at, block);
    while (!input.empty()) {
      const PacketScanner::Piece piece = scanner.next(input);
      REQUIRE_FALSE(piece.octets.empty());
      seen.octets += piece.octets;
      if (piece.begins) seen.begun.push_back(scanner.type());
      if (piece.ends) seen.ended.push_back(scanner.size());
    }
  }
  return seen;
}

}  // namespace

TEST_CASE("scanner: finds every packet however the stream is cut") {
  const std::string ping("\xC0\x00", 2);
  const std::string stream =
      publish(0) + ping + publish(124) + publish(125) + publish(20'000) + ping;
  for (const std::size_t block : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{127},
                                  std::size_t{20'000}, stream.size()}) {
    PacketScanner scanner(0);
    const Seen seen = scan(scanner, stream, block);
    CHECK(seen.octets == stream);
    CHECK(seen.begun == std::vector<PacketType>{PacketType::Publish, PacketType::Pingreq,
                                                PacketType::Publish, PacketType::Publish,
                                                PacketType::Publish, PacketType::Pingreq});
    CHECK(seen.ended == std::vector<std::size_t>{5, 2, 129, 131, 20'007, 2});
    CHECK(scanner.is_mqtt());
  }
}

TEST_CASE("scanner: tells the type with the first octet") {
  PacketScanner scanner(0);
  Bytes first("\x32", 1);
  const PacketScanner::Piece piece = scanner.next(first);
  CHECK(piece.begins);
  CHECK_FALSE(piece.ends);
  CHECK(scanner.type() == PacketType::Publish);
}

TEST_CASE("scanner: keeps the first octets of each packet") {
  const std::string stream = publish(10) + publish(3);
  for (const std::size_t block : {std::size_t{1}, stream.size()}) {
    PacketScanner scanner(6);
    Bytes input(stream);
    std::vector<std::string> captured;
    while (!input.empty()) {
      Bytes part = input.substr(0, block);
      input.remove_prefix(part.size());
      while (!part.empty()) {
        if (scanner.next(part).ends) captured.emplace_back(scanner.captured());
      }
    }
    CHECK(captured == std::vector<std::string>{publish(10).substr(0, 6), publish(3).substr(0, 6)});
  }
}

TEST_CASE("scanner: passes on what is no MQTT") {
  for (const std::string& stream :
       {std::string("\x00zero", 5), std::string("\x30\xFF\xFF\xFF\xFF\x01", 6) + "more"}) {
    for (const std::size_t block : {std::size_t{1}, stream.size()}) {
      PacketScanner scanner(100);
      const Seen seen = scan(scanner, stream, block);
      CHECK(seen.octets == stream);
      CHECK(seen.ended.empty());
      CHECK_FALSE(scanner.is_mqtt());
    }
  }
}

TEST_CASE("scanner: can be told to give up") {
  PacketScanner scanner(0);
  scanner.give_up();
  const Seen seen = scan(scanner, publish(3), 2);
  CHECK(seen.octets == publish(3));
  CHECK(seen.begun.empty());
}
