// Takes octets off the front of a payload. After the first fault every read yields nothing, so that
// a decoder reads straight through; the fault says where it lies.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mqtk {

class OctetReader {
 public:
  explicit OctetReader(Bytes data) : data_(data) {}

  bool ok() const { return what_.empty(); }
  bool at_end() const { return at_ == data_.size(); }
  std::size_t left() const { return data_.size() - at_; }
  std::size_t at() const { return at_; }
  /// Keeps the first fault only. `what` is a literal.
  void fail(std::string_view what) {
    if (ok()) what_ = what;
  }

  Bytes take(std::uint64_t size) {
    if (!ok()) return {};
    if (size > left()) {
      fail("it ends too early");
      return {};
    }
    const Bytes taken = data_.substr(at_, static_cast<std::size_t>(size));
    at_ += taken.size();
    return taken;
  }
  /// A number of `size` octets, 1 to 8, the first counting most; 0 after a fault.
  std::uint64_t number(unsigned size) {
    std::uint64_t value = 0;
    for (const char c : take(size)) value = (value << 8U) | u8(c);
    return value;
  }
  float float32() { return std::bit_cast<float>(static_cast<std::uint32_t>(number(4))); }
  double float64() { return std::bit_cast<double>(number(8)); }
  /// The next octet without taking it; 0 at the end.
  std::uint8_t peek() const { return ok() && !at_end() ? u8(data_[at_]) : std::uint8_t{0}; }

  /// "octet 17: it ends too early"; of kind BadInput.
  Result<void> finish() {
    if (ok() && !at_end()) fail("octets are left over");
    if (ok()) return {};
    return mqtk::fail(ErrorKind::BadInput,
                      "octet " + std::to_string(at_) + ": " + std::string(what_));
  }

 private:
  Bytes data_;
  std::size_t at_ = 0;
  std::string_view what_;
};

}  // namespace mqtk
