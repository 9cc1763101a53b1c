#include "bench/results/percentiles.hpp"

#include <algorithm>

#include "base/units.hpp"

namespace mqtk::bench {

std::optional<double> parse_percentile(std::string_view word) {
  if (!word.starts_with('p')) return std::nullopt;
  std::string digits(word.substr(1));
  std::ranges::replace(digits, '_', '.');
  // A rate without a unit is a plain decimal number.
  if (digits.find_first_not_of("0123456789.") != std::string::npos) return std::nullopt;
  const auto percent = parse_rate(digits);
  if (!percent || *percent <= 0 || *percent > 100) return std::nullopt;
  return percent;
}

}  // namespace mqtk::bench
