// The life of one QoS 1 or 2 message as the sender sees it (MQTT 5, 4.3), as one table of legal
// moves.
#pragma once

#include <cstdint>
#include <optional>

#include "wire/types.hpp"

namespace mqtk {

enum class PublishPhase : std::uint8_t {
  AwaitPuback,   ///< QoS 1, sent or to be sent again
  AwaitPubrec,   ///< QoS 2, the same
  AwaitPubcomp,  ///< QoS 2, the receiver has the message; PUBREL sent or to be sent again
  Done,
};

/// Where a reply takes a message, or nullopt when the receiver may not send it now. `failure`: the
/// reply's reason code is 0x80 or above (MQTT 5), which ends the exchange after PUBACK and PUBREC.
constexpr std::optional<PublishPhase> next_phase(PublishPhase phase, wire::PacketType reply,
                                                 bool failure) {
  using wire::PacketType;
  switch (phase) {
    case PublishPhase::AwaitPuback:
      if (reply == PacketType::Puback) return PublishPhase::Done;
      break;
    case PublishPhase::AwaitPubrec:
      if (reply == PacketType::Pubrec) {
        return failure ? PublishPhase::Done : PublishPhase::AwaitPubcomp;
      }
      break;
    case PublishPhase::AwaitPubcomp:
      if (reply == PacketType::Pubcomp) return PublishPhase::Done;
      // A receiver that was sent the PUBLISH twice over a reconnection may answer twice.
      if (reply == PacketType::Pubrec && !failure) return PublishPhase::AwaitPubcomp;
      break;
    case PublishPhase::Done:
      break;
  }
  return std::nullopt;
}

}  // namespace mqtk
