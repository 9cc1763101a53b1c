#include "base/spelling.hpp"

#include <algorithm>
#include <vector>

namespace mqtk {

std::size_t spelling_distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> table((a.size() + 1) * width);
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      std::size_t& here = table[i * width + j];
      if (i == 0 || j == 0) {
        here = i + j;
        continue;
      }
      const std::size_t* above = &here - width;
      here =
          std::min({above[-1] + (a[i - 1] == b[j - 1] ? 0U : 1U), above[0] + 1, (&here)[-1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        here = std::min(here, table[(i - 2) * width + j - 2] + 1);
      }
    }
  }
  return table.back();
}

}  // namespace mqtk
