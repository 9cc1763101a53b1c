// An exact exchange with one client, as a list of steps. ScriptedBroker plays it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/clock.hpp"
#include "server/peer.hpp"
#include "wire/packets.hpp"

namespace mqtk {

struct ScriptStep {
  enum class Kind : std::uint8_t {
    Expect,
    ExpectEnd,
    Send,
    Delay,
    Run,
    Serve,
    Finish,
    Close,
    Reset,
    Stall,
  };
  /// What is wrong with a packet; empty: nothing.
  using Check = std::function<std::string(const wire::Packet&)>;
  using Action = std::function<void(const wire::Packet&, Peer&)>;

  Kind kind = Kind::Expect;
  wire::PacketType type = wire::PacketType::Connect;
  Check check{};
  std::array<std::string, 3> octets{};  ///< whole packet in MQTT 3.1, 3.1.1 and 5
  bool exact = false;                   ///< Expect: exactly those octets
  Duration delay = 0ns;
  Action action{};
};

class Script {
 public:
  /// The next packet is of this type, and `check` finds nothing wrong with it. PINGREQ is answered
  /// on the way unless it is what is expected.
  Script& expect(wire::PacketType type, ScriptStep::Check check = {});
  /// The next packet is exactly this one; a packet identifier of 0 stands for any.
  Script& expect(const wire::Packet& packet);
  template <typename T>
  Script& expect(std::function<std::string(const T&)> check = {}) {
    static_assert(!std::is_same_v<T, wire::PublishReply>, "say which type it is");
    ScriptStep::Check general;
    if (check) {
      general = [check](const wire::Packet& packet) { return check(std::get<T>(packet)); };
    }
    return expect(wire::type_of(T{}), std::move(general));
  }
  /// The client ends the connection, after a DISCONNECT or without one.
  Script& expect_end();

  /// Encoded now, for whatever version the client turns out to speak. A packet identifier of 0 in
  /// an acknowledgement becomes that of the packet received last.
  Script& reply(const wire::Packet& packet);
  Script& send_raw(std::string octets);
  /// What arrives meanwhile waits.
  Script& delay(Duration time);
  /// Called with the packet received last, which must be there.
  Script& run(ScriptStep::Action action);
  /// Called with every further packet; the last step.
  Script& serve(ScriptStep::Action action);

  /// Ends our direction in an orderly way; what the client still sends is dropped.
  Script& finish();
  /// Closes the socket.
  Script& close();
  /// Closes it with an RST.
  Script& reset();
  /// Reads nothing more, and keeps the connection.
  Script& stall();

  const std::vector<ScriptStep>& steps() const { return steps_; }

 private:
  Script& add(ScriptStep step);
  std::vector<ScriptStep> steps_;
};

/// Where the packet identifier stands in a whole packet; 0: it has none.
std::size_t packet_id_position(Bytes packet);

}  // namespace mqtk
