// A place inside a JSON document, and the value that stands there as it is written. Two ways to
// write one: .a.b[0] and ["odd key"], "." being the whole document; or a pointer /a/b/0 (RFC 6901).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mqtk {

class JsonPath {
 public:
  /// Errors are of kind Usage and say what is wrong with the path.
  static Result<JsonPath> parse(std::string_view text);

  /// The value's text, a slice of `document`, which must be JSON; of equal keys the last counts.
  /// Empty: there is nothing there.
  Bytes find(Bytes document) const;

 private:
  struct Step {
    std::string key;
    std::optional<std::size_t> index;
    bool is_key = true;
  };

  static Result<JsonPath> parse_pointer(std::string_view text);
  static Result<JsonPath> parse_dotted(std::string_view text);

  std::vector<Step> steps_;
};

}  // namespace mqtk
