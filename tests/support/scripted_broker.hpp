// A broker that plays exact exchanges: one Script for each connection, in their order, in a thread
// of its own. It collects what it received and where that was not as the script said.
//
//   ScriptedBroker broker;
//   broker.connection().expect<wire::Connect>().reply(wire::Connack{}).expect_end();
//   broker.start();  ... run a client against broker.port() ...  broker.finish()
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "server/listener.hpp"
#include "server/peer.hpp"
#include "support/script.hpp"

namespace mqtk {

struct ScriptedBrokerOptions {
  ListenAddress listen{};
  PeerLayers layers{};  ///< the TLS context is used by the broker's thread only
};

class ScriptedBroker {
 public:
  struct Received {
    std::size_t connection = 0;  ///< from 1
    TimePoint time{};
    wire::PacketType type = wire::PacketType::Connect;
    wire::ProtocolVersion version = wire::ProtocolVersion::V311;
    std::string octets{};  ///< the whole packet

    /// Its views point into `octets`. An error: it is malformed.
    wire::Decoded<wire::Packet> packet() const;
  };

  /// Listens already; nothing is accepted before start(). Throws std::runtime_error when it cannot
  /// listen.
  explicit ScriptedBroker(const ScriptedBrokerOptions& options = {});
  ~ScriptedBroker();
  ScriptedBroker(const ScriptedBroker&) = delete;
  ScriptedBroker& operator=(const ScriptedBroker&) = delete;

  std::uint16_t port() const { return port_; }

  /// The script of one more connection; only before start(), and valid until then.
  Script& connection();
  /// For all connections beyond those; without it they are closed and count as a mismatch.
  Script& further_connections();
  void start();

  /// Waits until every script is played to its end, or something was not as it said; then ends the
  /// broker. True when all was as the scripts said.
  bool finish(Duration deadline = 10s);

  /// At any time, from any thread.
  std::vector<Received> received() const;
  /// Of one connection, their types as text: "CONNECT PUBLISH DISCONNECT".
  std::string received_types(std::size_t connection = 1) const;
  std::size_t connections() const;
  bool wait_connections(std::size_t count, Duration deadline = 10s) const;
  bool wait_received(wire::PacketType type, std::size_t count = 1, Duration deadline = 10s) const;
  /// Sentences: where, what was expected, what came.
  std::vector<std::string> mismatches() const;
  /// All mismatches, one a line.
  std::string report() const;

 private:
  struct Shared;
  class Stage;
  std::unique_ptr<Shared> shared_;
  std::unique_ptr<Stage> stage_;
  std::uint16_t port_ = 0;
};

}  // namespace mqtk
