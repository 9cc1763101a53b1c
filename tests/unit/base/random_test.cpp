#include "base/random.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/bytes.hpp"
#include "support/catch.hpp"

using namespace mqtk;

TEST_CASE("random octets are as many as were asked for, of every value, and never the same") {
  for (const std::size_t size : {0U, 1U, 16U, 256U, 257U, 100'000U}) {
    const auto octets = random_octets(size);
    REQUIRE(octets);
    CHECK(octets->size() == size);
  }
  std::array<int, 256> seen{};
  const auto many = random_octets(100'000);
  for (const char each : *many) ++seen[u8(each)];
  CHECK(*std::ranges::min_element(seen) > 200);  // 390 are expected
  CHECK(*std::ranges::max_element(seen) < 600);
  std::set<std::string> distinct;
  for (int i = 0; i < 1000; ++i) distinct.insert(*random_octets(16));
  CHECK(distinct.size() == 1000);
}

TEST_CASE("seeds differ") {
  std::set<std::uint64_t> seeds;
  for (int i = 0; i < 1000; ++i) seeds.insert(random_seed());
  CHECK(seeds.size() == 1000);
}
