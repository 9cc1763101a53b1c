// The probes of mqtt-inspect caps: each finds out one thing or a few that belong together, over
// connections of its own, so that all can run at once.
#pragma once

#include <span>

#include "inspect/shared/laboratory.hpp"

namespace mqtk::inspect {

struct CapsProbe {
  std::string_view names;  ///< of the capabilities it finds, separated by spaces
  Task<Capabilities> (*run)(Laboratory&);
  bool publishes = false;  ///< not with --safe, nor where nothing may be published
  bool mqtt5 = false;
  bool slow = false;  ///< only with --slow
};

/// In the order in which they are shown.
std::span<const CapsProbe> session_probes();
std::span<const CapsProbe> topic_probes();
std::span<const CapsProbe> limit_probes();

enum class Fit : std::uint8_t { Yes, No, Silent };

/// The largest number in [low, high] for which `fits` is Yes, which had to be seen to be; stops
/// early when time runs out.
struct Bisection {
  std::size_t largest = 0;
  bool exact = true;  ///< one more was refused, and not only met by silence
  bool at_cap = false;
};
using Trial = Task<Fit> (*)(Laboratory&, std::size_t);
Task<Bisection> bisect(Laboratory& laboratory, Trial fits, std::size_t low, std::size_t high);
/// "at least 1024", "200", "16384; more met with silence".
std::string text(const Bisection& bisection);

/// "0x9a, retain not supported"; and as what became of a request: "refused (0x87, not authorized)",
/// "the connection is closed", "nothing comes".
std::string code_text(std::uint8_t code, wire::PacketType in);
std::string refusal_text(bool closed, std::uint8_t code, wire::PacketType in);

}  // namespace mqtk::inspect
