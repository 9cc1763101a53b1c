// What can be typed after mqtt-pub.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options/client_flags.hpp"
#include "options/command_line.hpp"
#include "pub/payload_coding.hpp"

namespace mqtk::pub {

struct RequestFlags {
  bool request = false;
  std::optional<std::string> response_to, match, format;
  bool latency = false;
  bool no_newline = false;
  bool pretty = false;
  bool no_retained = false;
  bool retain_as_published = false;
  std::optional<wire::RetainHandling> retain_handling;
};

struct PubFlags {
  ClientFlags client;
  std::optional<std::string> topic;
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;

  std::optional<std::string> message;  ///< -m
  std::vector<std::string> files;      ///< -f
  bool whole_input = false;            ///< -s
  bool lines = false;                  ///< -l
  bool empty = false;                  ///< -n
  bool remove_retained = false;
  std::optional<std::string> records;  ///< --from-json; empty: standard input
  bool keep_going = false;
  std::optional<double> pace;                        ///< --pace: 0 for max
  std::optional<std::optional<std::uint64_t>> loop;  ///< --loop, --loop=N
  std::vector<std::vector<std::string>> rewrites;    ///< two words each
  bool nul_lines = false;                            ///< -0
  std::optional<std::string> topic_separator;
  bool templates = false;
  std::vector<std::string> variables;  ///< NAME=VALUE
  std::optional<Encoding> input_encoding, wire_encoding;
  std::optional<double> rate;
  std::optional<std::uint64_t> repeat;
  std::optional<Duration> repeat_delay;

  std::optional<std::uint32_t> expiry_s;
  std::optional<std::string> content_type;
  std::optional<std::string> response_topic;
  std::vector<std::string> user_properties;

  bool require_subscriber = false;

  RequestFlags request;

  std::optional<std::string> outbox;
  bool outbox_only = false;
  bool outbox_status = false;
  std::optional<std::uint64_t> outbox_limit;

  std::optional<Duration> deadline;  ///< -W
  bool no_progress = false;
  bool verbose = false;
};

const Program& pub_program();
/// The table stores into `flags`, which must not move.
FlagTable pub_flag_table(PubFlags& flags);
/// Its parts, in the order of the documents.
void append_message_flags(FlagTable& table, PubFlags& flags);
void append_stream_flags(FlagTable& table, PubFlags& flags);
void append_request_flags(FlagTable& table, RequestFlags& flags);
void append_outbox_flags(FlagTable& table, PubFlags& flags);

}  // namespace mqtk::pub
