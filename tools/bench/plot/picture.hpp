// The drawing of plot.hpp: three panels one below the other, and a table.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "bench/results/run_result.hpp"

namespace mqtk::bench {

/// Told apart by people who see colours differently, too.
inline constexpr std::array<const char*, 6> kCurveColors = {"#2563eb", "#d97706", "#059669",
                                                            "#be185d", "#7c3aed", "#475569"};

/// What one result gives to the picture.
struct Curve {
  std::string label;
  const char* color;
  const RunResult* result;
  const Histogram* corrected;
  const Histogram* uncorrected;  ///< nullptr: no difference
};

/// The document. There is at least one curve.
std::string draw_picture(Latency kind, std::vector<Curve> curves, const std::string& title,
                         const std::string& subtitle);

}  // namespace mqtk::bench
