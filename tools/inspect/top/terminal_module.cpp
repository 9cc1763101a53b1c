// The module behind TerminalScreen: the one file that knows ncurses.
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <fcntl.h>
#include <locale.h>

#include <cstdio>

#include "base/module.hpp"
#include "base/unique_fd.hpp"
#include "inspect/top/terminal_screen.hpp"

namespace mqtk::inspect {

namespace {

int translated(int key) {
  switch (key) {
    case ERR:
      return kKeyNone;
    case KEY_UP:
      return kKeyUp;
    case KEY_DOWN:
      return kKeyDown;
    case KEY_LEFT:
      return kKeyLeft;
    case KEY_RIGHT:
      return kKeyRight;
    case KEY_PPAGE:
      return kKeyPageUp;
    case KEY_NPAGE:
      return kKeyPageDown;
    case KEY_HOME:
      return kKeyHome;
    case KEY_END:
      return kKeyEnd;
    case KEY_BACKSPACE:
    case 127:
    case 8:
      return kKeyBackspace;
    case KEY_ENTER:
    case '\r':
    case '\n':
      return kKeyEnter;
    case KEY_RESIZE:
      return kKeyResize;
    default:
      return key;
  }
}

class CursesScreen final : public TerminalScreen {
 public:
  /// A description of our own, since reading keys makes it non-blocking.
  explicit CursesScreen(const char* path) : fd_(::open(path, O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (!fd_) return;
    in_ = ::fdopen(::dup(fd_.get()), "r");
    out_ = ::fdopen(::dup(fd_.get()), "w");
    if (in_ == nullptr || out_ == nullptr) return;
    ::setlocale(LC_CTYPE, "");
    terminal_ = ::newterm(nullptr, out_, in_);
    if (terminal_ == nullptr) return;
    ::cbreak();
    ::noecho();
    ::nonl();
    ::curs_set(0);
    ::keypad(stdscr, TRUE);
    ::nodelay(stdscr, TRUE);
    ::set_escdelay(25);
  }
  ~CursesScreen() override {
    if (terminal_ != nullptr) {
      ::endwin();
      ::delscreen(terminal_);
    }
    if (in_ != nullptr) std::fclose(in_);
    if (out_ != nullptr) std::fclose(out_);
  }
  bool works() const { return terminal_ != nullptr; }

  int rows() const override { return LINES; }
  int columns() const override { return COLS; }
  int fd() const override { return fd_.get(); }
  int key() override { return translated(::getch()); }

  void draw(const std::vector<ScreenLine>& lines) override {
    ::erase();
    for (int row = 0; row < LINES && row < static_cast<int>(lines.size()); ++row) {
      const ScreenLine& line = lines[static_cast<std::size_t>(row)];
      const attr_t attributes = style(line.style);
      ::attrset(static_cast<int>(attributes));
      ::mvaddstr(row, 0, line.text.c_str());
      if (line.style == LineStyle::Selected || line.style == LineStyle::Heading) {
        for (int column = getcurx(stdscr); column < COLS && getcury(stdscr) == row; ++column) {
          if (::mvaddch(row, column, ' ' | attributes) == ERR) break;
        }
      }
    }
    ::attrset(A_NORMAL);
    ::refresh();
  }

 private:
  static attr_t style(LineStyle style) {
    switch (style) {
      case LineStyle::Heading:
        return A_BOLD;
      case LineStyle::Selected:
        return A_REVERSE;
      case LineStyle::Faint:
        return A_DIM;
      case LineStyle::Plain:
        break;
    }
    return A_NORMAL;
  }

  UniqueFd fd_;
  std::FILE* in_ = nullptr;
  std::FILE* out_ = nullptr;
  SCREEN* terminal_ = nullptr;
};

std::unique_ptr<TerminalScreen> open_screen(const char* path) {
  auto screen = std::make_unique<CursesScreen>(path);
  if (!screen->works()) return nullptr;
  return screen;
}

constexpr TerminalModule kModule{&open_screen};

}  // namespace

}  // namespace mqtk::inspect

extern "C" __attribute__((visibility("default"))) const void* mqtk_module_terminal(int version) {
  return version == mqtk::kModuleVersion ? &mqtk::inspect::kModule : nullptr;
}
