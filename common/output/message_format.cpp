#include "output/message_format.hpp"

#include "output/terminal_text.hpp"

namespace mqtk {

void append_message(std::string& out, const MessageFormat& format, Bytes topic, Bytes payload) {
  if (format.null_payload && payload.empty()) {
    if (!format.topic || !format.newline) return;
    payload = "(null)";
  }
  if (format.terminal) {
    if (format.topic) {
      append_terminal_text(out, topic, Lines::Escape);
      append_terminal_text(out, format.separator, Lines::Keep);
    }
    append_terminal_text(out, payload, Lines::Keep);
  } else {
    if (format.topic) {
      out.append(topic);
      out.append(format.separator);
    }
    out.append(payload);
  }
  if (format.newline) out.push_back(format.end);
}

std::string unescape_separator(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    std::string octets;
    if (rest.size() >= 4 && rest.starts_with("\\x") && from_hex(rest.substr(2, 2), octets)) {
      out += octets;
      at += 3;
      continue;
    }
    static constexpr std::string_view kLetters = "tnr0\\";
    static constexpr std::string_view kMeanings{"\t\n\r\0\\", 5};
    const std::size_t letter =
        rest.size() >= 2 && rest[0] == '\\' ? kLetters.find(rest[1]) : std::string_view::npos;
    if (letter != std::string_view::npos) {
      out += kMeanings[letter];
      ++at;
    } else {
      out += text[at];
    }
  }
  return out;
}

}  // namespace mqtk
