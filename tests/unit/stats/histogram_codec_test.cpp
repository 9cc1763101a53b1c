#include "stats/histogram_codec.hpp"

#include <random>

#include "support/catch.hpp"

namespace mqtk::test {

namespace {

Histogram sample_histogram() {
  Histogram out;
  std::mt19937_64 random(3);
  std::lognormal_distribution<double> latency(13, 3);
  for (int i = 0; i < 10'000; ++i) out.record(static_cast<std::uint64_t>(latency(random)));
  out.record_n(1'000'000, 1'000'000'000'000);
  return out;
}

std::string with(std::string octets, std::size_t at, char value) {
  octets[at] = value;
  return octets;
}

}  // namespace

TEST_CASE("a histogram comes back from its octets and its text") {
  for (const Histogram& histogram : {Histogram(), sample_histogram()}) {
    const auto plain = decode_histogram(encode_histogram(histogram));
    REQUIRE(plain);
    CHECK(*plain == histogram);
    const auto text = parse_histogram(histogram_text(histogram));
    REQUIRE(text);
    CHECK(*text == histogram);
    CHECK(histogram_text(histogram).starts_with("HISTFAAA"));
  }
  Histogram other({.lowest = 1, .highest = 100'000, .digits = 2});
  other.record_n(77'777, 3);
  const auto back = parse_histogram(histogram_text(other));
  REQUIRE(back);
  CHECK(*back == other);
}

TEST_CASE("the octets are those of the V2 encoding") {
  Histogram histogram({.lowest = 1, .highest = 3'600'000'000, .digits = 3});
  histogram.record(0);
  histogram.record(2);
  histogram.record_n(5, 64);
  CHECK(to_hex(encode_histogram(histogram)) ==
        "1c849313"          // mark
        "00000006"          // length of the counts
        "00000000"          // shift
        "00000003"          // digits
        "0000000000000001"  // lowest
        "00000000d693a400"  // highest
        "3ff0000000000000"  // factor
        "02"                // 1
        "00"                // one zero
        "02"                // 1
        "03"                // two zeros
        "8001");            // 64
}

TEST_CASE("a count of nine octets") {
  Histogram histogram;
  histogram.record_n(5'000, (std::uint64_t{1} << 62U) + 12'345);
  const auto back = decode_histogram(encode_histogram(histogram));
  REQUIRE(back);
  CHECK(*back == histogram);
}

TEST_CASE("damaged histograms are refused") {
  const std::string good = encode_histogram(sample_histogram());
  REQUIRE(decode_histogram(good));
  CHECK_FALSE(decode_histogram(""));
  CHECK_FALSE(decode_histogram(good.substr(0, 39)));
  CHECK_FALSE(decode_histogram(good.substr(0, good.size() - 1)));
  CHECK_FALSE(decode_histogram(good + '\0'));
  CHECK_FALSE(decode_histogram(with(good, 3, '\x14')));
  CHECK_FALSE(decode_histogram(with(good, 11, '\x01')));  // shifted
  CHECK_FALSE(decode_histogram(with(good, 15, '\x09')));  // digits
  CHECK_FALSE(decode_histogram(with(good, 24, '\x7f')));  // highest

  // A run of zeros past the end, a count past the end, counts that overflow, half a word.
  const auto with_counts = [](std::string_view hex) {
    Histogram small({.lowest = 1, .highest = 1'000, .digits = 1});
    std::string octets = encode_histogram(small), counts;
    REQUIRE(from_hex(hex, counts));
    octets[7] = static_cast<char>(counts.size());
    return decode_histogram(octets + counts);
  };
  CHECK(with_counts("0202"));
  CHECK_FALSE(with_counts("ffff7f"));
  CHECK_FALSE(with_counts("ffffffffffffffffff"));
  CHECK_FALSE(with_counts("feffffffffffffffff02"));
  CHECK_FALSE(with_counts("80"));

  const std::string text = histogram_text(sample_histogram());
  CHECK_FALSE(parse_histogram(""));
  CHECK_FALSE(parse_histogram("HISTFAAA"));
  CHECK_FALSE(parse_histogram(text.substr(4)));
  CHECK_FALSE(parse_histogram(text.substr(0, text.size() - 8)));
  CHECK_FALSE(parse_histogram(with(text, 60, text[60] == 'A' ? 'B' : 'A')));
  const auto refused = parse_histogram("!");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::BadInput);
}

}  // namespace mqtk::test
