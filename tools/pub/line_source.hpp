// The messages of -l: one a line, sent as soon as its end has come. With a separator each line
// names its own topic.
#pragma once

#include "pub/line_reader.hpp"
#include "pub/message_source.hpp"
#include "pub/topic_rewriter.hpp"

namespace mqtk::pub {

struct LineFormat {
  std::string separator = {};  ///< lines are TOPIC SEPARATOR PAYLOAD; empty: payload alone
  bool topics_only = false;    ///< lines are topics of empty messages
  char line_end = '\n';
  TopicRewriter rewriter = {};  ///< for topics that stand in lines
};

class LineSource final : public MessageSource {
 public:
  /// `message` is what all lines have in common and outlives this, as `input` does.
  LineSource(BlockInput& input, const OutgoingMessage& message, LineFormat format = {})
      : lines_(input, format.line_end), message_(message), format_(std::move(format)) {}

  Next next() override;
  const OutgoingMessage& message() const override { return message_; }
  void advance() override { have_line_ = false; }
  std::uint64_t number() const override { return lines_.number(); }
  const Error& error() const override { return error_; }
  std::string_view noun() const override { return "line"; }
  bool numbered() const override { return true; }
  std::optional<double> fraction() const override { return lines_.fraction(); }

 private:
  Next use(TextLine& line);
  bool use_topic(Bytes topic);
  Next fail(std::string message, std::string hint = {});

  LineReader lines_;
  OutgoingMessage message_;
  LineFormat format_;
  TextLine line_;
  bool have_line_ = false;
  bool failed_ = false;
  std::string checked_topic_;  ///< the last one found legal: streams repeat theirs
  Error error_;
};

}  // namespace mqtk::pub
