// What both engines go by.
#pragma once

#include "base/clock.hpp"
#include "client/client.hpp"

namespace mqtk {

/// The birth message's; no caller's message has it.
inline constexpr Token kBirthToken = ~Token{0};

/// A connection that lasted so long was none that the broker ended soon.
inline constexpr Duration kLongLife = 10s;
/// So many in a row that the broker ends soon, each for a message of one kind, are its refusal.
inline constexpr unsigned kShortLivesUntilRefusal = 3;

}  // namespace mqtk
