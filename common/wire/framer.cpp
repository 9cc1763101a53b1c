#include "wire/framer.hpp"

#include <algorithm>

namespace mqtk::wire {

namespace {

constexpr std::size_t kKeepCapacity = 64 * 1024;
constexpr std::size_t kMaxHeaderSize = 5;

}  // namespace

Framer::Status Framer::refuse(Malformed why) {
  malformed_ = why;
  return Status::Malformed;
}

void Framer::reset() {
  tail_done_ = false;
  std::string().swap(tail_);
  malformed_ = {};
}

// Reads type and Remaining Length off the front; false, with malformed_ set, when they are illegal.
bool Framer::read_header(Bytes bytes, Header& header) {
  header = {};
  if (bytes.empty()) return true;
  if (u8(bytes[0]) >> 4U == 0) {
    refuse({ReasonCode::MalformedPacket, "2.1.2", "packet type 0 is reserved"});
    return false;
  }
  std::size_t length = 0;
  const std::size_t end = std::min(bytes.size(), kMaxHeaderSize);
  for (std::size_t at = 1; at < end; ++at) {
    const unsigned part = u8(bytes[at]);
    length |= std::size_t{part & 0x7FU} << (7 * (at - 1));
    if ((part & 0x80U) != 0) continue;
    if (part == 0 && at > 1) {
      refuse({ReasonCode::MalformedPacket, "MQTT-1.5.5-1",
              "the remaining length is written longer than it needs to be"});
      return false;
    }
    header = {at + 1, at + 1 + length};
    if (header.total <= max_packet_size_) return true;
    refuse({ReasonCode::PacketTooLarge, "MQTT-3.1.2-24", "the packet is larger than was agreed"});
    return false;
  }
  if (bytes.size() < kMaxHeaderSize) return true;
  refuse({ReasonCode::MalformedPacket, "1.5.5", "the remaining length is longer than four octets"});
  return false;
}

Framer::Status Framer::next(Bytes& input, Frame& frame) {
  if (!malformed_.what.empty()) return Status::Malformed;
  if (tail_done_) {
    tail_done_ = false;
    tail_.clear();
    if (tail_.capacity() > kKeepCapacity) std::string().swap(tail_);
  }
  if (input.empty()) return Status::NeedMore;

  Header header;
  if (tail_.empty()) {
    if (!read_header(input, header)) return Status::Malformed;
    if (header.header_size != 0 && header.total <= input.size()) {
      frame = {u8(input[0]), input.substr(header.header_size, header.total - header.header_size),
               header.total};
      input.remove_prefix(header.total);
      return Status::Frame;
    }
  } else {
    // The length may lie across the border: move its octets over one by one, the rest in one go.
    if (!read_header(tail_, header)) return Status::Malformed;
    while (header.header_size == 0 && !input.empty()) {
      tail_.push_back(input[0]);
      input.remove_prefix(1);
      if (!read_header(tail_, header)) return Status::Malformed;
    }
  }

  // Reserving what the peer announces costs address space only: pages are touched as octets arrive.
  if (header.header_size != 0) tail_.reserve(header.total);
  const std::size_t wanted =
      header.header_size == 0 ? input.size() : std::min(input.size(), header.total - tail_.size());
  tail_.append(input.substr(0, wanted));
  input.remove_prefix(wanted);
  if (header.header_size == 0 || tail_.size() < header.total) return Status::NeedMore;
  tail_done_ = true;
  frame = {u8(tail_[0]), Bytes(tail_).substr(header.header_size), header.total};
  return Status::Frame;
}

}  // namespace mqtk::wire
