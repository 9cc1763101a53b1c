// The messages of -l: one a line, sent as soon as its newline has come. With a separator each line
// names its own topic.
#pragma once

#include "pub/line_reader.hpp"
#include "pub/message_source.hpp"

namespace mqtk::pub {

class LineSource final : public MessageSource {
 public:
  /// `message` is what all lines have in common and outlives this, as `input` does. With a
  /// `separator`, lines are TOPIC SEPARATOR PAYLOAD.
  LineSource(BlockInput& input, const OutgoingMessage& message, std::string separator)
      : lines_(input), message_(message), separator_(std::move(separator)) {}

  Next next() override;
  const OutgoingMessage& message() const override { return message_; }
  void advance() override { have_line_ = false; }
  std::uint64_t number() const override { return lines_.number(); }
  const Error& error() const override { return error_; }
  std::string_view noun() const override { return "line"; }
  bool numbered() const override { return true; }

 private:
  Next use(TextLine& line);
  Next fail(std::string message, std::string hint = {});

  LineReader lines_;
  OutgoingMessage message_;
  std::string separator_;
  TextLine line_;
  bool have_line_ = false;
  bool failed_ = false;
  std::string checked_topic_;  ///< the last one found legal: streams repeat theirs
  Error error_;
};

}  // namespace mqtk::pub
