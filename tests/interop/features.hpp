// What is tried on each broker, over each transport, in each version of MQTT, with the real
// programs.
#pragma once

#include <string>
#include <vector>

#include "broker/world.hpp"

namespace mqtk::test {

/// The outcome of something that works.
inline constexpr const char* kYes = "yes";

/// One broker over one transport in one version.
struct Cell {
  Words link;         ///< address, version and credentials
  Words wrong_login;  ///< the same with a password that is not the right one
  std::string topic;  ///< of this cell alone; also a client id
};

struct Feature {
  const char* name;
  /// kYes, or in words what happened instead: what our program says of it, when it says something.
  std::string (*check)(const Cell& cell);
};

/// The first one is whether a connection is accepted at all.
const std::vector<Feature>& interop_features();

}  // namespace mqtk::test
