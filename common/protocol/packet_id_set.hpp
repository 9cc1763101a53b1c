// A set of packet identifiers: a bit each, allocated on first use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mqtk {

class PacketIdSet {
 public:
  bool contains(std::uint16_t id) const { return !bits_.empty() && bits_[id]; }
  void insert(std::uint16_t id) {
    if (bits_.empty()) bits_.resize(65'536);
    if (!bits_[id]) ++size_;
    bits_[id] = true;
  }
  void erase(std::uint16_t id) {
    if (!contains(id)) return;
    bits_[id] = false;
    --size_;
  }
  void clear() {
    if (size_ > 0) bits_.assign(bits_.size(), false);
    size_ = 0;
  }
  std::size_t size() const { return size_; }

 private:
  std::vector<bool> bits_;
  std::size_t size_ = 0;
};

}  // namespace mqtk
