// What of a configuration Paho cannot carry, in one table.
#pragma once

#include <span>
#include <string_view>

#include "client/client.hpp"

namespace mqtk {

struct PahoLimit {
  std::string_view name;  ///< what was asked for, as it reads in "the paho engine has no ..."
  std::string_view hint;
  bool (*asked)(const ClientConfig& config, DisconnectMode disconnect);
};

std::span<const PahoLimit> paho_limits();

/// The first limit that the configuration runs into, as an error of kind Usage.
Result<void> check_paho(const ClientConfig& config, DisconnectMode disconnect);

}  // namespace mqtk
