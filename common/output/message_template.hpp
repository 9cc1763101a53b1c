// -F: how a message is printed, in the language of mosquitto_sub: %t and its kin for the message,
// @H and its kin for the time, \n and its kin for characters. Compiled once, then only filled in.
// One thread uses a MessageTemplate.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "output/message_record.hpp"

namespace mqtk {

/// What a template cannot show of a message.
enum class TemplateFault : std::uint8_t { None, NotJson, NotFloat, NotDouble };
/// What to say of it: "the payload is no valid JSON".
std::string_view describe(TemplateFault fault);

struct TemplateRules {
  /// The width of %p, %x and %X is also the most octets of the payload that are shown.
  bool width_cuts = false;
  /// %j and %J over several lines (--pretty).
  bool pretty = false;
  /// stdout is a terminal: control characters of topic, payload and properties are shown escaped.
  bool terminal = false;
};

class MessageTemplate {
 public:
  /// %[-][0][WIDTH][.PRECISION][SEPARATOR]LETTER, @LETTER, \LETTER. Errors are of kind Usage; their
  /// messages are mosquitto's: "Invalid format specifier 'z'.".
  static Result<MessageTemplate> compile(std::string_view text);

  void set_rules(TemplateRules rules) { rules_ = rules; }
  /// Appends the message, without a newline of its own. After NotJson nothing was appended.
  TemplateFault append(std::string& out, const MessageRecord& message);

 private:
  struct Piece {
    char letter = 0;  ///< 0: `text` as it stands; '@': the time through strftime
    bool left = false;
    bool zero = false;
    char separator = ' ';
    int width = 0;
    int precision = -1;
    std::string text;
  };

  class Compiler;
  void append_piece(std::string& out, const Piece& piece, const MessageRecord& message);
  void append_time(std::string& out, const Piece& piece, const MessageRecord& message);
  void append_text(std::string& out, const Piece& piece, Bytes text) const;
  void append_hex(std::string& out, const Piece& piece, Bytes payload) const;
  template <typename Number>
  void append_real(std::string& out, const Piece& piece, Bytes payload);
  const std::tm& local_time(const MessageRecord& message);

  std::vector<Piece> pieces_;
  TemplateRules rules_;
  TemplateFault fault_ = TemplateFault::None;
  std::time_t second_ = -1;  ///< of local_
  std::tm local_{};
};

/// %j and %J: {"tst":...,"topic":...,"qos":...,"retain":...,"payloadlen":...,["mid":...,]
/// ["properties":{...},]"payload":...}. What is not UTF-8 gets the key "..._base64". `embed`: the
/// payload is JSON and stands there as it came, without its white space. False when it is not.
bool append_template_json(std::string& out, const MessageRecord& message, std::string_view tst,
                          bool embed, bool pretty);

/// JSON over several lines, indented with tabs as mosquitto_sub has it. Numbers and strings stay as
/// they are. False: it is no JSON, or nested too deeply.
bool append_pretty_json(std::string& out, Bytes json);

}  // namespace mqtk
