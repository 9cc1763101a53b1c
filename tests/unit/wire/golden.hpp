// Packets with their bytes, worked out by hand from the specification.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wire/codec.hpp"

namespace mqtk::test {

using namespace mqtk::wire;

inline constexpr auto V31 = ProtocolVersion::V31;
inline constexpr auto V311 = ProtocolVersion::V311;
inline constexpr auto V5 = ProtocolVersion::V5;

/// The bytes of hex text (fuzz/hex_text.hpp); a text that is none fails the test.
std::string bytes_of(std::string_view hex_text);

/// A body in a heap block of exactly its size: with AddressSanitizer, one octet too far is found.
class BodyCopy {
 public:
  explicit BodyCopy(Bytes body);
  Bytes bytes() const { return {data_.get(), size_}; }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t size_;
};

struct Golden {
  std::string_view name;
  ProtocolVersion version;
  std::string_view bytes;  ///< hex text
  Packet packet;
  /// Sizes to which the body can be cut and still be a legal packet: a shorter payload, a string
  /// less.
  std::vector<std::size_t> legal_cuts{};
};

const std::vector<Golden>& golden_packets();

}  // namespace mqtk::test
