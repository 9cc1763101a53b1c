#include "pub/looped_input.hpp"

namespace mqtk::pub {

BlockInput::Status LoopedInput::take(Bytes& block) {
  const Status status = input_->take(block);
  if (status == Status::Data) {
    anything_ = true;
    line_open_ = block.back() != '\n';
  }
  if (status != Status::End || !anything_ || ++done_ == rounds_) return status;
  anything_ = false;
  // A thread reads in there: the old one ends before the new one begins.
  input_.reset();
  input_ = again_();
  if (!line_open_) return take(block);
  line_open_ = false;
  block = "\n";
  return Status::Data;
}

std::optional<double> LoopedInput::fraction() const {
  const auto round = input_->fraction();
  if (!round || rounds_ == 0) return std::nullopt;
  return (static_cast<double>(done_) + *round) / static_cast<double>(rounds_);
}

}  // namespace mqtk::pub
