// A full-screen terminal as mqtt-inspect top needs it: lines of text, keys. Behind it stands a
// module that alone knows ncurses.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace mqtk::inspect {

enum class LineStyle : std::uint8_t { Plain, Heading, Selected, Faint };

struct ScreenLine {
  std::string text;  ///< UTF-8 without control characters; what is too long is cut
  LineStyle style = LineStyle::Plain;
};

/// Keys that are no characters.
enum Key : int {
  kKeyNone = -1,
  kKeyUp = 1000,
  kKeyDown,
  kKeyLeft,
  kKeyRight,
  kKeyPageUp,
  kKeyPageDown,
  kKeyHome,
  kKeyEnd,
  kKeyBackspace,
  kKeyEnter,
  kKeyResize
};

class TerminalScreen {
 public:
  virtual ~TerminalScreen() = default;
  virtual int rows() const = 0;
  virtual int columns() const = 0;
  /// Shows these lines from the top; the rest of the screen is empty.
  virtual void draw(const std::vector<ScreenLine>& lines) = 0;
  /// The next key that was typed, kKeyNone when there is none.
  virtual int key() = 0;
  /// Readable when keys wait; a description of our own.
  virtual int fd() const = 0;
};

/// Takes over the terminal that the standard output is; the object's end gives it back. Errors are
/// Configuration (no module) or Usage (no terminal).
Result<std::unique_ptr<TerminalScreen>> open_terminal();

/// The border of the module: what mqtk_module_terminal() returns. `path` is the terminal's;
/// nullptr: it cannot be used.
struct TerminalModule {
  std::unique_ptr<TerminalScreen> (*open)(const char* path);
};

}  // namespace mqtk::inspect
