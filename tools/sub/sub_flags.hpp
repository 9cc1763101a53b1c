// What can be typed after mqtt-sub.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options/client_flags.hpp"
#include "options/command_line.hpp"
#include "payload/decoder.hpp"

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
  std::vector<std::string> where;
  std::optional<double> random_percent;        ///< --random-filter
  std::optional<std::string> remove_retained;  ///< empty: only say what would be removed

  bool show_topic = false;  ///< -v
  bool no_newline = false;  ///< -N
  bool null_ends = false;   ///< -0
  bool json = false;
  bool pretty = false;
  std::optional<std::string> topic_separator;
  std::optional<std::string> format;  ///< -F
  std::optional<Encoding> wire_encoding;
  std::optional<Decoder> decoder;  ///< --decode
  std::vector<std::string> select;
  std::optional<std::uint64_t> limit;
  bool watch = false;
  bool message_rate = false;

  std::optional<std::string> record;  ///< a file
  std::optional<std::uint64_t> record_size;
  std::optional<std::uint64_t> record_keep;
  std::optional<std::string> exec;
  std::vector<std::string> exec_arguments;
  std::optional<std::uint64_t> jobs;
  std::optional<bool> exec_stop;  ///< --exec-fail stop

  std::optional<std::uint64_t> count;  ///< -C
  std::optional<Duration> deadline;    ///< -W
  std::optional<Duration> window;      ///< --for
  std::optional<Duration> idle;
  std::optional<std::string> until;
  std::optional<std::string> until_json;
  bool exit_when_subscribed = false;  ///< -E
};

const Program& sub_program();
/// The table stores into `flags`, which must not move.
FlagTable sub_flag_table(SubFlags& flags);
/// Parts of the table: what is printed, and what else is done with messages.
void append_output_flags(FlagTable& table, SubFlags& flags);
void append_action_flags(FlagTable& table, SubFlags& flags);
/// Takes every word that no entry before it has taken.
void append_exec_argument(FlagTable& table, SubFlags& flags);

}  // namespace mqtk::sub
