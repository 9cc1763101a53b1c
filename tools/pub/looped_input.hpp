// --loop: a file that is read again from its beginning, a number of times or for ever.
#pragma once

#include <functional>
#include <memory>

#include "pub/block_reader.hpp"

namespace mqtk::pub {

class LoopedInput final : public BlockInput {
 public:
  /// `again` opens the input for its next round. `rounds` 0: for ever; it ends all the same after a
  /// round that brought nothing.
  LoopedInput(std::function<std::unique_ptr<BlockInput>()> again, std::uint64_t rounds)
      : again_(std::move(again)), rounds_(rounds), input_(again_()) {}

  Status take(Bytes& block) override;
  int error_code() const override { return input_->error_code(); }
  std::optional<double> fraction() const override;

 private:
  std::function<std::unique_ptr<BlockInput>()> again_;
  std::uint64_t rounds_;
  std::uint64_t done_ = 0;
  bool anything_ = false;   ///< in this round
  bool line_open_ = false;  ///< the last octet was no line end
  std::unique_ptr<BlockInput> input_;
};

}  // namespace mqtk::pub
