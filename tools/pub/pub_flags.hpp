// What can be typed after mqtt-pub.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options/client_flags.hpp"
#include "options/command_line.hpp"

namespace mqtk::pub {

struct PubFlags {
  ClientFlags client;
  std::optional<std::string> topic;
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;

  std::optional<std::string> message;  ///< -m
  std::optional<std::string> file;     ///< -f
  bool whole_input = false;            ///< -s
  bool lines = false;                  ///< -l
  bool empty = false;                  ///< -n
  std::optional<std::string> records;  ///< --from-json; empty: standard input
  bool keep_going = false;
  std::optional<std::string> topic_separator;
  std::optional<std::uint64_t> repeat;
  std::optional<Duration> repeat_delay;

  std::optional<std::uint32_t> expiry_s;
  std::optional<std::string> content_type;
  std::optional<std::string> response_topic;
  std::vector<std::string> user_properties;

  std::optional<Duration> deadline;  ///< -W
  bool verbose = false;
};

const Program& pub_program();
/// The table stores into `flags`, which must not move.
FlagTable pub_flag_table(PubFlags& flags);

}  // namespace mqtk::pub
