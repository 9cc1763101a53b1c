// What the bench writes at the beginning of a payload, so that a receiver knows which message this
// is and when it was due: 28 octets. Shorter payloads carry none of it.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/clock.hpp"

namespace mqtk::bench {

struct PayloadHeader {
  static constexpr std::size_t kSize = 28;

  bool measured = true;        ///< false: sent while warming up
  std::uint32_t run = 0;       ///< chosen at random for each run
  std::uint32_t stream = 0;    ///< the publisher
  std::uint64_t sequence = 0;  ///< within the stream and phase, from 0; below 2^48
  std::int64_t due_ns = 0;     ///< on the machine's monotonic clock
  Duration delay = 0ns;        ///< from due to sent, in steps of 256 ns, at most 18 minutes

  bool operator==(const PayloadHeader&) const = default;
};

/// Writes kSize octets.
void write_header(const PayloadHeader& header, char* out);
/// nullopt: the payload does not begin with one.
std::optional<PayloadHeader> read_header(Bytes payload);

}  // namespace mqtk::bench
