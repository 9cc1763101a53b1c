#include "support/packet_scanner.hpp"

#include <algorithm>

namespace mqtk {

namespace {
constexpr std::size_t kMaxHeaderSize = 5;
}  // namespace

// Answers how many octets of `input` belong to the fixed header.
std::size_t PacketScanner::read_header(Bytes input) {
  std::size_t taken = 0;
  while (taken < input.size() && !header_done_ && is_mqtt_) {
    const unsigned part = u8(input[taken]);
    if (header_size_ == 0) {
      first_ = static_cast<std::uint8_t>(part);
      is_mqtt_ = part >> 4U != 0;
    } else {
      size_ |= std::size_t{part & 0x7FU} << (7 * (header_size_ - 1));
      header_done_ = (part & 0x80U) == 0;
      if (!header_done_ && header_size_ + 1 == kMaxHeaderSize) is_mqtt_ = false;
    }
    ++taken;
    ++header_size_;
  }
  if (header_done_) size_ += header_size_;
  return taken;
}

PacketScanner::Piece PacketScanner::next(Bytes& input) {
  Piece piece;
  std::size_t taken = 0;
  if (is_mqtt_ && !in_packet_) {
    in_packet_ = true;
    header_done_ = false;
    header_size_ = size_ = passed_ = 0;
    captured_.clear();
    piece.begins = true;
  }
  if (is_mqtt_ && !header_done_) taken = read_header(input);
  if (!is_mqtt_) {
    piece = {input, false, false};
    input = {};
    return piece;
  }
  if (header_done_) taken += std::min(input.size() - taken, size_ - passed_ - taken);
  piece.octets = input.substr(0, taken);
  input.remove_prefix(taken);
  passed_ += taken;
  if (captured_.size() < capture_) {
    captured_.append(piece.octets.substr(0, capture_ - captured_.size()));
  }
  piece.ends = header_done_ && passed_ == size_;
  if (piece.ends) in_packet_ = false;
  return piece;
}

}  // namespace mqtk
