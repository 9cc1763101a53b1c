// JSON laid out again without re-writing it: on one line for records, or indented and coloured for
// people. Digits, order of keys and escapes stay as they are; characters that a terminal would act
// upon become \uXXXX.
#pragma once

#include <string>

#include "base/bytes.hpp"

namespace mqtk {

/// What becomes of characters in strings that a terminal would act upon.
enum class Escapes : std::uint8_t { Safe, AsTheyAre };

/// Appends `json`, which must be JSON, without white space between its pieces.
void append_json_line(std::string& out, Bytes json, Escapes escapes = Escapes::Safe);

struct JsonLayout {
  bool color = false;
  /// Show no more than so many octets of the document; 0: all.
  std::size_t limit = 0;
};

/// Appends `json`, which must be JSON, indented by two; short lists of numbers stay on one line.
/// Answers how many octets of it are shown: its size, or the place where it stopped at the limit.
std::size_t append_json_indented(std::string& out, Bytes json, const JsonLayout& layout);

}  // namespace mqtk
