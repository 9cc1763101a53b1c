#include "options/toml_depth.hpp"

#include <algorithm>
#include <cstddef>

namespace mqtk {

namespace {

/// Behind the string that begins at `at`, or the end of its line where it has no end.
std::size_t behind_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool escapes = quote == '"';
  const std::string_view three = escapes ? std::string_view("\"\"\"") : "'''";
  const bool lines = text.substr(at).starts_with(three);
  for (at += lines ? 3 : 1; at < text.size(); ++at) {
    if (escapes && text[at] == '\\') {
      ++at;
    } else if (lines ? text.substr(at).starts_with(three) : text[at] == quote) {
      return at + (lines ? 3 : 1);
    } else if (!lines && text[at] == '\n') {
      return at;
    }
  }
  return text.size();
}

}  // namespace

unsigned too_deep_toml_line(std::string_view text) {
  unsigned line = 1;
  unsigned parts = 1;  ///< of the key; a number has two at most
  unsigned nested = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      const std::size_t end = std::min(behind_string(text, at), text.size());
      line +=
          static_cast<unsigned>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                                           text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
      at = end;
      continue;
    }
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (c == '\n') ++line;
    if (c == '.') ++parts;
    if (c == '\n' || c == '=' || c == ',') parts = 1;
    if (c == '[' || c == '{') ++nested;
    if ((c == ']' || c == '}') && nested > 0) --nested;
    if (parts > kMaxTomlDepth || nested > kMaxTomlDepth) return line;
    ++at;
  }
  return 0;
}

}  // namespace mqtk
