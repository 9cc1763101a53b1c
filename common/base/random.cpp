#include "base/random.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>

#include "base/clock.hpp"

namespace mqtk {

std::optional<std::string> random_octets(std::size_t size) {
  constexpr std::size_t kMostAtOnce = 256;  // of getentropy()
  std::string octets(size, '\0');
  for (std::size_t done = 0; done < size; done += kMostAtOnce) {
    if (::getentropy(octets.data() + done, std::min(size - done, kMostAtOnce)) != 0) {
      return std::nullopt;
    }
  }
  return octets;
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  if (::getentropy(&seed, sizeof seed) == 0) return seed;
  return static_cast<std::uint64_t>(monotonic_now().time_since_epoch().count());
}

}  // namespace mqtk
