// What both engines go by.
#pragma once

#include "client/client.hpp"

namespace mqtk {

/// The birth message's; no caller's message has it.
inline constexpr Token kBirthToken = ~Token{0};

}  // namespace mqtk
