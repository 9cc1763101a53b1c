// A relay between a program and its broker, in a thread of its own, which keeps what passed in a
// form that is small enough for half a million packets.
#pragma once

#include <cstdint>
#include <vector>

#include "server/loop_thread.hpp"
#include "support/relay.hpp"

namespace mqtk::test {

struct Seen {
  std::uint32_t connection = 0;  ///< from 1
  std::uint32_t line = 0;        ///< of a PUBLISH, as line_number() reads it
  std::uint16_t packet_id = 0;
  wire::PacketType type = wire::PacketType::Connect;
  RelayDirection direction = RelayDirection::ToTarget;
  std::uint8_t qos = 0;
};

class Tap {
 public:
  explicit Tap(std::uint16_t target_port);

  std::uint16_t port() const { return port_; }
  Hosted<Relay>& relay() { return relay_; }
  void add(const std::vector<RelayCut>& cuts);
  /// Whole packets that passed so far.
  std::size_t count(RelayDirection direction, wire::PacketType type);
  std::vector<Seen> seen();

 private:
  std::vector<Seen> seen_;  ///< the relay's thread's
  Hosted<Relay> relay_;
  std::uint16_t port_;
};

}  // namespace mqtk::test
