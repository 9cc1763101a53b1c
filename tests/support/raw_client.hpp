// A client by hand: packets are sent and received one at a time over a blocking socket, and nothing
// is done by itself.
#pragma once

#include <cstdint>
#include <string>

#include "base/unique_fd.hpp"
#include "support/wait_until.hpp"
#include "wire/codec.hpp"
#include "wire/framer.hpp"

namespace mqtk::test {

class RawClient {
 public:
  enum class End : std::uint8_t { None, Fin, Reset };

  /// Connects to 127.0.0.1; connected() tells whether it could.
  explicit RawClient(std::uint16_t port);
  bool connected() const { return static_cast<bool>(fd_); }

  bool send(const wire::Packet& packet,
            wire::ProtocolVersion version = wire::ProtocolVersion::V311);
  bool send_raw(Bytes octets);
  /// Ends our direction.
  void finish();

  /// The next whole packet; empty when none comes, and when the connection has ended.
  std::string receive(Duration deadline = kPatience);
  /// The next packet's type as text; "" as above.
  std::string receive_type(Duration deadline = kPatience);
  /// Receives until so many octets have come in all, or the end; what a slow reader would not do.
  std::string receive_octets(std::size_t octets, Duration deadline = kPatience);
  /// How the peer has ended the connection, waiting for it; packets on the way are dropped.
  End wait_end(Duration deadline = kPatience);

 private:
  /// False when nothing came in time or the connection has ended.
  bool fill(TimePoint until);
  UniqueFd fd_;
  std::string received_;
  End end_ = End::None;
};

/// CONNECT with a client id, to begin with.
wire::Connect plain_connect(Bytes client_id = "raw");

}  // namespace mqtk::test
