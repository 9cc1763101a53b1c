// How a received message is printed: the payload, or the topic, a separator and the payload.
#pragma once

#include <string>

#include "base/bytes.hpp"

namespace mqtk {

struct MessageFormat {
  bool topic = false;           ///< -v: print the topic before the payload
  std::string separator = " ";  ///< between the two
  bool newline = true;          ///< off with -N
  char end = '\n';              ///< NUL with -0
  /// As mosquitto_sub does it: an empty payload prints nothing, with the topic "(null)".
  bool null_payload = false;
  /// stdout is a terminal: control characters are shown escaped (terminal_text.hpp).
  bool terminal = false;
};

/// Appends one message; an empty payload is printed as nothing, so that it becomes an empty line.
void append_message(std::string& out, const MessageFormat& format, Bytes topic, Bytes payload);

/// What --topic-sep was given: "\t" "\n" "\r" "\0" "\\" and "\xHH" mean those characters, any other
/// backslash itself.
std::string unescape_separator(std::string_view text);

}  // namespace mqtk
