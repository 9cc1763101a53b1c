#include "support/screen.hpp"

#include <algorithm>
#include <cstdlib>

namespace mqtk::test {

void Screen::line_feed() {
  if (row_ != bottom_) {
    row_ = std::min(row_ + 1, lines_.size() - 1);
    return;
  }
  const auto begin = lines_.begin();
  lines_.erase(begin + static_cast<std::ptrdiff_t>(top_));
  lines_.insert(begin + static_cast<std::ptrdiff_t>(bottom_), Line(columns_, " "));
}

void Screen::reverse_line_feed() {
  if (row_ != top_) {
    row_ -= row_ > 0 ? 1 : 0;
    return;
  }
  const auto begin = lines_.begin();
  lines_.erase(begin + static_cast<std::ptrdiff_t>(bottom_));
  lines_.insert(begin + static_cast<std::ptrdiff_t>(top_), Line(columns_, " "));
}

void Screen::put(char c) {
  if ((static_cast<unsigned char>(c) & 0xC0U) == 0x80) {
    if (column_ > 0) lines_[row_][column_ - 1] += c;
    return;
  }
  if (column_ >= columns_) {
    column_ = 0;
    line_feed();
  }
  lines_[row_][column_++] = std::string(1, c);
}

void Screen::erase(std::size_t row, std::size_t from, std::size_t to) {
  std::fill(lines_[row].begin() + static_cast<std::ptrdiff_t>(from),
            lines_[row].begin() + static_cast<std::ptrdiff_t>(to), " ");
}

void Screen::control(char final, std::string_view parameters) {
  std::vector<std::size_t> numbers;
  std::size_t at = 0;
  while (at <= parameters.size()) {
    const std::size_t end = std::min(parameters.find(';', at), parameters.size());
    numbers.push_back(
        std::strtoul(std::string(parameters.substr(at, end - at)).c_str(), nullptr, 10));
    at = end + 1;
  }
  // Behind the last column, the cursor stands on it until the next character.
  column_ = std::min(column_, columns_ - 1);
  const std::size_t first = numbers[0];
  const std::size_t count = std::max<std::size_t>(first, 1);
  switch (final) {
    case 'H':
    case 'f':
      row_ = std::min(count, lines_.size()) - 1;
      column_ =
          std::min(numbers.size() > 1 ? std::max<std::size_t>(numbers[1], 1) : 1, columns_) - 1;
      break;
    case 'A':
      row_ -= std::min(row_, count);
      break;
    case 'B':
      row_ = std::min(row_ + count, lines_.size() - 1);
      break;
    case 'C':
      column_ = std::min(column_ + count, columns_ - 1);
      break;
    case 'D':
      column_ -= std::min(column_, count);
      break;
    case 'J':
      if (first == 0) {
        erase(row_, column_, columns_);
        for (std::size_t row = row_ + 1; row < lines_.size(); ++row) erase(row, 0, columns_);
      } else {
        const std::size_t last = first == 2 ? lines_.size() : row_;
        for (std::size_t row = 0; row < last; ++row) erase(row, 0, columns_);
        if (first == 1) erase(row_, 0, column_ + 1);
      }
      break;
    case 'K':
      erase(row_, first == 0 ? column_ : 0, first == 1 ? column_ + 1 : columns_);
      break;
    case 'r':
      top_ = count - 1;
      bottom_ = (numbers.size() > 1 && numbers[1] > 0 ? numbers[1] : lines_.size()) - 1;
      row_ = column_ = 0;
      break;
    default:
      break;
  }
}

void Screen::write(std::string_view text) {
  for (const char c : text) {
    if (!pending_.empty()) {
      pending_ += c;
      const bool bracket = pending_.size() > 1 && pending_[1] == '[';
      if (bracket && (pending_.size() == 2 || c < 0x40)) continue;
      // ESC ( B and the like take one octet more.
      if (pending_.size() == 2 && (c == '(' || c == ')')) continue;
      if (pending_.size() == 2 && c == 'M') reverse_line_feed();
      if (bracket) control(c, std::string_view(pending_).substr(2, pending_.size() - 3));
      pending_.clear();
    } else if (c == '\x1B') {
      pending_ = c;
    } else if (c == '\r') {
      column_ = 0;
    } else if (c == '\n') {
      line_feed();
    } else if (c == '\b') {
      column_ = std::min(column_, columns_ - 1);
      column_ -= column_ > 0 ? 1 : 0;
    } else if (c == '\t') {
      column_ = std::min((column_ / 8 + 1) * 8, columns_ - 1);
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      put(c);
    }
  }
}

std::string Screen::text() const {
  std::string out;
  for (const Line& cells : lines_) {
    std::string line;
    for (const std::string& cell : cells) line += cell;
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace mqtk::test
