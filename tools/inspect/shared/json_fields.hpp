// A JSON document as a list of its values, each with the path to it: ".a.b[2].c". Numbers stay as
// they were written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace mqtk::inspect {

struct JsonField {
  std::string path;   ///< ".": the document is this value alone
  std::string value;  ///< as written; of a string, what it says
  bool text = false;  ///< it is a string
  /// Of a number, of true and false as 1 and 0, and of a string that is a number.
  std::optional<double> number() const;
};

/// Values only, no containers (an empty one counts as "{}" or "[]"), at most `limit` of them;
/// nullopt when it is no JSON.
std::optional<std::vector<JsonField>> json_fields(Bytes document, std::size_t limit = 1000);

/// Blocks of eight heights, one for each number, the least lowest.
std::string sparkline(const std::vector<double>& numbers);

}  // namespace mqtk::inspect
