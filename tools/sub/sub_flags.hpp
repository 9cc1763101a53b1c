// What can be typed after mqtt-sub.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options/client_flags.hpp"
#include "options/command_line.hpp"

namespace mqtk::sub {

struct SubFlags {
  ClientFlags client;
  std::vector<std::string> topics;  ///< -t
  std::vector<wire::Qos> qos;       ///< -q, once or as often as -t
  std::vector<std::string> unsubscribe;
  bool no_subscribe = false;
  bool no_local = false;
  bool retain_as_published = false;
  std::optional<wire::RetainHandling> retain_handling;

  bool hide_retained = false;  ///< -R
  bool retained_only = false;
  std::vector<std::string> filter_out;  ///< -T

  bool show_topic = false;  ///< -v
  bool no_newline = false;  ///< -N
  bool json = false;
  std::optional<std::string> topic_separator;

  std::optional<std::uint64_t> count;  ///< -C
  std::optional<Duration> deadline;    ///< -W
  std::optional<Duration> window;      ///< --for
  std::optional<Duration> idle;
  bool exit_when_subscribed = false;  ///< -E
};

const Program& sub_program();
/// The table stores into `flags`, which must not move.
FlagTable sub_flag_table(SubFlags& flags);

}  // namespace mqtk::sub
