// Columns that line up: the first to the left, the others to the right.
#pragma once

#include <string>
#include <vector>

namespace mqtk::bench {

class TextTable {
 public:
  /// Cells are plain ASCII. A row may be shorter than others.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  /// Every row a line, `indent` spaces before it, two between columns, none at its end.
  std::string text(std::size_t indent = 0) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace mqtk::bench
