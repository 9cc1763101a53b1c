// Floating-point numbers as text. Everything that reads or writes one comes here: the standard
// library of some systems lacks these functions, and those of C follow the locale.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mqtk {

/// The decimal number at the front of `text`: "12", "-1.5", ".5", "2e3"; neither a plus sign nor
/// "inf", "nan" or hexadecimal digits. What was read is taken off `text`. Nothing is taken, and
/// nothing returned, when there is no number or a double cannot hold it (1e400, 1e-400).
std::optional<double> take_double(std::string_view& text);

/// All of `text` as such a number; never infinite, never "not a number".
std::optional<double> parse_double(std::string_view text);

/// The shortest text that is read as the same number again; without an exponent where that takes at
/// most 64 characters.
std::string double_text(double number);

/// What stands in for the standard library where that lacks it. For the tests, which compare both.
namespace portable {
std::optional<double> take_double(std::string_view& text);
std::string double_text(double number);
}  // namespace portable

}  // namespace mqtk
