#include "pub/line_splitter.hpp"

#include <cstring>

namespace mqtk::pub {

namespace {
/// From this size on a line is handed over with its owner instead of being copied again.
constexpr std::size_t kOwnedLine = 64 * 1024;
}  // namespace

bool LineSplitter::next(TextLine& line) {
  if (carried_) {
    carry_.clear();
    carried_ = false;
  }
  if (block_.empty()) return false;
  const auto* end = static_cast<const char*>(std::memchr(block_.data(), line_end_, block_.size()));
  if (end == nullptr) {
    carry_.append(block_);
    block_ = {};
    return false;
  }
  const auto size = static_cast<std::size_t>(end - block_.data());
  const Bytes text = block_.substr(0, size);
  block_.remove_prefix(size + 1);
  if (carry_.empty()) {
    line.text = text;
    line.owner.reset();
  } else {
    carry_.append(text);
    hand_out_carry(line);
  }
  return true;
}

bool LineSplitter::finish(TextLine& line) {
  if (pending() == 0) return false;
  hand_out_carry(line);
  return true;
}

void LineSplitter::hand_out_carry(TextLine& line) {
  if (carry_.size() < kOwnedLine) {
    line.text = carry_;
    line.owner.reset();
  } else {
    line.owner = std::make_shared<const std::string>(std::move(carry_));
    line.text = *line.owner;
    carry_ = {};
  }
  carried_ = true;
}

}  // namespace mqtk::pub
