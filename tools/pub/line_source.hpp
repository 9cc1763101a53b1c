// The messages of -l: one a line, sent as soon as its newline has come. With a separator each line
// names its own topic.
#pragma once

#include "pub/block_reader.hpp"
#include "pub/line_splitter.hpp"
#include "pub/message_source.hpp"

namespace mqtk::pub {

class LineSource final : public MessageSource {
 public:
  /// `message` is what all lines have in common and outlives this, as `input` does. With a
  /// `separator`, lines are TOPIC SEPARATOR PAYLOAD.
  LineSource(BlockInput& input, const OutgoingMessage& message, std::string separator)
      : input_(input), message_(message), separator_(std::move(separator)) {}

  Next next() override;
  const OutgoingMessage& message() const override { return message_; }
  void advance() override { have_line_ = false; }
  std::uint64_t number() const override { return number_; }
  const Error& error() const override { return error_; }
  std::string_view noun() const override { return "line"; }
  bool numbered() const override { return true; }

 private:
  Next fetch();
  Next use(TextLine& line);
  Next fail(ErrorKind kind, std::string message, std::string hint = {});

  BlockInput& input_;
  OutgoingMessage message_;
  std::string separator_;
  LineSplitter splitter_;
  TextLine line_;
  std::uint64_t number_ = 0;
  bool have_line_ = false;
  bool failed_ = false;
  std::string checked_topic_;  ///< the last one found legal: streams repeat theirs
  Error error_;
};

}  // namespace mqtk::pub
