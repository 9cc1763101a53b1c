#include "base/units.hpp"

#include "support/catch.hpp"

namespace mqtk::test {

namespace {

std::string shown(std::string_view text) {
  const auto duration = parse_duration(text);
  return duration ? format_duration(*duration) : "none";
}

}  // namespace

TEST_CASE("durations") {
  CHECK(parse_duration("500ms") == Duration(500ms));
  CHECK(parse_duration("30s") == Duration(30s));
  CHECK(parse_duration("30") == Duration(30s));
  CHECK(parse_duration("0") == Duration(0s));
  CHECK(parse_duration("0.5") == Duration(500ms));
  CHECK(parse_duration("1.5s") == Duration(1500ms));
  CHECK(parse_duration(".5s") == Duration(500ms));
  CHECK(parse_duration("10m") == Duration(10min));
  CHECK(parse_duration("10min") == Duration(10min));
  CHECK(parse_duration("1h30m") == Duration(90min));
  CHECK(parse_duration("1h30m5s") == Duration(5405s));
  CHECK(parse_duration("2d") == Duration(48h));
  CHECK(parse_duration("7us") == Duration(7us));
  CHECK(parse_duration("9ns") == Duration(9ns));
  CHECK(parse_duration("100000d") == Duration(2400000h));
}

TEST_CASE("what is no duration") {
  for (const std::string_view text : {"",    " ",   "-1",   "-1s",     "+1s",
                                      "1 s", " 1s", "1s ",  "s",       "ms",
                                      "1x",  "1S",  "1h30", "30 1h",   "1..5s",
                                      ".",   ".s",  "1e3",  "1e3s",    "0x10",
                                      "nan", "inf", "1s2",  "200000d", "99999999999999999999",
                                      "1,5s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
  CHECK_FALSE(parse_duration(std::string(400, '9') + "s"));
}

TEST_CASE("sizes") {
  CHECK(parse_size("0") == 0U);
  CHECK(parse_size("100") == 100U);
  CHECK(parse_size("100B") == 100U);
  CHECK(parse_size("64KiB") == 65536U);
  CHECK(parse_size("64k") == 65536U);
  CHECK(parse_size("1.5KiB") == 1536U);
  CHECK(parse_size("1MB") == 1'000'000U);
  CHECK(parse_size("1kB") == 1000U);
  CHECK(parse_size("256MiB") == 268'435'456U);
  CHECK(parse_size("2GiB") == 2'147'483'648U);
  for (const std::string_view text : {"", "-1", "+1", "k", "KiB", "1 KiB", "1KiB ", "1kib", "1TiBx",
                                      "1e3", "1.2.3", "99999999999GiB", "0x10"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_size(text));
  }
}

TEST_CASE("rates") {
  CHECK(parse_rate("1000/s") == 1000.0);
  CHECK(parse_rate("1000") == 1000.0);
  CHECK(parse_rate("50k/s") == 50'000.0);
  CHECK(parse_rate("1.5M/s") == 1'500'000.0);
  CHECK(parse_rate("30/m") == 0.5);
  CHECK(parse_rate("60/min") == 1.0);
  CHECK(parse_rate("3600/h") == 1.0);
  CHECK(parse_rate("0.1") == 0.1);
  for (const std::string_view text :
       {"", "/s", "k/s", "-1/s", "1/d", "1 /s", "1/s ", "1/", "1x/s", "1k/ss", "nan"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rate(text));
  }
}

TEST_CASE("numbers") {
  CHECK(parse_number("0", 0, 65535) == 0U);
  CHECK(parse_number("65535", 0, 65535) == 65535U);
  CHECK(parse_number("007", 1, 10) == 7U);
  CHECK(parse_number("18446744073709551615", 0, UINT64_MAX) == UINT64_MAX);
  CHECK_FALSE(parse_number("65536", 0, 65535));
  CHECK_FALSE(parse_number("0", 1, 65535));
  CHECK_FALSE(parse_number("18446744073709551616", 0, UINT64_MAX));
  for (const std::string_view text : {"", " 1", "1 ", "+1", "-1", "1.0", "1e3", "0x1", "one"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number(text, 0, UINT64_MAX));
  }
}

TEST_CASE("durations as we print them") {
  CHECK(format_duration(Duration(0)) == "0s");
  CHECK(format_duration(999ns) == "999ns");
  CHECK(format_duration(1500ns) == "1.5us");
  CHECK(format_duration(250ms) == "250ms");
  CHECK(format_duration(1500ms) == "1.5s");
  CHECK(format_duration(30s) == "30s");
  CHECK(format_duration(150s) == "2m30s");
  CHECK(format_duration(60s) == "1m");
  CHECK(format_duration(3600s) == "1h");
  CHECK(format_duration(3605s) == "1h5s");
  CHECK(format_duration(90min) == "1h30m");
  CHECK(format_duration(48h) == "48h");
}

TEST_CASE("durations just below the next unit") {
  CHECK(format_duration(Duration(59'960'000'000)) == "1m");
  CHECK(format_duration(Duration(999'600'000)) == "1s");
  CHECK(format_duration(Duration(999'600)) == "1ms");
  CHECK(format_duration(Duration(9'960'000)) == "10ms");
}

TEST_CASE("a printed duration can be typed in again") {
  for (const std::string_view text :
       {"1ns", "1us", "1.5us", "5ms", "250ms", "1s", "1.5s", "1m", "2m30s", "1h", "1h30m"}) {
    CAPTURE(text);
    CHECK(shown(text) == text);
  }
}

TEST_CASE("sizes as we print them") {
  CHECK(format_size(0) == "0 B");
  CHECK(format_size(512) == "512 B");
  CHECK(format_size(1023) == "1023 B");
  CHECK(format_size(1024) == "1.0 KiB");
  CHECK(format_size(65536) == "64.0 KiB");
  CHECK(format_size(1536) == "1.5 KiB");
  CHECK(format_size(1048576) == "1.0 MiB");
  CHECK(format_size(std::uint64_t{5} << 40U) == "5120.0 GiB");
}

TEST_CASE("sizes just below the next unit") {
  CHECK(format_size(1024 * 1024 - 1) == "1.0 MiB");
  CHECK(format_size(1024ULL * 1024 * 1024 - 1) == "1.0 GiB");
}

}  // namespace mqtk::test
