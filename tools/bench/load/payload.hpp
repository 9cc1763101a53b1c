// What messages carry: how large they are, and a maker that fills one buffer again and again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "bench/load/payload_header.hpp"

namespace mqtk::bench {

/// "64", "64-1KiB" (evenly), "64:9,1KiB:1" (with weights); ranges may stand in a list.
struct SizeChoice {
  std::uint64_t low = 64;
  std::uint64_t high = 64;
  double weight = 1;

  bool operator==(const SizeChoice&) const = default;
};
Result<std::vector<SizeChoice>> parse_sizes(std::string_view text);
double mean_size(const std::vector<SizeChoice>& sizes);

struct PayloadPlan {
  std::vector<SizeChoice> sizes{SizeChoice{}};
  std::vector<std::string> texts;  ///< given ones, in turn; empty: random octets of those sizes
  bool filled = false;             ///< the texts are templates
  /// Payloads begin with a PayloadHeader; before given texts it is put, random ones begin with it.
  bool stamped = true;
};

/// Cheap pseudo-random numbers that are the same for the same seed.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  /// 0 <= x < 1.
  double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

class PayloadMaker {
 public:
  PayloadMaker(const PayloadPlan& plan, std::uint64_t seed);
  /// Valid until the next call. `header` is written when the plan says so.
  Bytes make(const PayloadHeader& header, std::string_view client_id);
  /// The same, with room for the header where the plan says so; what is in it means nothing.
  Bytes make_without_header(const PayloadHeader& header, std::string_view client_id);
  std::uint64_t largest() const;

 private:
  const PayloadPlan& plan_;
  Random random_;
  std::vector<std::uint32_t> drawn_;  ///< sizes to go through, drawn beforehand
  std::size_t turn_ = 0;
  std::string buffer_;
};

}  // namespace mqtk::bench
