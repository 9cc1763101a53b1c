#include "base/numbers.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "support/catch.hpp"

namespace mqtk {
namespace {

constexpr double kGreatest = std::numeric_limits<double>::max();
constexpr double kLeast = std::numeric_limits<double>::denorm_min();

TEST_CASE("decimal numbers are read whole") {
  CHECK(parse_double("0") == 0.0);
  CHECK(parse_double("-1.5") == -1.5);
  CHECK(parse_double(".5") == 0.5);
  CHECK(parse_double("5.") == 5.0);
  CHECK(parse_double("2e3") == 2000.0);
  CHECK(parse_double("2E+3") == 2000.0);
  CHECK(parse_double("1.276020076001e+09") == 1276020076.001);
  CHECK(parse_double("1.7976931348623157e308") == kGreatest);
  CHECK(parse_double("5e-324") == kLeast);
  CHECK(parse_double("0e-999") == 0.0);
  CHECK(std::signbit(*parse_double("-0")));
}

TEST_CASE("what is no finite decimal number is none") {
  for (const char* text : {"", "-", ".", "-.", "e3", "+1", " 1", "1 ", "1x", "0x10", "inf", "-inf",
                           "nan", "1,5", "1e400", "-1e400", "1e-400", "1e", "1e+"}) {
    INFO(text);
    CHECK_FALSE(parse_double(text));
  }
}

TEST_CASE("a number at the front is taken off, and what is no exponent stays") {
  const auto rest_of = [](std::string_view text) {
    CHECK(take_double(text));
    return text;
  };
  CHECK(rest_of("12 seconds") == " seconds");
  CHECK(rest_of("2.0.11") == ".11");
  CHECK(rest_of("1e") == "e");
  CHECK(rest_of("1e+x") == "e+x");
  std::string_view text = "x1";
  CHECK_FALSE(take_double(text));
  CHECK(text == "x1");
}

TEST_CASE("a number of many digits is one number") {
  CHECK(parse_double("1" + std::string(200, '0')) == 1e200);
  CHECK(parse_double("0." + std::string(1'000'000, '0') + "1") == std::nullopt);
  CHECK(parse_double(std::string(1'000'000, '9')) == std::nullopt);
}

TEST_CASE("text of a number is the shortest that is read as the same") {
  CHECK(double_text(0) == "0");
  CHECK(double_text(-0.0) == "-0");
  CHECK(double_text(0.1) == "0.1");
  CHECK(double_text(0.003) == "0.003");
  CHECK(double_text(-273.15) == "-273.15");
  CHECK(double_text(1e15) == "1000000000000000");
  CHECK(double_text(1e300) == "1e+300");
  CHECK(double_text(5e-324) == "5e-324");
}

TEST_CASE("with and without the library's functions the same numbers come out") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t bits = random();
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    if (!std::isfinite(number)) continue;
    if (i % 2 == 0) number = std::round(std::fmod(number, 1e6) * 1000) / 1000;
    const std::string text = double_text(number);
    REQUIRE(portable::double_text(number) == text);
    REQUIRE(parse_double(text) == number);
    std::string_view rest = text;
    REQUIRE(portable::take_double(rest) == number);
    REQUIRE(rest.empty());
  }
  for (const char* text : {"", "-", "1e400", "1e-400", "0e-400", "1.5e", "12abc", "-.5"}) {
    INFO(text);
    std::string_view one = text;
    std::string_view other = text;
    CHECK(take_double(one) == portable::take_double(other));
    CHECK(one == other);
  }
}

}  // namespace
}  // namespace mqtk
