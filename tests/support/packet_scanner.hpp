// Follows a stream of MQTT packets as it passes by: says where each begins and ends, and holds
// nothing back. Whoever needs whole packets uses wire/framer.hpp.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "wire/types.hpp"

namespace mqtk {

class PacketScanner {
 public:
  /// Octets of one packet, or of no packet at all when !is_mqtt().
  struct Piece {
    Bytes octets;
    bool begins = false;  ///< its first octet is the packet's
    bool ends = false;    ///< its last octet is the packet's
  };

  /// Keeps up to `capture` octets of every packet, from its first on.
  explicit PacketScanner(std::size_t capture) : capture_(capture) {}

  /// Takes what belongs to one packet off `input`, which is not empty.
  Piece next(Bytes& input);

  /// False from the first octets on that cannot be MQTT.
  bool is_mqtt() const { return is_mqtt_; }
  /// From now on everything is one stream of octets.
  void give_up() { is_mqtt_ = false; }

  /// Of the packet that the last piece belongs to.
  std::uint8_t first() const { return first_; }
  wire::PacketType type() const { return static_cast<wire::PacketType>(first_ >> 4U); }
  /// Whole size, fixed header included; once the header has passed.
  std::size_t size() const { return size_; }
  std::size_t header_size() const { return header_size_; }
  Bytes captured() const { return captured_; }

 private:
  std::size_t read_header(Bytes input);

  std::size_t capture_;
  bool is_mqtt_ = true;
  bool in_packet_ = false;
  bool header_done_ = false;
  std::uint8_t first_ = 0;
  std::size_t header_size_ = 0;
  std::size_t size_ = 0;  ///< while the header is not complete: of the rest, as far as read
  std::size_t passed_ = 0;
  std::string captured_;
};

}  // namespace mqtk
