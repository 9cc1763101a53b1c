// Documents that are the same in each run, made of everything that JSON has.
#pragma once

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "support/catch.hpp"

namespace mqtk::test {

inline nlohmann::ordered_json random_document(std::mt19937& random, int depth = 0) {
  using json = nlohmann::ordered_json;
  const auto text = [&random] {
    static constexpr const char* kTexts[] = {
        "", "a", "a b", "\"", "\\", "\n", "\xC3\xA9", "\xF0\x9F\x98\x80", "\xE2\x80\xAE", "0"};
    std::string out;
    for (auto i = random() % 3; i > 0; --i) out += kTexts[random() % std::size(kTexts)];
    return out;
  };
  switch (random() % (depth < 4 ? 9 : 7)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<std::uint64_t>(random()) << (random() % 33);
    case 3:
      return -static_cast<std::int64_t>(random() % 70'000);
    case 4:
      return static_cast<double>(random()) / 999.9 - 1e6;
    case 5:
      return text();
    case 6:
      return 1e300 * (random() % 2 == 0 ? 1 : -1e-300);
    case 7: {
      json list = json::array();
      for (auto i = random() % 5; i > 0; --i) list.push_back(random_document(random, depth + 1));
      return list;
    }
    default: {
      json object = json::object();
      for (auto i = random() % 5; i > 0; --i) {
        object[text()] = random_document(random, depth + 1);
      }
      return object;
    }
  }
}

/// Documents that an independent encoder has written come back from ours.
template <typename Encode, typename Append>
void check_round_trips(Encode encode, Append append) {
  std::mt19937 random(8);
  for (int round = 0; round < 500; ++round) {
    const auto document = random_document(random);
    const std::vector<std::uint8_t> data = encode(document);
    std::string out;
    REQUIRE(append(out, Bytes(reinterpret_cast<const char*>(data.data()), data.size())));
    CHECK(nlohmann::ordered_json::parse(out) == document);
  }
}

}  // namespace mqtk::test
