// The messages of --from-json: one record a line, as `mqtt-sub --json` prints them.
#pragma once

#include "options/run.hpp"
#include "output/record_parser.hpp"
#include "pub/line_reader.hpp"
#include "pub/message_source.hpp"
#include "pub/replay_clock.hpp"
#include "pub/topic_rewriter.hpp"

namespace mqtk::pub {

struct RecordOptions {
  bool properties = false;  ///< can be sent: MQTT 5
  bool keep_going = false;  ///< pass over lines that are no records; it ends with an error then
  double pace = 0;          ///< speed of the replay, 1 as recorded; 0: as fast as it goes
  TopicRewriter rewriter = {};
};

class RecordSource final : public MessageSource {
 public:
  /// `input` and `host` outlive this.
  RecordSource(BlockInput& input, RecordOptions options, const Host& host)
      : lines_(input), options_(std::move(options)), host_(host), clock_(options_.pace) {}

  Next next() override;
  const OutgoingMessage& message() const override { return message_; }
  void advance() override { have_record_ = false; }
  std::uint64_t number() const override { return first_bad_ != 0 ? first_bad_ : lines_.number(); }
  const Error& error() const override { return error_; }
  std::string_view noun() const override { return "line"; }
  bool numbered() const override { return true; }
  TimePoint due() const override { return have_record_ ? due_ : kNever; }
  std::optional<double> fraction() const override { return lines_.fraction(); }

 private:
  /// False: the line is no record.
  bool use(Bytes line);
  bool rewrite_topic();
  void bad_line(Error error);
  Next ready() const;
  Next end();

  LineReader lines_;
  RecordOptions options_;
  const Host& host_;
  ReplayClock clock_;
  TimePoint due_{};
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
