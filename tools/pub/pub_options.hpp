// What mqtt-pub shall do: checked values, nothing read yet but what the connection needs.
#pragma once

#include "options/resolve.hpp"
#include "pub/pub_flags.hpp"
#include "pub/publisher.hpp"
#include "pub/requester.hpp"
#include "pub/text_template.hpp"
#include "pub/topic_rewriter.hpp"

namespace mqtk::pub {

/// None: with an outbox there may be no message.
enum class Input : std::uint8_t { None, Text, Files, Lines, Records };

struct OutboxOptions {
  std::string path;
  std::uint64_t limit = 1024 * 1024 * 1024;
  bool only_accept = false;
  bool status = false;
};

/// How messages are made of a stream: Input::Lines and Input::Records.
struct StreamOptions {
  std::string topic_separator;          ///< lines; empty: none
  char line_end = '\n';                 ///< lines
  bool topics_only = false;             ///< lines
  bool keep_going = false;              ///< records
  double pace = 0;                      ///< records; 0: without waiting
  std::optional<std::uint64_t> rounds;  ///< records; 0: for ever; unset: once
  TopicRewriter rewriter;
};

struct PubOptions {
  ResolvedClient client;
  std::string topic;  ///< empty: each line names its own
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;
  wire::Properties properties;

  Input input = Input::Text;
  std::string text;                ///< Input::Text
  std::vector<std::string> files;  ///< Input::Files; one for Input::Records. "-": standard input
  StreamOptions stream;
  std::optional<TextTemplate> topic_template;
  std::optional<TextTemplate> text_template;
  std::optional<TextTemplate> answer_template;  ///< --match
  PayloadCoding coding;
  std::uint64_t repeat = 1;
  Duration repeat_delay = 0ns;
  double rate = 0;  ///< messages a second; 0: no limit

  Duration deadline = 0ns;  ///< 0: none
  std::optional<OutboxOptions> outbox;
  std::optional<RequestOptions> request;
  PublisherOptions publisher;

  /// The largest payload that fits a packet with this topic and these properties.
  std::uint64_t payload_limit() const;
};

Result<PubOptions> resolve(const PubFlags& flags, const Environment& environment,
                           const CommandLine& line);

/// Its first part: where the messages come from, and how they are made of that.
Result<void> choose_input(const PubFlags& flags, const CommandLine& line, PubOptions& options);
/// Its part about --request.
Result<void> choose_request(const PubFlags& flags, const CommandLine& line, PubOptions& options);

}  // namespace mqtk::pub
