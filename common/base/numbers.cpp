#include "base/numbers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace mqtk {

namespace {

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return end - at;
}

/// How many octets at the front are a decimal number; 0: there is none.
std::size_t decimal_size(std::string_view text) {
  std::size_t at = !text.empty() && text.front() == '-' ? 1 : 0;
  const std::size_t whole = digits_at(text, at);
  at += whole;
  std::size_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    fraction = digits_at(text, at + 1);
    if (whole + fraction > 0) at += 1 + fraction;
  }
  if (whole + fraction == 0) return 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t exponent = at + 1;
    if (exponent < text.size() && (text[exponent] == '-' || text[exponent] == '+')) ++exponent;
    const std::size_t digits = digits_at(text, exponent);
    if (digits > 0) at = exponent + digits;
  }
  return at;
}

/// Reads what decimal_size() found; the point that the locale asks for is put in its place.
double read_with_c_library(std::string text) {
  const std::size_t point = text.find('.');
  if (point != std::string::npos) {
    std::array<char, 8> half{};
    std::snprintf(half.data(), half.size(), "%.1f", 0.5);
    text[point] = half[1];
  }
  return std::strtod(text.c_str(), nullptr);
}

bool is_zero(std::string_view decimal) {
  return decimal.substr(0, decimal.find_first_of("eE")).find_first_of("123456789") ==
         std::string_view::npos;
}

enum class Form : std::uint8_t { Fixed, Scientific };

std::string printed(Form form, int precision, double number) {
  std::array<char, 400> text{};
  const int size = form == Form::Fixed
                       ? std::snprintf(text.data(), text.size(), "%.*f", precision, number)
                       : std::snprintf(text.data(), text.size(), "%.*e", precision, number);
  std::string out(text.data(), std::min(text.size() - 1, static_cast<std::size_t>(size)));
  for (char& c : out) {
    if (c == ',') c = '.';
  }
  return out;
}

constexpr std::size_t kLongestPlain = 64;

#if defined(__cpp_lib_to_chars) && __cpp_lib_to_chars >= 201611L
std::size_t read_double(std::string_view decimal, double& number) {
  const auto [end, error] =
      std::from_chars(decimal.data(), decimal.data() + decimal.size(), number);
  return error == std::errc() ? static_cast<std::size_t>(end - decimal.data()) : 0;
}
#endif

}  // namespace

namespace portable {

std::optional<double> take_double(std::string_view& text) {
  const std::string_view decimal = text.substr(0, decimal_size(text));
  if (decimal.empty()) return std::nullopt;
  const double number = read_with_c_library(std::string(decimal));
  if (std::isinf(number) || (number == 0.0 && !is_zero(decimal))) return std::nullopt;
  text.remove_prefix(decimal.size());
  return number;
}

std::string double_text(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  std::string shortest;
  int digits = 0;
  std::optional<double> again;
  do {
    shortest = printed(Form::Scientific, digits++, number);
    std::string_view rest = shortest;
    again = take_double(rest);
  } while (digits < 17 && again != number);
  // As many digits behind the point as the shortest form has; none is invented.
  const int exponent = std::atoi(shortest.c_str() + shortest.find('e') + 1);
  const int behind = digits - 1 - exponent;
  if (behind < 0) {
    std::string whole = printed(Form::Fixed, 0, number);
    return whole.size() <= kLongestPlain ? whole : shortest;
  }
  std::string plain = printed(Form::Fixed, behind, number);
  return plain.size() <= kLongestPlain ? plain : shortest;
}

}  // namespace portable

#if defined(__cpp_lib_to_chars) && __cpp_lib_to_chars >= 201611L

std::optional<double> take_double(std::string_view& text) {
  const std::string_view decimal = text.substr(0, decimal_size(text));
  double number = 0;
  if (decimal.empty() || read_double(decimal, number) != decimal.size()) return std::nullopt;
  text.remove_prefix(decimal.size());
  return number;
}

std::string double_text(double number) {
  std::array<char, kLongestPlain> text{};
  char* const end = text.data() + text.size();
  auto done = std::to_chars(text.data(), end, number, std::chars_format::fixed);
  if (done.ec != std::errc()) {
    done = std::to_chars(text.data(), end, number, std::chars_format::scientific);
  }
  return {text.data(), done.ptr};
}

#else

std::optional<double> take_double(std::string_view& text) {
  return portable::take_double(text);
}

std::string double_text(double number) {
  return portable::double_text(number);
}

#endif

std::optional<double> parse_double(std::string_view text) {
  const auto number = take_double(text);
  return text.empty() ? number : std::nullopt;
}

}  // namespace mqtk
