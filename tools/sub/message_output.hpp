// How a message is printed: as it came, with -F, as a record, decoded, or the parts of it that were
// selected.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/message.hpp"
#include "output/message_format.hpp"
#include "output/message_record.hpp"
#include "output/message_template.hpp"
#include "output/terminal_text.hpp"
#include "output/writer.hpp"
#include "payload/json_path.hpp"
#include "sub/message_decoder.hpp"
#include "sub/watch_screen.hpp"

namespace mqtk::sub {

struct OutputOptions {
  enum class Form : std::uint8_t { None, Payload, Template, Record, Decoded, Selected };
  Form form = Form::Payload;
  MessageFormat format;
  std::optional<MessageTemplate> layout;  ///< -F
  bool pretty = false;
  bool width_cuts = false;
  bool record_decoded = false;  ///< records get decoder and decoded
  std::vector<JsonPath> select;
  /// Octets of a payload that are shown; 0: all; not set: all, but for a terminal.
  std::optional<std::uint64_t> limit;
  bool color = false;
  /// --watch: what its first line names; empty: none.
  std::string watched;
};

class MessageOutput {
 public:
  /// `writer` outlives this.
  MessageOutput(const OutputOptions& options, Writer& writer);

  /// False: there was nothing to print, and the message does not count as shown.
  bool print(const MessageView& message, MessageDecoder& decoder) {
    if (form_ != OutputOptions::Form::Payload || special_ || message.payload.size() >= kLarge) {
      return print_other(message, decoder);
    }
    append_message(writer_.buffer(), format_, message.topic, message.payload);
    writer_.appended();
    return true;
  }
  /// What could not be printed of the last message that print() refused; empty: nothing was wrong.
  std::string_view complaint() const { return complaint_; }

  /// A record of the message as it is; with `decoder` also decoded.
  MessageRecord record_of(const MessageView& message, MessageDecoder* decoder,
                          std::string& decoded);
  /// Messages that one wake-up brings have the same time of receipt.
  void batch_ended() { received_ = {}; }

 private:
  static constexpr std::size_t kLarge = 1024 * 1024;
  static constexpr std::size_t kTerminalLimit = 64 * 1024;

  bool print_other(const MessageView& message, MessageDecoder& decoder);
  bool print_form(const MessageView& message, MessageDecoder& decoder);
  void print_payload(const MessageView& message);
  void print_large(const MessageView& message);
  bool print_template(const MessageView& message);
  void print_record(const MessageView& message, MessageDecoder& decoder);
  void print_decoded(const MessageView& message, MessageDecoder& decoder);
  bool print_selected(const MessageView& message, MessageDecoder& decoder);
  void append_text(Bytes text, Lines lines);
  void append_start(const MessageView& message);
  void append_end();
  /// " ... (shown 200 of 68214 bytes)".
  void append_cut(std::size_t shown, std::size_t whole);

  OutputOptions::Form form_;
  bool special_ = false;   ///< a limit or a screen
  std::size_t limit_ = 0;  ///< 0: none
  Writer& writer_;
  MessageFormat format_;
  std::optional<MessageTemplate> layout_;
  bool record_decoded_;
  const std::vector<JsonPath>& select_;
  bool color_;
  std::chrono::system_clock::time_point received_{};  ///< of this batch; zero: not asked yet
  RecordFormat records_;
  std::unique_ptr<WatchScreen> screen_;
  std::string scratch_;
  std::string_view complaint_;
};

}  // namespace mqtk::sub
