#include "sub/message_output.hpp"

#include <algorithm>

#include "options/received_record.hpp"
#include "output/json_layout.hpp"
#include "output/json_reader.hpp"

namespace mqtk::sub {

namespace {

constexpr std::size_t kLargePiece = 256 * 1024;

/// The first `size` octets without half a character at their end.
Bytes first_of(Bytes text, std::size_t size) {
  if (size >= text.size()) return text;
  std::size_t end = size;
  while (end > 0 && size - end < 3 && (u8(text[end]) & 0xC0U) == 0x80) --end;
  return text.substr(0, (u8(text[end]) & 0xC0U) == 0x80 ? size : end);
}

}  // namespace

MessageOutput::MessageOutput(const OutputOptions& options, Writer& writer)
    : form_(options.form),
      writer_(writer),
      format_(options.format),
      layout_(options.layout),
      record_decoded_(options.record_decoded),
      select_(options.select),
      color_(options.color && writer.terminal()) {
  format_.terminal = writer.terminal();
  limit_ = static_cast<std::size_t>(
      options.limit.value_or(format_.terminal ? std::uint64_t{kTerminalLimit} : 0));
  if (!options.watched.empty()) {
    screen_ = std::make_unique<WatchScreen>();
    WatchScreen::begin(writer_.buffer(), options.watched);
  }
  special_ = limit_ != 0 || screen_;
  if (layout_) {
    layout_->set_rules(
        {.width_cuts = options.width_cuts, .pretty = options.pretty, .terminal = format_.terminal});
  }
}

bool MessageOutput::print_other(const MessageView& message, MessageDecoder& decoder) {
  complaint_ = {};
  if (screen_) screen_->go_to(writer_.buffer(), message.topic);
  const bool printed = print_form(message, decoder);
  if (screen_) screen_->rest(writer_.buffer());
  if (printed) writer_.appended();
  return printed;
}

bool MessageOutput::print_form(const MessageView& message, MessageDecoder& decoder) {
  switch (form_) {
    case OutputOptions::Form::None:
      return true;
    case OutputOptions::Form::Payload:
      print_payload(message);
      break;
    case OutputOptions::Form::Template:
      return print_template(message);
    case OutputOptions::Form::Record:
      print_record(message, decoder);
      break;
    case OutputOptions::Form::Decoded:
      print_decoded(message, decoder);
      break;
    case OutputOptions::Form::Selected:
      return print_selected(message, decoder);
  }
  return true;
}

void MessageOutput::append_text(Bytes text, Lines lines) {
  if (format_.terminal) {
    append_terminal_text(writer_.buffer(), text, lines);
  } else {
    writer_.buffer().append(text);
  }
}

void MessageOutput::append_start(const MessageView& message) {
  if (!format_.topic) return;
  append_text(message.topic, Lines::Escape);
  append_text(format_.separator, Lines::Keep);
}

void MessageOutput::append_end() {
  if (format_.newline) writer_.buffer().push_back(format_.end);
}

void MessageOutput::append_cut(std::size_t shown, std::size_t whole) {
  writer_.buffer().append(" ... (shown " + std::to_string(shown) + " of " + std::to_string(whole) +
                          " bytes)");
}

void MessageOutput::print_payload(const MessageView& message) {
  if (limit_ != 0 && message.payload.size() > limit_) {
    append_start(message);
    const Bytes shown = first_of(message.payload, limit_);
    append_text(shown, Lines::Keep);
    append_cut(shown.size(), message.payload.size());
    return append_end();
  }
  if (!format_.terminal && message.payload.size() >= kLarge) return print_large(message);
  append_message(writer_.buffer(), format_, message.topic, message.payload);
}

/// Without a second copy of the payload, as long as the reader keeps up.
void MessageOutput::print_large(const MessageView& message) {
  append_start(message);
  writer_.flush();
  for (Bytes rest = message.payload; !rest.empty();) {
    const Bytes piece = writer_.pending() == 0 ? rest.substr(0, kLargePiece) : rest;
    writer_.buffer().append(piece);
    writer_.flush();
    rest.remove_prefix(piece.size());
  }
  append_end();
}

MessageRecord MessageOutput::record_of(const MessageView& message, MessageDecoder* decoder,
                                       std::string& decoded) {
  if (received_ == decltype(received_){}) received_ = std::chrono::system_clock::now();
  MessageRecord record = mqtk::record_of(message, received_);
  if (decoder != nullptr) {
    const DecodedPayload& payload = decoder->decoded();
    record.decoder = name(payload.decoder);
    decoded.clear();
    append_json_line(decoded, payload.json);
    record.decoded = decoded;
  }
  return record;
}

bool MessageOutput::print_template(const MessageView& message) {
  const TemplateFault fault =
      layout_->append(writer_.buffer(), record_of(message, nullptr, scratch_));
  if (fault != TemplateFault::None) complaint_ = describe(fault);
  if (fault == TemplateFault::NotJson) return false;
  append_end();
  return true;
}

void MessageOutput::print_record(const MessageView& message, MessageDecoder& decoder) {
  records_.append(writer_.buffer(),
                  record_of(message, record_decoded_ ? &decoder : nullptr, scratch_));
  if (format_.end != '\n') writer_.buffer().back() = format_.end;
}

void MessageOutput::print_decoded(const MessageView& message, MessageDecoder& decoder) {
  const DecodedPayload& payload = decoder.decoded();
  std::string& out = writer_.buffer();
  append_start(message);
  out += '[';
  out += name(payload.decoder);
  if (!payload.failure.empty()) out += ": " + payload.failure;
  out += "] ";
  const std::size_t whole = message.payload.size();
  if (payload.decoder == Decoder::Hex) {
    const Bytes shown = limit_ != 0 ? message.payload.substr(0, limit_) : message.payload;
    out += to_hex(shown);
    if (shown.size() < whole) append_cut(shown.size(), whole);
  } else if (payload.json.empty()) {
    const Bytes shown = limit_ != 0 ? first_of(message.payload, limit_) : message.payload;
    append_text(shown, Lines::Keep);
    if (shown.size() < whole) append_cut(shown.size(), whole);
  } else if (format_.terminal) {
    const std::size_t shown =
        append_json_indented(out, payload.json, {.color = color_, .limit = limit_});
    if (shown < payload.json.size()) append_cut(shown, payload.json.size());
  } else {
    scratch_.clear();
    append_json_line(scratch_, payload.json);
    const Bytes shown = limit_ != 0 ? first_of(scratch_, limit_) : Bytes(scratch_);
    out += shown;
    if (shown.size() < scratch_.size()) append_cut(shown.size(), scratch_.size());
  }
  append_end();
}

bool MessageOutput::print_selected(const MessageView& message, MessageDecoder& decoder) {
  const Bytes json = decoder.json();
  if (json.empty()) return false;
  scratch_.clear();
  bool found = false;
  for (const JsonPath& path : select_) {
    if (&path != &select_.front()) scratch_ += '\t';
    const Bytes value = path.find(json);
    if (value.empty()) continue;
    found = true;
    if (value[0] == '"') {
      scratch_ += json_string_text(value);
    } else {
      append_json_line(scratch_, value);
    }
  }
  if (!found) return false;
  append_start(message);
  const Bytes shown = limit_ != 0 ? first_of(scratch_, limit_) : Bytes(scratch_);
  append_text(shown, Lines::Keep);
  if (shown.size() < scratch_.size()) append_cut(shown.size(), scratch_.size());
  append_end();
  return true;
}

}  // namespace mqtk::sub
