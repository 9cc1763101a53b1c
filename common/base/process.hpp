// What every program does first, and how it ends when the system refuses what nothing works
// without: with a line on standard error and an exit code, never by a signal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mqtk {

/// The first call of a main(). Descriptors 0 to 2 that the caller has closed are occupied, so that
/// no file or connection takes their number and gets our output. From here on, memory that the
/// system does not give and errors that nobody catches end the process as end_for_want() does, in
/// every thread; a file that may not grow is an error of write(); signals are as take_signals() has
/// them.
void prepare_process();

/// Our environment for a child, "NAME=value" each: without the MQTT_TOOLKIT_ variables that hold
/// secrets, passwords and the like, and addresses with a user or a query in them.
std::vector<std::string> child_environment();

/// "PROGRAM: error: WHAT: DETAIL" on standard error, one write; takes no memory.
void say_plainly(std::string_view what, std::string_view detail = {});

/// Says it, with a hint, and ends the process at once with ErrorKind::TryAgain.
[[noreturn]] void end_for_want(std::string_view what, std::string_view detail,
                               std::string_view hint);

}  // namespace mqtk
