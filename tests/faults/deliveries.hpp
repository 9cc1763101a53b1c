// What a broker delivered to mqtt-sub, read off the packets between them, so that what was shown
// can be compared with it line by line.
#pragma once

#include <cstdint>
#include <vector>

#include "faults/stream.hpp"
#include "faults/tap.hpp"

namespace mqtk::test {

struct Deliveries {
  struct Line {
    std::uint32_t at_most =
        0;  ///< how often it has to be shown, from the PUBLISH packets that came
    std::uint32_t at_least = 0;  ///< and from those of them that were answered
    std::uint32_t first = 0;     ///< connection
    /// The broker sent it under an identifier that another line's exchange still held, since a kill
    /// had made it forget that one: for the receiver it is a repetition [MQTT-4.3.3-2].
    bool under_taken_id = false;
  };
  std::vector<Line> lines;  ///< from [1] on
  std::uint32_t last_connection = 0;

  /// Lines that were shown more or less often than that.
  std::size_t contradicted_by(const Shown& shown) const;
  /// Lines of QoS 2 whose exchange the broker began again after it had gone on to PUBREL.
  std::size_t begun_again() const;
};

Deliveries read_deliveries(const std::vector<Seen>& packets, std::size_t lines);

}  // namespace mqtk::test
