// How far apart two words are spelt, for "did you mean".
#pragma once

#include <cstddef>
#include <string_view>

namespace mqtk {

/// How many letters differ, were left out or put in; two neighbours in the wrong order are one
/// slip.
std::size_t spelling_distance(std::string_view a, std::string_view b);

}  // namespace mqtk
