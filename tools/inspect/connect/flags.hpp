// What can be typed after mqtt-inspect connect.
#pragma once

#include <optional>
#include <string>

#include "options/client_flags.hpp"

namespace mqtk::inspect {

struct ConnectFlags {
  ClientFlags client;
  bool json = false;
  bool no_variants = false;
  bool safe = false;                  ///< publish nothing
  std::optional<wire::Qos> qos;       ///< only this one
  std::optional<std::uint64_t> size;  ///< octets of payload
  bool retain = false;
  std::optional<std::string> topic;  ///< the user's own
  std::optional<std::string> topic_prefix;
};

FlagTable connect_flag_table(ConnectFlags& flags);

}  // namespace mqtk::inspect
