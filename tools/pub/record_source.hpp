// The messages of --from-json: one record a line, as `mqtt-sub --json` prints them.
#pragma once

#include "output/record_parser.hpp"
#include "pub/line_reader.hpp"
#include "pub/message_source.hpp"

namespace mqtk::pub {

struct RecordOptions {
  bool properties = false;  ///< can be sent: MQTT 5
  bool keep_going = false;  ///< pass over lines that are no records; it ends with an error then
};

class RecordSource final : public MessageSource {
 public:
  /// `input` outlives this.
  RecordSource(BlockInput& input, RecordOptions options) : lines_(input), options_(options) {}

  Next next() override;
  const OutgoingMessage& message() const override { return message_; }
  void advance() override { have_record_ = false; }
  std::uint64_t number() const override { return first_bad_ != 0 ? first_bad_ : lines_.number(); }
  const Error& error() const override { return error_; }
  std::string_view noun() const override { return "line"; }
  bool numbered() const override { return true; }

 private:
  /// False: the line is no record.
  bool use(Bytes line);
  void bad_line(Error error);
  Next end();

  LineReader lines_;
  RecordOptions options_;
  ParsedRecord record_;
  OutgoingMessage message_;
  bool have_record_ = false;
  bool failed_ = false;
  std::uint64_t bad_lines_ = 0;
  std::uint64_t first_bad_ = 0;  ///< set once failed_ is
  std::uint64_t first_bad_line_ = 0;
  Error error_;
};

}  // namespace mqtk::pub
