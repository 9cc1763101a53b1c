// Lists of words in one literal, as flag tables have them. Private to this room.
#pragma once

#include <string>
#include <string_view>

namespace mqtk {

/// Calls `each(word)` for the words of `words`, which single spaces separate.
template <typename Each>
void for_each_word(std::string_view words, Each each) {
  while (!words.empty()) {
    const auto end = words.find(' ');
    each(words.substr(0, end));
    words = end == std::string_view::npos ? std::string_view() : words.substr(end + 1);
  }
}

inline bool has_word(std::string_view words, std::string_view word) {
  bool found = false;
  for_each_word(words, [&](std::string_view one) { found |= one == word; });
  return found;
}

/// ASCII letters in lower case.
inline std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// The groups of a table in the order in which they appear, each once: each(group).
template <typename Table, typename Each>
void for_each_group(const Table& table, Each each) {
  for (auto flag = table.begin(); flag != table.end(); ++flag) {
    bool seen = false;
    for (auto before = table.begin(); before != flag; ++before)
      seen |= before->group == flag->group;
    if (!seen) each(flag->group);
  }
}

}  // namespace mqtk
