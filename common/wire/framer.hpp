// Finds packets in a stream of bytes. Frames that lie whole in the given buffer are handed out in
// place; only an incomplete tail is copied and kept until the rest has come.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "wire/malformed.hpp"
#include "wire/types.hpp"

namespace mqtk::wire {

/// One whole packet: the first octet and what follows the Remaining Length.
struct Frame {
  std::uint8_t first = 0;  ///< packet type (high nibble) and flags (low nibble)
  Bytes body;
  std::size_t size = 0;  ///< the whole packet, fixed header included

  PacketType type() const { return static_cast<PacketType>(first >> 4U); }
  std::uint8_t flags() const { return first & 0x0FU; }
};

class Framer {
 public:
  /// Larger packets are refused as soon as their length is known.
  explicit Framer(std::uint32_t max_packet_size = kMaxPacketSize)
      : max_packet_size_(max_packet_size) {}

  enum class Status : std::uint8_t { Frame, NeedMore, Malformed };

  /// Takes the next frame out of `input`, which is what is left of the bytes just read, and
  /// advances `input` past it. NeedMore has consumed all of `input`. `frame` is valid until the
  /// next call and while the bytes behind `input` are. After Malformed the stream is of no further
  /// use; see malformed().
  Status next(Bytes& input, Frame& frame);

  const Malformed& malformed() const { return malformed_; }
  /// Octets of the incomplete frame kept so far.
  std::size_t pending() const { return tail_done_ ? 0 : tail_.size(); }
  void reset();

 private:
  struct Header {
    std::size_t header_size = 0;  ///< 0: not complete yet
    std::size_t total = 0;
  };
  bool read_header(Bytes bytes, Header& header);
  Status refuse(Malformed why);

  std::uint32_t max_packet_size_;
  bool tail_done_ = false;  ///< tail_ held the frame handed out last
  std::string tail_;
  Malformed malformed_;
};

}  // namespace mqtk::wire
