// A small terminal: it reads what a program wrote to one (TERM=vt100) and says what stands on its
// screen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mqtk::test {

class Screen {
 public:
  Screen(std::size_t rows, std::size_t columns)
      : columns_(columns), lines_(rows, Line(columns, " ")), bottom_(rows - 1) {}

  void write(std::string_view text);
  /// Line by line, without spaces at their ends.
  std::string text() const;

 private:
  using Line = std::vector<std::string>;  ///< a character a cell
  void control(char final, std::string_view parameters);
  void put(char c);
  void line_feed();
  void reverse_line_feed();
  void erase(std::size_t row, std::size_t from, std::size_t to);

  std::size_t columns_;
  std::vector<Line> lines_;
  std::size_t top_ = 0, bottom_;  ///< the region that scrolls
  std::size_t row_ = 0, column_ = 0;
  std::string pending_;  ///< an escape sequence that is not complete
};

}  // namespace mqtk::test
