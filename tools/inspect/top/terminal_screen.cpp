#include "inspect/top/terminal_screen.hpp"

#include <unistd.h>

#include "base/module.hpp"

#ifdef MQTK_STATIC_TERMINAL
extern "C" const void* mqtk_module_terminal(int version);
#endif

namespace mqtk::inspect {

Result<std::unique_ptr<TerminalScreen>> open_terminal() {
  const char* const path = ::ttyname(STDOUT_FILENO);
  if (path == nullptr) {
    return fail(ErrorKind::Usage, "top needs a terminal",
                "mqtt-inspect topics shows the same without one");
  }
#ifdef MQTK_HAVE_TERMINAL
#ifdef MQTK_STATIC_TERMINAL
  link_module("terminal", &mqtk_module_terminal);
#endif
  auto table = load_module("terminal");
  if (!table) return fail(std::move(table.error()));
  auto screen = static_cast<const TerminalModule*>(*table)->open(path);
  if (!screen) {
    return fail(ErrorKind::Configuration, "the terminal cannot be used as a screen",
                "is TERM set to what it is?");
  }
  return screen;
#else
  return fail(ErrorKind::Configuration, "this build has no terminal interface",
              "mqtt-inspect topics shows the same");
#endif
}

}  // namespace mqtk::inspect
