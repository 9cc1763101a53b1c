// Lines out of blocks of bytes. A line that lies whole in one block is handed out in place; only
// one that crosses blocks is copied together. The line end is cut off, a carriage return is not;
// NUL is an octet like any other, unless it is what ends the lines.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.hpp"

namespace mqtk::pub {

struct TextLine {
  Bytes text;
  std::shared_ptr<const std::string> owner;  ///< set for a long line; `text` is inside
};

class LineSplitter {
 public:
  explicit LineSplitter(char line_end = '\n') : line_end_(line_end) {}
  /// The block stays valid until next() or finish() has said false.
  void feed(Bytes block) { block_ = block; }
  /// The next whole line, valid until the next call of a member; false: feed() the next block.
  bool next(TextLine& line);
  /// At the end of the input: the last line when it has no end; false: there is none.
  bool finish(TextLine& line);
  /// Octets of the line whose end has not come yet.
  std::size_t pending() const { return carried_ ? 0 : carry_.size(); }

 private:
  void hand_out_carry(TextLine& line);

  char line_end_;
  Bytes block_;
  std::string carry_;
  bool carried_ = false;  ///< carry_ is the line handed out last
};

}  // namespace mqtk::pub
