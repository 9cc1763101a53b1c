// Numbered lines of an input that comes in blocks.
#pragma once

#include "base/error.hpp"
#include "pub/block_reader.hpp"
#include "pub/line_splitter.hpp"

namespace mqtk::pub {

class LineReader {
 public:
  enum class Next : std::uint8_t { Line, Wait, End, Failed };

  /// `input` outlives this.
  explicit LineReader(BlockInput& input, char line_end = '\n')
      : input_(input), splitter_(line_end) {}

  /// The next line, valid until the next call.
  Next next(TextLine& line);
  /// Of the line handed out last, from 1; of the place that cannot be read after Next::Failed.
  std::uint64_t number() const { return number_; }
  const Error& error() const { return error_; }
  /// How much of the input has been read, where its size is known.
  std::optional<double> fraction() const { return input_.fraction(); }

 private:
  BlockInput& input_;
  LineSplitter splitter_;
  std::uint64_t number_ = 0;
  bool failed_ = false;
  Error error_;
};

}  // namespace mqtk::pub
