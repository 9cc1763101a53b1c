// The wire format of Protocol Buffers: the fields of one message, in order. What is a number, a
// string or a message of its own only the reader's caller knows.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace mqtk {

class ProtobufReader {
 public:
  enum class Wire : std::uint8_t { Varint = 0, Fixed64 = 1, Octets = 2, Fixed32 = 5 };
  struct Field {
    std::uint32_t number = 0;
    Wire wire = Wire::Varint;
    std::uint64_t value = 0;  ///< Varint, Fixed64, Fixed32
    Bytes octets;             ///< Octets
  };

  explicit ProtobufReader(Bytes message) : left_(message) {}

  /// False at the end, and after a fault.
  bool next(Field& field);
  bool faulty() const { return faulty_; }

 private:
  bool varint(std::uint64_t& value);
  bool fixed(unsigned size, std::uint64_t& value);
  bool fault();

  Bytes left_;
  bool faulty_ = false;
};

}  // namespace mqtk
