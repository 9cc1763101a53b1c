// What mqtt-pub shall do: checked values, nothing read yet but what the connection needs.
#pragma once

#include "options/resolve.hpp"
#include "pub/pub_flags.hpp"

namespace mqtk::pub {

enum class Input : std::uint8_t { Text, File, Lines, Records };

struct PubOptions {
  ResolvedClient client;
  std::string topic;  ///< empty: each line names its own
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;
  wire::Properties properties;

  Input input = Input::Text;
  std::string text;             ///< Input::Text
  std::string file;             ///< Input::File and Records; "-": standard input
  bool keep_going = false;      ///< Input::Records
  std::string topic_separator;  ///< Input::Lines; empty: none
  std::uint64_t repeat = 1;
  Duration repeat_delay = 0ns;

  Duration deadline = 0ns;  ///< 0: none
  bool verbose = false;
  bool trace = false;

  /// The largest payload that fits a packet with this topic and these properties.
  std::uint64_t payload_limit() const;
};

Result<PubOptions> resolve(const PubFlags& flags, const Environment& environment,
                           const CommandLine& line);

}  // namespace mqtk::pub
